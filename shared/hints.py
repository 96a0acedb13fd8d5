"""Hints between the processes of a service: something was committed, so look now instead of at the next poll.

An API and a worker are separate processes on the same PostgreSQL. After a commit a process sends a `NOTIFY`, on a
connection of its own and never inside the transaction, where it would take a lock of the whole cluster; a worker
listens. Polling is the truth: a hint that is lost, or a pooler that carries none, costs half a second and nothing else.
SQLite has one process and needs none of this.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import structlog

from shared.database import STAGED, WISHED, Database

log = structlog.get_logger("hints")

CHANNEL = "homeward_committed"
GAP = 0.005
"""Seconds between two hints: what is committed meanwhile is told by one."""
ANSWERS_WITHIN = 5.0
LOOKS_EVERY = 30.0
"""Seconds after which a connection that had nothing to say is asked whether it is still there."""


@dataclass(slots=True)
class Hints:
    """`run()` until cancelled: tells what this process commits, and wakes what waits here for the commits of others."""

    database: Database
    name: str = field(default_factory=lambda: uuid4().hex[:12])
    """Of this process, so that it does not wake itself."""
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _staged: bool = False
    _wished: bool = False

    async def run(self) -> None:
        if self.database.is_sqlite:
            return
        self.database.on_commit = self._note
        pause = 0.5
        while True:
            try:
                async with self.database.apart() as connection:
                    pause = 0.5
                    await self._carry(connection)
            except Exception as error:  # whatever it is: nobody's work waits for a hint
                log.info("hints wait", reason=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)

    async def _carry(self, connection: Any) -> None:
        """On this connection, until it ends."""
        connection.add_termination_listener(lambda _connection: self._due.set())
        if self.database.is_waited_for:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await connection.add_listener(CHANNEL, self._heard)
            self.database.wake(staged=True, wished=True)  # nobody told what was committed before
        while not connection.is_closed():
            statement = await self._next()
            async with asyncio.timeout(ANSWERS_WITHIN):
                await connection.execute(statement)
            await asyncio.sleep(GAP)

    async def _next(self) -> str:
        try:
            async with asyncio.timeout(LOOKS_EVERY):
                await self._due.wait()
        except TimeoutError:
            return "SELECT 1"
        what = " ".join([STAGED] * self._staged + [WISHED] * self._wished)
        self._due.clear()
        self._staged = self._wished = False
        # One that is lost with the machine costs nothing: nobody waits until the disk has it.
        return f"SET LOCAL synchronous_commit = off; NOTIFY {CHANNEL}, '{self.name} {what}'"

    def _note(self, staged: bool, wished: bool) -> None:
        self._staged = self._staged or staged
        self._wished = self._wished or wished
        if staged or wished:  # of anything else nobody waits to hear
            self._due.set()

    def _heard(self, _connection: Any, _process: int, _channel: str, said: str) -> None:
        name, *what = said.split()
        if name != self.name:
            self.database.wake(staged=STAGED in what, wished=WISHED in what)
