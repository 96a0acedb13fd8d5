"""The four services in one process, on databases of their own, for what is played against them."""

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from fastapi import FastAPI

from services.demo.family import Family
from services.demo.play import STORY, tokens_for
from services.demo.scenario import read_scenario
from services.demo.teller import Teller
from services.together import CREATE
from shared.keys import load_keys
from shared.logs import configure
from shared.settings import SERVICES, Settings

configure("bench", "ERROR")

STARTS_WITHIN = 120.0


@dataclass
class Services:
    """The four, running on databases of their own in this process."""

    url: str
    settings: dict[str, Settings]
    client: httpx.Client

    def family(self, **changes: Any) -> Family:
        addresses = {name: f"{self.url}/{name}" for name in SERVICES}
        tokens = tokens_for(load_keys(self.settings["registration"]))
        teller = Teller(addresses, tokens, uuid4().hex, patience=STARTS_WITHIN, client=self.client)
        return Family(teller, {**read_scenario(STORY), **changes})


@contextmanager
def services_on(urls: dict[str, str], folder: Path) -> Iterator[Services]:
    """All four with their workers, each on its database, facts through the embedded log."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = {
            name: Settings(data_dir=folder, base_url=url, database_url=urls[name], sqlite_synchronous="OFF")
            for name in SERVICES
        }
        server = uvicorn.Server(uvicorn.Config(_together(settings), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, args=([listener],), name="services")
        thread.start()
        try:
            deadline = time.monotonic() + STARTS_WITHIN
            while not server.started:
                if not thread.is_alive() or time.monotonic() > deadline:
                    raise RuntimeError("the services did not start")
                time.sleep(0.01)
            with httpx.Client(timeout=30, trust_env=False) as client:
                yield Services(url, settings, client)
        finally:
            server.should_exit = True
            thread.join(20)


def _together(settings: dict[str, Settings]) -> FastAPI:
    apps = {name: create(settings[name], workers=True, migrate=True) for name, create in CREATE.items()}

    @asynccontextmanager
    async def lifespan(_root: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in apps.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    root = FastAPI(lifespan=lifespan)
    for name, app in apps.items():
        root.mount(f"/{name}", app)
    return root
