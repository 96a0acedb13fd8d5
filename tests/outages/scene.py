"""Where the outages happen: the stack, its wires, and who watches that nothing ends by itself."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import asyncpg

from tests.outages.suffering import suffer
from tests.outages.switches import NAMED, Switches, all_off
from tests.outages.wires import Wires
from tests.servers.processes import ServerFailed, last_lines
from tests.stack import Part, Stack
from tests.stack.parts import NotReady

SUFFERS = f"{suffer.__module__}:{suffer.__name__}"
"""What every part of the stack is patched with; it does nothing until it is told to."""
HELD = """SELECT datname, pid, application_name AS who, state, wait_event, pg_blocking_pids(pid) AS behind,
          round(extract(epoch FROM now() - xact_start)) AS transaction, round(extract(epoch FROM now() - state_change))
          AS same, left(query, 200) AS query FROM pg_stat_activity
          WHERE application_name LIKE 'homeward%' AND xact_start IS NOT NULL ORDER BY xact_start"""
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What whoever reads meets where PostgreSQL is away, or goes while it is asked."""
AFTERWARDS = 15.0
"""Seconds after a server came back, in which a process may still end because it was away."""


class NotReached(Exception):
    """An outage that did not come about; the message says why. It may be tried again."""


@dataclass
class Scene:
    """`over`: set when no new outage is to begin. `findings`: what went wrong on the way, in sentences."""

    stack: Stack
    wires: Wires | None
    over: threading.Event = field(default_factory=threading.Event)
    findings: list[str] = field(default_factory=list)
    revived: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._resting: set[str] = set()
        self._troubled_until = 0.0
        self._troubles = 0

    def switches(self, name: str) -> Switches:
        """Those of a part, or of a service."""
        return Switches(self.stack.folder, name)

    def finding(self, sentence: str) -> None:
        with self._lock:
            self.findings.append(sentence)

    @contextmanager
    def resting(self, *parts: Part) -> Iterator[None]:
        """These may be down inside the block; at its end they are up again."""
        with self._lock:
            self._resting.update(part.name for part in parts)
        try:
            yield
        finally:
            for part in parts:
                part.start()
            with self._lock:
                self._resting.difference_update(part.name for part in parts)

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """Inside the block something is away that processes rest on: one that is started meanwhile may give up."""
        with self._lock:
            self._troubles += 1
        try:
            yield
        finally:
            with self._lock:
                self._troubles -= 1
                self._troubled_until = time.monotonic() + AFTERWARDS

    @property
    def troubled(self) -> bool:
        return self._troubles > 0 or time.monotonic() < self._troubled_until

    def joined(self, service: str, kind: Literal["api", "worker"]) -> Part:
        """One more process of a service, started. It is not one that the watch looks after."""
        part = self.stack.make(service, kind, len(self.stack.of(service, kind)))
        part.environment[NAMED] = part.name
        part.start()
        return part

    def watch(self) -> None:
        """Starts again what ended by itself, and notes it, until `over`. A process that could not start, or gave up,
        while something was away is started again as any keeper of processes would; all else is a finding."""
        while not self.over.wait(0.2):
            self.revive()

    def revive(self) -> None:
        for part in list(self.stack.parts.values()):
            with self._lock:
                if part.name in self._resting or part.alive():
                    continue
            code = part.ended(0)
            if not self.troubled:
                self.finding(f"{part.name} ended by itself ({code}):\n{last_lines(part.log, 5)}")
            self.revived += 1
            part.start()

    def heal(self) -> None:
        """Everything back, and every process up and ready."""
        all_off(self.stack.folder)
        if self.wires is not None:
            self.wires.mend()
        self.stack.kafka.resume()
        for server in (self.stack.kafka, self.stack.postgres):
            if server.process is None or not server.process.is_alive():
                started(server)
        deadline, said = time.monotonic() + 180, ""
        while time.monotonic() < deadline:
            for part in self.stack.parts.values():
                part.start()
            try:
                self.stack.until_ready(20)
                return
            except NotReady as error:
                said = str(error)
        self.finding(f"not ready again: {said}")
        self.finding(f"PostgreSQL is asked:\n{held(self.stack)}")


def held(stack: Stack) -> str:
    """Who holds what in PostgreSQL, and who waits for whom: a line for each connection that is in a transaction."""
    try:
        return "\n".join(str(dict(row)) for row in asyncio.run(ask(stack, HELD)))
    except AWAY as error:
        return f"nothing: {error}"


async def ask(stack: Stack, question: str) -> list[asyncpg.Record]:
    """One question to PostgreSQL, as its owner."""
    server = stack.postgres
    connection = await asyncpg.connect(host=str(server.folder), port=server.port, user="postgres", database="postgres")
    try:
        found: list[asyncpg.Record] = await connection.fetch(question)
        return found
    finally:
        await connection.close()


def started(server: object, times: int = 3) -> None:
    """Starts a server again; somebody may have its port for a moment. Raises `ServerFailed`."""
    for time_tried in range(1, times + 1):
        try:
            server.start()  # type: ignore[attr-defined]  # Kafka or PostgreSQL
            return
        except ServerFailed:
            if time_tried == times:
                raise
            time.sleep(1)


def name_parts(stack: Stack) -> None:
    """Tells every process which part it is. Before any is started."""
    for part in stack.parts.values():
        part.environment[NAMED] = part.name
