"""The pages of a worker: it takes no requests of the field, but says whether it lives, is ready, and what it counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from socket import socket
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.readiness import Health, Readiness
from shared.scrape import Scrape
from shared.wiring import Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator


def pages(runtime: Runtime) -> Starlette:
    """`/health/live`: its jobs turn. `/health/ready`: they turn, and the database is as it should be. `/metrics`."""
    readiness, scrape = Readiness(runtime), Scrape(runtime)

    async def live(_request: Request) -> Response:
        hang = [name for name, pulse in runtime.pulses().items() if pulse.stalled]
        reasons = [f"The {name} has not turned for {runtime.pulses()[name].age:.0f} s." for name in hang]
        return _answer(Health(ready=not reasons, reasons=reasons))

    async def ready(_request: Request) -> Response:
        return _answer(await readiness.told())

    async def metrics(_request: Request) -> Response:
        body, kind = await scrape.told()
        return Response(body, media_type=kind)

    return Starlette(
        routes=[Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)],
    )


def _answer(health: Health) -> Response:
    return JSONResponse(health.model_dump(), 200 if health.ready else 503)


@asynccontextmanager
async def shown(runtime: Runtime, listener: socket) -> AsyncIterator[None]:
    """Serves the pages on a listening socket until the block ends. Signals stay the worker's own."""
    import uvicorn

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> "Iterator[None]":
            yield

    config = uvicorn.Config(
        pages(runtime),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.wait({serving}, timeout=5)
