"""The route class that owns what every request has in common, and `build_app()`.

A write, in this order: who is it and may they, the idempotency key, the transaction, the action, the answer's bytes,
the commit, the answer. A route without a declared permission fails at start.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, FastAPI, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared import audit
from shared.act import Act
from shared.auth import Principal, allowed_on, describe, principal_of
from shared.call import CallState, OutsideMarker, VersionMarker
from shared.clock import machine_now, parse_business_time
from shared.concurrency import etag, expected_version, is_known
from shared.database import StoreAway, is_lost_race, new_id
from shared.edge import Edge
from shared.endpoint import Answering, called_plainly, check_parameters
from shared.fields import field_errors
from shared.idempotency import KEPT_HEADERS, KeptAnswer, cause_of, claim, fingerprint, keep, usable_key
from shared.json_body import StrictRequest, check_json
from shared.lifetime import lifetime
from shared.offers import Offer
from shared.operations import operations_routes
from shared.outbox import passing_over_what_was_sent, was_told_before
from shared.problems import (
    BodyNotExpected,
    BusinessTimeRefused,
    Forbidden,
    InvalidBody,
    MethodNotAllowed,
    NotFound,
    PreconditionUnusable,
    Problem,
    StaleVersion,
    StoreUnavailable,
    TryAgain,
)
from shared.refusals import PROBLEM_ANSWERS
from shared.routing import RouteTable
from shared.settings import Settings
from shared.store_errors import is_taken
from shared.wiring import Runtime, Wiring, open_runtime

log = structlog.get_logger("web")

RACES = 4
SAFE = {"GET", "HEAD", "OPTIONS"}


class RouteWithoutPermission(TypeError):
    """A route that does not say who may use it: closed by default, and found at start."""


class HomewardRoute(APIRoute):
    """Every route of every service. See the module's first lines for what it does and in which order."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        dependencies = options.get("dependencies") or []
        allowed = allowed_on(dependencies)
        if allowed is None:
            raise RouteWithoutPermission(f"{path}: say who may: dependencies=[allow(Role...)] or [public()]")
        self.allowed = allowed
        self.outside = any(isinstance(each.dependency, OutsideMarker) for each in dependencies)
        named = any(isinstance(each.dependency, VersionMarker) for each in dependencies)
        methods = set(options.get("methods") or {"GET"})
        self.writes = not methods <= SAFE
        self.keyed = "POST" in methods
        self.needs_version = named or bool(methods & {"PUT", "PATCH"})
        if not allowed.public:
            options["responses"] = {**PROBLEM_ANSWERS, **(options.get("responses") or {})}
            options["openapi_extra"] = {**self._described(), **(options.get("openapi_extra") or {})}
            about = options.get("description") or inspect.cleandoc(endpoint.__doc__ or "")
            options["description"] = f"{about}\n\n{describe(allowed)}".strip()
        options["generate_unique_id_function"] = _name_of
        super().__init__(path, endpoint, **options)
        plainly = called_plainly(self)
        self._plainly = None if plainly is None else self._handling(plainly)

    def _described(self) -> dict[str, Any]:
        headers: list[dict[str, Any]] = []
        if self.keyed:
            text = "A new UUID for each request; the same one when it is repeated after a lost answer"
            headers.append(_header("Idempotency-Key", text, required=True))
        if self.writes:
            text = "The ETag of what was read: refused when somebody changed it since"
            headers.append(_header("If-Match", text, required=self.needs_version))
        return {"parameters": headers, "security": [{"bearer": []}], "x-roles": sorted(self.allowed.roles)}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        return self._handling(super().get_route_handler())

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._plainly is None or scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        answer = await self._plainly(StrictRequest(scope, receive))
        await answer(scope, receive, send)

    @property
    def is_plain(self) -> bool:
        """Whether it can be handed a request without FastAPI's layers around it."""
        return self._plainly is not None

    def _handling(self, inner: Answering) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        known = {p.alias for p in get_flat_params(self.dependant) if isinstance(p.field_info, params.Query)}

        async def handle(received: Request) -> Response:
            request = (
                received if isinstance(received, StrictRequest) else StrictRequest(received.scope, received.receive)
            )
            runtime: Runtime = request.app.state.runtime
            try:
                principal = self._admitted(request, runtime)
                if request.scope["query_string"]:
                    check_parameters(request.query_params, known)
                if self.writes:
                    await request.body()
                    await check_json(request)
                    if self.body_field is None and await request.body() and await request.json() != {}:
                        raise BodyNotExpected()
                if not self.writes:
                    return await self._read(request, inner, runtime, principal)
                if self.outside:
                    return await self._write_outside(request, inner, runtime, principal)
                return await passing_over_what_was_sent(partial(self._write, request, inner, runtime, principal))
            except RequestValidationError as error:
                return _refused(request, InvalidBody(errors=list(field_errors(error.errors()))))
            except Problem as problem:
                return _refused(request, problem)
            except StoreAway as error:
                log.error("the store is away", action=self.name, reason=str(error), exc_info=error)
                return _refused(request, StoreUnavailable())

        return handle

    def _admitted(self, request: Request, runtime: Runtime) -> Principal:
        principal = principal_of(request.headers.get("authorization"), runtime.keys, machine_now(), self.allowed)
        if not self.allowed.permits(principal):
            raise Forbidden(allowed=sorted(self.allowed.roles))
        return principal

    async def _read(self, request: Request, inner: Any, runtime: Runtime, principal: Principal) -> Response:
        call = CallState(_act(request, runtime, principal, new_id()), principal, runtime)
        request.state.call = call
        if self.outside or self.allowed.public:
            answer: Response = await inner(request)
        else:
            async with runtime.database.reading_if_asked() as call.begin_reading:
                answer = await inner(request)
        _label(request, answer, call)
        if call.version is not None and is_known(request.headers.get("if-none-match"), call.version):
            return Response(status_code=304, headers={"ETag": etag(call.version)})
        return answer

    async def _write_outside(self, request: Request, inner: Any, runtime: Runtime, principal: Principal) -> Response:
        """A write that opens its own transactions, since it asks a broker or a service in between: repeating it is
        harmless, so its answer is not kept. Who did it is."""
        key = usable_key(request.headers.get("idempotency-key")) if self.keyed else str(new_id())
        call = CallState(_act(request, runtime, principal, _cause(runtime, principal, key)), principal, runtime)
        request.state.call = call
        answer: Response = await inner(request)
        _label(request, answer, call)
        async with runtime.database.transaction() as session:
            await audit.record(session, call.act, self.name, _ids(request, call), answer.status_code)
        return answer

    async def _write(self, request: Request, inner: Any, runtime: Runtime, principal: Principal) -> Response:
        key = usable_key(request.headers.get("idempotency-key")) if self.keyed else str(new_id())
        expected = expected_version(request.headers.get("if-match"), needed=self.needs_version)
        act = _act(request, runtime, principal, _cause(runtime, principal, key))
        url = request.url
        print_ = fingerprint(principal.subject, request.method, url.path, url.query, await request.body())
        for race in range(RACES):
            call = CallState(act, principal, runtime, expected)
            request.state.call = call
            try:
                async with runtime.database.transaction() as session:
                    call.open_session = session
                    if self.keyed:
                        kept = await claim(session, principal.client, key, print_)
                        if kept is not None:
                            return Response(kept.body, kept.status, kept.headers)
                    answer: Response = await inner(request)
                    self._compared(call)
                    _label(request, answer, call)
                    await session.flush()
                    await audit.record(session, act, self.name, _ids(request, call), answer.status_code)
                    if self.keyed:
                        headers = {k: v for k, v in answer.headers.items() if k in KEPT_HEADERS}
                        body = bytes(answer.body)
                        await keep(session, principal.client, key, KeptAnswer(answer.status_code, headers, body))
                return answer
            except (StaleDataError, DBAPIError) as error:
                just_added = race == 0 and is_taken(error) and not was_told_before(error)
                if not is_lost_race(error) and not just_added:
                    raise
                if expected is not None and isinstance(error, StaleDataError):
                    raise StaleVersion() from None
                await asyncio.sleep(0.01 * 2**race)
        raise TryAgain()

    def _compared(self, call: CallState) -> None:
        """An If-Match that nobody looked at must not pass for one that was met."""
        if call.expected is None or call.compared:
            return
        if self.needs_version:
            raise RuntimeError(f"{self.name} needs If-Match and compares it with nothing: call.seen(row)")
        raise PreconditionUnusable()


