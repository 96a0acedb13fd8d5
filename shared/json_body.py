"""A request's body as JSON, read strictly: what two readers could understand differently is refused."""

import json
from email.message import Message
from functools import lru_cache
from typing import Any

from starlette.requests import Request

from shared.problems import MalformedJson, UnsupportedMediaType


class StrictRequest(Request):
    """Reads its JSON with `strict_json`, once."""

    async def json(self) -> Any:
        if not hasattr(self, "_strict"):
            self._strict = strict_json(await self.body())
        return self._strict


async def check_json(request: Request) -> None:
    """Reads the body before anything is locked for it. Raises `UnsupportedMediaType` or `MalformedJson`."""
    if await request.body():
        if not _is_json(request.headers.get("content-type", "")):
            raise UnsupportedMediaType()
        await request.json()


@lru_cache(maxsize=64)
def _is_json(content_type: str) -> bool:
    said = Message()
    said["content-type"] = content_type
    kind = said.get_content_type()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def strict_json(body: bytes) -> Any:
    """The value in the body. Raises `MalformedJson`, also for a name that stands twice in an object, for NaN and
    infinities, for numbers without measure, and for nesting deeper than any request needs."""
    try:
        return json.loads(body.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise MalformedJson() from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJson("an object names one of its fields twice")
    return found


def _no_constant(_name: str) -> Any:
    raise MalformedJson("NaN and infinities are not JSON")
