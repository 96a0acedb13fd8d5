"""A small HTTP client: the load shares two cores with what it measures, and httpx would take half of one for itself."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import httptools
import orjson


class NoAnswer(Exception):
    """The connection failed, was cut, or nothing came in time: what became of the request is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`etag`: the version that the answer shows, empty where it shows none."""

    status: int
    body: bytes
    etag: str = ""

    def json(self) -> Any:
        return orjson.loads(self.body)


class Wire(asyncio.Protocol):
    """One kept-alive connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._etag = ""

    @property
    def usable(self) -> bool:
        return self._transport is not None and not self._transport.is_closing() and self._waiting is None

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        if self._transport is None:  # it was cut as soon as it was there
            raise NoAnswer("the connection was cut")
        self._begin()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class, and all it must be

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(NoAnswer("the connection was cut"))

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"etag":
            self._etag = value.decode()

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(Answer(self._parser.get_status_code(), b"".join(self._parts), self._etag))
        if not self._parser.should_keep_alive():
            self.close()


@dataclass
class Client:
    """Connections by address, opened as needed and used again, the last used first."""

    patience: float = 10.0
    _idle: defaultdict[tuple[str, int], list[Wire]] = field(default_factory=lambda: defaultdict(list))

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Raises `NoAnswer`."""
        parts = urlsplit(url)
        place = (parts.hostname or "127.0.0.1", parts.port or 80)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        request = _request(method, path, parts.netloc, headers, body)
        wire = await self._wire(place)
        try:
            async with asyncio.timeout(self.patience):
                answer = await wire.ask(request)
        except TimeoutError:
            wire.close()
            raise NoAnswer(f"nothing came within {self.patience:g} s") from None
        except asyncio.CancelledError:
            wire.close()
            raise
        if wire.usable:
            self._idle[place].append(wire)
        return answer

    async def _wire(self, place: tuple[str, int]) -> Wire:
        idle = self._idle[place]
        while idle:
            wire = idle.pop()
            if wire.usable:
                return wire
        try:
            async with asyncio.timeout(self.patience):
                _, wire = await asyncio.get_running_loop().create_connection(Wire, *place)
        except (OSError, TimeoutError) as error:
            raise NoAnswer(f"no connection ({type(error).__name__})") from None
        return wire

    def close(self) -> None:
        for wires in self._idle.values():
            for wire in wires:
                wire.close()
        self._idle.clear()


def _request(method: str, path: str, host: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")