def _name_of(route: APIRoute) -> str:
    return route.name


def _cause(runtime: Runtime, principal: Principal, key: str) -> UUID:
    return cause_of(runtime.wiring.name, principal.client, key)


def _ids(request: Request, call: CallState) -> dict[str, Any]:
    """What a write was about, for the audit: the ids in its path, and the id of what it made."""
    made = {} if call.location is None else {"made": call.location.rsplit("/", 1)[-1]}
    return {**request.path_params, **made}


def _act(request: Request, runtime: Runtime, principal: Principal, cause: UUID) -> Act:
    now = machine_now()
    said = request.headers.get("business-time")
    if said is not None:
        if not runtime.settings.development:
            raise BusinessTimeRefused()
        try:
            now = parse_business_time(said)
        except ValueError:
            raise BusinessTimeRefused("not RFC 3339 with an offset, in the years 1901 to 2198") from None
    correlation = request.state.correlation or cause
    roles = frozenset(str(role) for role in principal.roles)
    return Act(principal.subject, roles, now, cause, correlation, runtime.wiring.name, request.state.trace)


def _label(request: Request, answer: Response, call: CallState) -> None:
    if call.version is not None:
        answer.headers["ETag"] = etag(call.version)
    if call.location is not None:  # a client resolves it against the host, and the service may lie under a path
        answer.headers["Location"] = f"{request.scope.get('root_path', '').rstrip('/')}{call.location}"


