"""Behind a front that lays a service out under a path and takes it off again: the API page and Location know it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn

from services.command import run
from services.command.run import listen
from tests.shared import toy
from tests.world import World


@contextmanager
def served(app: Any, root_path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """The app as `homeward serve` serves it, but for its lifespan, which is the world's."""
    servers: list[uvicorn.Server] = []

    class Server(uvicorn.Server):
        def __init__(self, config: uvicorn.Config, _ready: Any) -> None:
            super().__init__(config)
            servers.append(self)

    monkeypatch.setattr(run, "_Server", Server)
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    thread = Thread(target=run._serve, args=(app, listener, lambda: None, root_path))
    thread.start()
    while not servers or not servers[0].started:
        sleep(0.01)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            yield client
    finally:
        servers[0].should_exit = True
        thread.join(10)
        listener.close()


async def test_the_api_page_and_what_was_made_lie_under_the_path(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(world.app, "/travel", monkeypatch) as client:
        # the front took the path off
        assert client.get("/openapi.json").json()["servers"] == [{"url": "/travel"}]
        page = client.get("/docs")
        assert page.status_code == 200
        assert 'url: "openapi.json"' in page.text  # found beside the page, wherever that lies
        assert client.get("/docs/swagger-ui.css").status_code == 200
        assert client.get("/health/live").status_code == 200


async def test_without_a_path_nothing_is_put_before_anything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(world.app, "", monkeypatch) as client:
        assert "servers" not in client.get("/openapi.json").json()


@pytest.mark.parametrize("path", ["", "/travel"])
async def test_location_is_where_the_caller_finds_it(world: World, path: str) -> None:
    transport = httpx.ASGITransport(app=world.app, root_path=path)
    headers = {"Authorization": f"Bearer {world.token(toy.ROLE)}", "Idempotency-Key": str(uuid4())}
    async with httpx.AsyncClient(transport=transport, base_url="http://front") as client:
        made = await client.post(f"{path}/notes", json={"text": "a"}, headers=headers)
        assert made.status_code == 201
        assert made.headers["location"] == f"{path}/notes/{made.json()['id']}"
        assert (await client.get(made.headers["location"], headers=headers)).status_code == 200
