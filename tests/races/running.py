"""Registration and travel in one process, as the embedded default runs them: workers, event log, HTTP on loopback."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from services.command.run import listen
from services.together import CREATE
from shared.settings import Settings
from tests.world import World

NAMES = ("registration", "travel")


@dataclass(frozen=True, slots=True)
class Pair:
    """The two services that must never disagree on whether someone left."""

    registration: World
    travel: World


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # they are the test runner's


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Pair]:
    """Both, served until the block ends. The other two are left out: they have no word in who leaves.

    Travel asks registration over HTTP on loopback; the tests' own requests go to the same app without a socket.
    """
    listener = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = Settings(data_dir=folder, base_url=url, sqlite_synchronous="OFF", database_url=None, broker_url=None)
    apps = {name: CREATE[name](settings, workers=True, migrate=True) for name in NAMES}
    root = _together(apps)
    server = _Server(uvicorn.Config(root, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        assert not serving.done(), "the services did not start"
        await asyncio.sleep(0.01)
    try:
        async with AsyncExitStack() as stack:
            worlds = []
            for name in NAMES:
                client = httpx.AsyncClient(transport=httpx.ASGITransport(app=root), base_url=f"{url}/{name}")
                worlds.append(World(apps[name], await stack.enter_async_context(client)))
            yield Pair(*worlds)
    finally:
        server.should_exit = True
        await serving


def _together(apps: dict[str, FastAPI]) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_root: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in apps.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    root = FastAPI(lifespan=lifespan, openapi_url=None)
    for name, app in apps.items():
        root.mount(f"/{name}", app)
    return root
