"""The four services under a real HTTP server in this process, and a road to registration that can be cut."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from fastapi import FastAPI

from services.command.run import listen
from services.demo.family import Family
from services.demo.play import tokens_for
from services.demo.scenario import read_scenario
from services.demo.teller import Teller
from services.together import create_together
from shared.auth import load_keys
from shared.logs import configure
from shared.settings import SERVICES, Settings
from tests.servers.processes import free_port

configure("test", "WARNING")

STARTS_WITHIN = 30.0
PATIENCE, A_MOMENT = 30.0, 1.0


@dataclass
class Hosted:
    """Services that run. `road`: the way the other services take to registration. `in_vain`: words of a step that
    stories wait for a moment only, since it will not come."""

    url: str
    settings: Settings
    road: "Road"
    in_vain: str | None = None
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, trust_env=False))

    def family(self, scenario: str = "family.json", **changes: Any) -> Family:
        """A family that no service knows yet. `changes` replace parts of the scenario."""
        addresses = {name: f"{self.url}/{name}" for name in SERVICES}
        tokens = tokens_for(load_keys(self.settings))
        teller = Teller(addresses, tokens, uuid4().hex, client=self.client)
        teller.on_step = lambda step: self._wait_for(step, teller)
        return Family(teller, {**read_scenario(scenario), **changes})

    def _wait_for(self, step: str, teller: Teller) -> None:
        teller.patience = A_MOMENT if self.in_vain is not None and self.in_vain in step else PATIENCE


@contextmanager
def hosted(folder: Path, *, around: Callable[[FastAPI], Any] = lambda app: app) -> Iterator[Hosted]:
    """All four with their workers, on files in `folder`, until the block ends. `around`: an app that stands before."""
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with Road.to(port) as road:
        settings = Settings(
            data_dir=folder, base_url=url, sqlite_synchronous="OFF", registration_url=f"{road.url}/registration"
        )
        server = uvicorn.Server(uvicorn.Config(around(create_together(settings)), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, args=([listener],), name="services")
        thread.start()
        try:
            _wait_until_started(server, thread)
            services = Hosted(url, settings, road)
            with services.client:
                yield services
        finally:
            server.should_exit = True
            thread.join(20)
            listener.close()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while not server.started:
        assert thread.is_alive(), "the services did not start"
        assert time.monotonic() < deadline, "the services did not start in time"
        time.sleep(0.01)


@dataclass
class Road:
    """A port that passes on to another one. While it is cut nobody listens there, as after a cable is pulled."""

    port: int
    goal: int
    listener: socket.socket | None = None
    lines: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    @contextmanager
    def to(cls, goal: int) -> Iterator["Road"]:
        road = cls(free_port(), goal)
        road.mend()
        try:
            yield road
        finally:
            road.cut()

    def mend(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        """Closes the port and every line that goes through it."""
        listener, self.listener = self.listener, None
        if listener is not None:
            # Who waits in accept() is not woken by close() alone.
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        while self.lines:
            _hang_up(self.lines.pop())

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
                called = socket.create_connection(("127.0.0.1", self.goal))
            except OSError:
                return
            self.lines += [caller, called]
            for one, other in ((caller, called), (called, caller)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
    _hang_up(one)
    _hang_up(other)


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
