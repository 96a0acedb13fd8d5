"""All four services in one process: the embedded default. It imports the four `create_app`, and nothing deeper."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from html import escape

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from services.eligibility.app import create_app as create_eligibility
from services.registration.app import create_app as create_registration
from services.reintegration.app import create_app as create_reintegration
from services.travel.app import create_app as create_travel
from shared.database import new_id
from shared.problems import MethodNotAllowed, NotFound, Problem, UnforeseenFailure, catalogue, kind_of, page_of
from shared.revisions import revisions_of
from shared.settings import Settings
from shared.wiring import Runtime

log = structlog.get_logger("together")

CREATE = {
    "registration": create_registration,
    "eligibility": create_eligibility,
    "travel": create_travel,
    "reintegration": create_reintegration,
}


def create_together(settings: Settings) -> FastAPI:
    """The root app: a page at `/` that names the four, and each of them under its name, workers included."""
    apps = {name: create(settings, workers=True, migrate=True) for name, create in CREATE.items()}

    @asynccontextmanager
    async def lifespan(_root: FastAPI) -> AsyncIterator[None]:
        from shared.migrations import check_not_newer  # it loads Alembic, and so does only who starts

        async with AsyncExitStack() as stack:
            for app in apps.values():  # all before any is changed
                runtime: Runtime = app.state.runtime
                check_not_newer(runtime.wiring, await revisions_of(runtime.database))
            for app in apps.values():  # a mounted app's own lifespan does not run by itself
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    root = FastAPI(title="Homeward", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    @root.get("/", include_in_schema=False)
    async def front(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        addresses = {name: f"{base}/{name}" for name in apps}
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"services": addresses, "mode": settings.mode})
        return HTMLResponse(_page({name: (app.title, app.summary or "") for name, app in apps.items()}))

    _tell_problems(root)
    for name, app in apps.items():
        root.mount(f"/{name}", app)
    return root


def _tell_problems(root: FastAPI) -> None:
    """The pages that a problem's `type` leads to, for all four: in one process one catalogue has all kinds."""

    @root.get("/problems", include_in_schema=False)
    async def problems() -> Response:
        return JSONResponse({"problems": [page_of(kind) for kind in catalogue().values()]})

    @root.get("/problems/{slug}", include_in_schema=False)
    async def problem(slug: str) -> Response:
        return JSONResponse(page_of(kind_of(slug)))

    async def refused(_request: Request, error: Exception) -> Response:
        if isinstance(error, Problem):
            return error.response(str(new_id()))
        if isinstance(error, HTTPException):
            known: Problem = MethodNotAllowed() if error.status_code == 405 else NotFound(None)
            answer = known.response(str(new_id()))
            answer.headers.update(error.headers or {})  # Allow, which a 405 must have
            return answer
        request_id = str(new_id())
        log.error("unforeseen failure", request=request_id, exc_info=error)
        return UnforeseenFailure().response(request_id)

    for kind in (Problem, HTTPException, Exception):
        root.add_exception_handler(kind, refused)


def _page(services: dict[str, tuple[str, str]]) -> str:
    items = "".join(
        f'<li><h2><a href="{name}/docs">{escape(title)}</a></h2><p>{escape(summary)}</p>'
        f'<p class="more"><a href="{name}/docs">API page</a> · <a href="{name}/openapi.json">OpenAPI</a> · '
        f'<a href="{name}/asyncapi.json">events (AsyncAPI)</a> · <a href="{name}/problems">problems</a> · '
        f'<a href="{name}/health/ready">health</a></p></li>'
        for name, (title, summary) in services.items()
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Homeward</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1c2733}}
h1{{margin-bottom:0}}ul{{list-style:none;padding:0}}li{{border-top:1px solid #d6dde4;padding:.5rem 0}}
h2{{font-size:1.1rem;margin:.3rem 0}}p{{margin:.3rem 0}}
.more{{font-size:.9rem}}code{{background:#eef2f5;padding:.1em .3em}}
</style></head><body><h1>Homeward</h1><p>Assisted voluntary return and reintegration: four services.</p><ul>{items}</ul>
<h2>Where to go next</h2><p>In the folder of this install,
<code>.venv/bin/homeward token --role registration_officer</code> makes a development token: paste it into
<em>Authorize</em> on an API page. <code>.venv/bin/homeward demo --against URL</code> plays a family's way home here,
in 2021. <code>.venv/bin/homeward events tail</code> shows what the services tell each other.</p></body></html>"""