def _refused(request: Request, problem: Problem) -> Response:
    return problem.response(request.state.request_id)


def _header(name: str, text: str, *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "description": text, "schema": {"type": "string"}}


def build_app(wiring: Wiring, settings: Settings, *, workers: bool = False, migrate: bool = False) -> FastAPI:
    """The service as an ASGI app. `workers`: relay, consumer and runner run in the same process (embedded default);
    `migrate`: bring the schema up to date first."""
    runtime = open_runtime(wiring, settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with lifetime(runtime, workers=workers, migrate=migrate):
            yield

    app = FastAPI(
        title=f"Homeward {wiring.title}",
        summary=wiring.summary,
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.runtime = runtime
    app.router.route_class = HomewardRoute
    routes = _routes_of([*wiring.routers, operations_routes(HomewardRoute)])
    # As they are: `include_router` would make each of them once more, and look it up twice for each request.
    app.router.routes.extend(routes)
    app.add_middleware(Edge, runtime=runtime, table=RouteTable((route, route.is_plain) for route in routes))
    app.add_exception_handler(HTTPException, _http_refusal)
    _describe_routes(app, runtime, routes)
    return app


def _routes_of(routers: list[APIRouter]) -> list[HomewardRoute]:
    routes = []
    for router in routers:
        for route in router.routes:
            if not isinstance(route, HomewardRoute):
                raise RouteWithoutPermission(f"{route}: a router of this house has route_class=HomewardRoute")
            routes.append(route)
    return routes


def _describe_routes(app: FastAPI, runtime: Runtime, routes: list[HomewardRoute]) -> None:
    for route in routes:
        if route.name in runtime.offers:
            raise TypeError(f"two routes are named {route.name}: a route has the name of its action")
        method = min(route.methods or {"GET"})
        runtime.offers[route.name] = Offer(method, route.path, route.allowed)
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
        schemes["bearer"] = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document


async def _http_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem: Problem = MethodNotAllowed() if error.status_code == 405 else NotFound(None)
    answer = _refused(request, problem)
    answer.headers.update(error.headers or {})  # Allow, which a 405 must have
    return answer
