"""One process of a service, and all of them together."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx

from services.demo.play import tokens_for
from shared.auth import Keys
from shared.settings import Settings
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres
from tests.servers.processes import last_lines
from tests.stack.forking import Forker

Kind = Literal["api", "worker"]
HOST = "127.0.0.1"
STEP = 0.02


class NotReady(AssertionError):
    """A part was not ready in time, or ended by itself; the message has the end of its log."""


@dataclass
class Part:
    """One process: an API, which answers at `port` for its whole life, or a worker, whose pages do.

    `environment` and `sabotage` (names of functions, `module:function`, by spaces, that a child calls with the stack's
    folder before all else) count from the next start on.
    """

    name: str
    service: str
    kind: Kind
    number: int
    port: int
    folder: Path
    forker: Forker
    environment: dict[str, str] = field(default_factory=dict)
    sabotage: str = ""
    pid: int | None = None
    starts: int = 0

    @property
    def log(self) -> Path:
        """Lines of JSON, those of all its lives."""
        return self.folder / f"{self.name}.log"

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Returns when the process is there; it is ready a little later. Does nothing while it runs."""
        if self.alive():
            return
        arguments = ["work", self.service]
        if self.kind == "api":
            arguments = ["serve", self.service, "--host", HOST, "--port", str(self.port)]
        self.pid = self.forker.start(arguments, self.environment, self.log, self.folder, self.sabotage)
        self.starts += 1

    def kill(self) -> None:
        """SIGKILL, and waits until it is gone."""
        self.send(signal.SIGKILL)
        self.ended(10)

    def stop(self, patience: float = 30) -> int:
        """SIGTERM, and waits. Gives the exit code, or minus the signal it died of; killed where it does not end."""
        self.send(signal.SIGTERM)
        code = self.ended(patience)
        if code is None:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {patience} s of SIGTERM:\n{last_lines(self.log)}")
        return code

    def send(self, number: int) -> None:
        """A signal, if it runs."""
        if self.pid is not None and self.alive():  # the forker keeps the number from others until it told the end
            os.kill(self.pid, number)

    def alive(self) -> bool:
        return self.pid is not None and self.forker.ended(self.pid) is None

    def ended(self, patience: float) -> int | None:
        """Waits for its end; None where that does not come in time. Minus one if it never began."""
        if self.pid is None:
            return -1
        deadline = time.monotonic() + patience
        while (code := self.forker.ended(self.pid)) is None and time.monotonic() < deadline:
            time.sleep(STEP)
        return code

    def is_ready(self) -> bool:
        """Whether its page says so; of a worker without pages, whether it runs."""
        if self.kind == "worker" and not WORKERS_HAVE_PAGES:
            return self.alive()
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


WORKERS_HAVE_PAGES = "worker_port" in Settings.model_fields


@dataclass
class Stack:
    """Processes of the four services with the servers they stand on. `make`: makes one more part, not yet started."""

    folder: Path
    parts: dict[str, Part]
    postgres: Postgres
    kafka: Kafka
    addresses: dict[str, list[str]]
    databases: dict[str, str]
    make: Callable[[str, Kind, int], Part]
    _tokens: list[Callable[[str], str]] = field(default_factory=list)

    def database_url(self, service: str) -> str:
        """Straight to the server, for those who only read: `postgresql+asyncpg://`, over its socket, by the role of
        the service."""
        return self.postgres.url(self.databases[service], service)

    def token(self, role: str) -> str:
        """A bearer token of development. Each role is somebody else."""
        if not self._tokens:
            self._tokens.append(tokens_for(Keys.development(self.folder / "keys")))
        return self._tokens[0](role)

    def of(self, service: str, kind: Kind | None = None) -> list[Part]:
        """The parts of a service, of one kind or all."""
        return [part for part in self.parts.values() if part.service == service and kind in (None, part.kind)]

    def add(self, service: str, kind: Kind) -> Part:
        """One more process of a service, started."""
        part = self.make(service, kind, len(self.of(service, kind)))
        self.parts[part.name] = part
        if kind == "api":
            self.addresses[service].append(part.url)
        part.start()
        return part

    def until_ready(self, patience: float = 60, parts: Iterable[Part] | None = None) -> None:
        """Waits until all of them are, or these. Raises `NotReady`."""
        deadline = time.monotonic() + patience
        waiting = list(self.parts.values() if parts is None else parts)
        while waiting := [part for part in waiting if not part.is_ready()]:
            dead = [part for part in waiting if not part.alive()]
            if dead or time.monotonic() > deadline:
                part = (dead or waiting)[0]
                raise NotReady(f"{part.name} is {'not ready' if part.alive() else 'dead'}:\n{last_lines(part.log)}")
            time.sleep(STEP)
