"""The outermost layer of each service: the request's id, the size limit, the last catch, the log line, the metrics."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.clock import monotonic
from shared.database import StoreAway, new_id
from shared.logs import context
from shared.problems import BodyTooLarge, Problem, StoreUnavailable, UnforeseenFailure
from shared.routing import RouteTable
from shared.trace import Trace, begin, follow
from shared.wiring import Runtime

log = structlog.get_logger("edge")

KEYS = {f"{noun}_id": noun for noun in ("case", "flight", "departure")}
"""What has an id and is the key of facts is called on an answer's line as on a worker's: one word finds both."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Edge:
    """ASGI middleware. Logs the route's template, never the path: what a stranger types may be a name."""

    def __init__(self, app: ASGIApp, runtime: Runtime, table: RouteTable) -> None:
        self.app = app
        self.runtime = runtime
        self.table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _uuid_header(scope, b"x-request-id") or new_id()
        correlation = _uuid_header(scope, b"x-correlation-id")
        trace, of = _trace(scope)
        scope.setdefault("state", {}).update(request_id=str(request_id), correlation=correlation, trace=trace)
        started = monotonic()
        status = 0
        made: dict[str, str] = {}

        async def sending(message: Message) -> None:
            nonlocal status, made
            if message["type"] == "http.response.start":
                status = message["status"]
                if status == 201:
                    made = _made(message["headers"])
                message["headers"] = [*message["headers"], (b"x-request-id", str(request_id).encode())]
            await send(message)

        with context(service=self.runtime.wiring.name, request=str(request_id), **of):
            try:
                route = self.table.find(scope)
                handle = self.app if route is None else route.handle
                await handle(scope, self._limited(scope, receive), sending)
            except ClientDisconnect:
                await Response(status_code=499)(scope, receive, sending)
            except Exception as error:
                problem = _last_catch(error)
                if status:  # the answer had begun; only the connection can say that it ends badly
                    raise
                await problem.response(str(request_id))(scope, receive, sending)
            finally:
                self._told(scope, status, monotonic() - started, made)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        limit = self.runtime.settings.max_body_bytes
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        too_large = declared.isdigit() and int(declared) > limit
        taken = 0

        async def receiving() -> Message:
            nonlocal taken
            if too_large:
                raise BodyTooLarge(limit=limit)
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise BodyTooLarge(limit=limit)
            return message

        return receiving

    def _told(self, scope: Scope, status: int, seconds: float, made: dict[str, str]) -> None:
        route: Any = scope.get("route")
        template = getattr(route, "path", None)
        self.runtime.metrics.answered(scope["method"], template, status, seconds)
        known: dict[str, Any] = scope.get("path_params") or {}
        ids = {KEYS.get(name, name): str(value) for name, value in known.items() if _is_uuid(value)} if route else {}
        level = log.warning if status >= 500 else log.info
        method = scope["method"] if scope["method"] in METHODS else "other"  # a method, too, is what a stranger types
        level("answered", method=method, route=template, status=status, ms=round(seconds * 1000, 1), **{**made, **ids})


def _last_catch(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, StoreAway):
        log.error("the store is away", reason=str(error), exc_info=error)
        return StoreUnavailable()
    log.error("unforeseen failure", exc_info=error)
    return UnforeseenFailure()


def _trace(scope: Scope) -> tuple[Trace, dict[str, str]]:
    """The span of this request, and what a line says of it. What the caller sent is its parent, if it can be read."""
    parents = [value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"]
    states = [value.decode("latin-1") for name, value in scope["headers"] if name == b"tracestate"] if parents else ()
    parent = follow(parents, states) if parents else None
    trace = begin() if parent is None else parent.child()
    ids = {"trace_id": trace.trace_id, "span_id": trace.span_id}
    return trace, ids if parent is None else {**ids, "parent_id": parent.span_id}


def _uuid_header(scope: Scope, name: bytes) -> UUID | None:
    for key, value in scope["headers"]:
        if key == name:
            try:
                return UUID(value.decode("ascii"))
            except ValueError:
                return None
    return None


def _is_uuid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _made(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The id of the case or flight that a request has just made: the path it was sent to knows none yet."""
    location = next((value for name, value in headers if name == b"location"), b"").decode("latin-1")
    parent, _, last = location.rpartition("/")
    noun = parent.rpartition("/")[2].removesuffix("s")
    return {noun: last} if f"{noun}_id" in KEYS and _is_uuid(last) else {}
