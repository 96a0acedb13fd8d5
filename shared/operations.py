"""What every service has for those who run it: health, metrics, problems, API pages, and parked facts."""

from datetime import datetime
from functools import cache
from pathlib import Path as FilePath
from typing import Annotated, Any, TypeVar

import orjson
import swagger_ui_bundle
from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel

from shared import outbox, recovery
from shared.asyncapi import asyncapi_of
from shared.auth import Role, allow, public
from shared.call import Call, calls_outside
from shared.problems import NotFound, catalogue, kind_of, page_of
from shared.readiness import Health, Readiness
from shared.scrape import Scrape

OPERATORS = (Role.ADMINISTRATOR,)
SWAGGER = FilePath(swagger_ui_bundle.__file__).parent / "vendor"
SWAGGER_FILES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}


class ParkedFact(BaseModel):
    id: int
    source: str
    key: str
    sequence: int | None
    type: str
    topic: str
    partition: int
    offset: int
    reason: str
    attempts: int
    parked_at: datetime


class ReplayAnswer(BaseModel):
    applied: int
    still_parked: int


class RebuildAnswer(BaseModel):
    folded: int


class OutboxAnswer(BaseModel):
    """Facts committed here that have not left yet; `oldest` is when the first of them was recorded."""

    waiting: int
    oldest: datetime | None


class DiscardAnswer(BaseModel):
    discarded: int


@cache
def operations_routes(route_class: Any) -> APIRouter:
    """The routes; `route_class` is the house's own, handed in because it is made above this. Made once in a process:
    they find the service in each request, and making them costs more than the rest of an app."""
    router = APIRouter(route_class=route_class, tags=["operations"])
    _probes(router)
    _pages(router)
    _events(router)
    return router


def _probes(router: APIRouter) -> None:
    @router.get("/health/live", dependencies=[public()], response_model=Health)
    async def live() -> Health:
        """The loop turns."""
        return Health(ready=True, reasons=[])

    @router.get("/health/ready", dependencies=[public()], response_model=Health)
    async def ready(request: Request) -> Any:
        """The database answers, takes writes, and its schema is current. Kafka away never makes an API unready."""
        health = await _of(request, Readiness).told()
        return JSONResponse(health.model_dump(), 200 if health.ready else 503)

    @router.get("/metrics", dependencies=[public()], include_in_schema=False)
    async def metrics(request: Request) -> Response:
        body, kind = await _of(request, Scrape).told()
        return Response(body, media_type=kind)


Look = TypeVar("Look", Readiness, Scrape)


def _of(request: Request, kind: type[Look]) -> Look:
    """The app's own, made when it is first asked: probes of one process share a look."""
    state = request.app.state
    name = kind.__name__.lower()
    if not hasattr(state, name):
        setattr(state, name, kind(state.runtime))
    found: Look = getattr(state, name)
    return found


def _pages(router: APIRouter) -> None:
    @router.get("/docs", dependencies=[public()], include_in_schema=False)
    async def api_page(request: Request) -> HTMLResponse:
        return HTMLResponse(
            _page(request.app.title), headers={"Content-Security-Policy": "default-src 'self' data: 'unsafe-inline'"}
        )

    @router.get("/docs/{file}", dependencies=[public()], include_in_schema=False)
    async def api_page_file(file: Annotated[str, Path(max_length=40)]) -> Response:
        if file not in SWAGGER_FILES:
            raise NotFound(None)
        found = next(SWAGGER.rglob(file))
        return Response(found.read_bytes(), media_type=SWAGGER_FILES[file], headers={"Cache-Control": "max-age=86400"})

    @router.get("/asyncapi.json", dependencies=[public()], include_in_schema=False)
    async def asyncapi(request: Request) -> Response:
        """What this service tells, and what it hears."""
        return Response(orjson.dumps(asyncapi_of(request.app.state.runtime.wiring)), media_type="application/json")

    @router.get("/problems", dependencies=[public()], include_in_schema=False)
    async def problems() -> JSONResponse:
        return JSONResponse({"problems": [page_of(kind) for kind in catalogue().values()]})

    @router.get("/problems/{slug}", dependencies=[public()], include_in_schema=False)
    async def problem(slug: Annotated[str, Path(max_length=80)]) -> JSONResponse:
        return JSONResponse(page_of(kind_of(slug)))


def _events(router: APIRouter) -> None:
    @router.get("/operations/parked", dependencies=[allow(*OPERATORS, Role.AUDITOR)])
    async def list_parked(call: Call) -> list[ParkedFact]:
        """Foreign facts that could not be handled, oldest first, with why. Their keys wait; everything else goes on."""
        rows = await recovery.parked_rows(call.session)
        return [ParkedFact.model_validate(row, from_attributes=True) for row in rows]

    @router.get("/operations/outbox", dependencies=[allow(*OPERATORS, Role.AUDITOR)])
    async def show_outbox(call: Call) -> OutboxAnswer:
        """What waits to leave."""
        waiting, oldest = await outbox.depth(call.session)
        return OutboxAnswer(waiting=waiting, oldest=oldest)

    @router.post("/operations/replays", dependencies=[allow(*OPERATORS), calls_outside()])
    async def replay_parked(call: Call) -> ReplayAnswer:
        """Handles what is parked again, key by key in order. Repeating it is harmless."""
        done = await recovery.replay(call.runtime.consumer, call.act.by)
        return ReplayAnswer(applied=done.applied, still_parked=done.still_parked)

    @router.post("/operations/parked/{fact_id}/discard", dependencies=[allow(*OPERATORS)])
    async def discard_parked(fact_id: Annotated[int, Path(ge=1, le=2**53)], call: Call) -> DiscardAnswer:
        """Gives up one parked fact for good, so that what waits behind it can be replayed."""
        await recovery.discard(call.session, fact_id, call.act.by)
        return DiscardAnswer(discarded=fact_id)

    @router.post("/operations/rebuilds", dependencies=[allow(*OPERATORS), calls_outside()])
    async def rebuild_facts(call: Call) -> RebuildAnswer:
        """Empties what was folded from foreign facts and folds it again from the topics. Tells nothing new."""
        return RebuildAnswer(folded=await recovery.rebuild(call.runtime.consumer, call.runtime.wiring.facts))


def _page(title: str) -> str:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="docs/swagger-ui.css"></head><body><div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({{url: "openapi.json", dom_id: "#page", deepLinking: true}})</script></body></html>"""
