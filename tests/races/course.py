"""Running many races beside each other, and judging each batch when both services are quiet."""

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from uuid import UUID

from tests.races.evidence import gather, left_over
from tests.races.judge import faults_of
from tests.races.quiet import NeverQuiet, reader, until_quiet
from tests.races.race import Race, run
from tests.races.running import NAMES, Pair, running
from tests.races.tally import tally

CLOSED = """SELECT id FROM flight WHERE status IN ('closed', 'departed') AND id IN (SELECT value FROM json_each(?))"""
PATIENCE = 60.0
"""Seconds a flight may take to be closed: more means that it is stuck."""


@dataclass
class Course:
    """Races on the services over these files. `patience`: seconds until something counts as stuck."""

    folder: Path
    pair: Pair
    patience: float = PATIENCE
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    async def batch(self, races: Sequence[Race]) -> None:
        """Runs these at once, waits for quiet, and judges each."""
        watch = _Watch(self.folder, {race.family.flight for race in races}, self.patience)
        watching = asyncio.create_task(watch.run())
        ended = await asyncio.gather(*(run(race, self.pair, watch.closed) for race in races), return_exceptions=True)
        watching.cancel()
        for race, error in zip(races, ended, strict=True):
            if error is not None:
                reasons = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
                self.faults.append(f"race {race.number} ({race.family.shape.name}): {reasons[0]!r}")
        try:
            await until_quiet(self.folder, [race.family.case for race in races], self.patience)
        except NeverQuiet as error:
            self.faults.append(str(error))
        self._judge(races)

    def _judge(self, races: Sequence[Race]) -> None:
        evidence = gather(self.folder, [race.family for race in races])
        for race in races:
            found = evidence[race.family.case]
            self.faults += faults_of(race, found)
            self.counts += tally(race, found)
        self.faults += left_over(self.folder, NAMES)

    def found(self, fault: str) -> bool:
        return any(fault in each for each in self.faults)


async def run_all(folder: Path, races: Sequence[Race], at_once: int, until: str | None = None) -> Course:
    """Runs the services over these files and the races on them, so many at once; no further once `until` is among the
    faults."""
    async with running(folder) as pair:
        course = Course(folder, pair)
        for first in range(0, len(races), at_once):
            await course.batch(races[first : first + at_once])
            if until is not None and course.found(until):
                break
        return course


class Stuck(AssertionError):
    """A flight was not closed in time."""


class _Watch:
    """Looks at all flights of a batch together, and tells those who wait for one when registration has answered."""

    def __init__(self, folder: Path, flights: set[UUID], patience: float) -> None:
        self._folder = folder
        self._closed = {flight: asyncio.Event() for flight in flights}
        self._patience = patience

    async def closed(self, flight: UUID) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._closed[flight].wait()
        except TimeoutError:
            raise Stuck(f"flight {flight} was not closed in {self._patience} s") from None

    async def run(self) -> None:
        with closing(reader(self._folder, "travel")) as db:
            while waiting := [flight for flight, event in self._closed.items() if not event.is_set()]:
                for flight in _closed_among(db, waiting):
                    self._closed[flight].set()
                await asyncio.sleep(0.02)


def _closed_among(db: sqlite3.Connection, flights: Sequence[UUID]) -> list[UUID]:
    wanted = json.dumps([flight.hex for flight in flights])
    return [UUID(row[0]) for row in db.execute(CLOSED, [wanted])]


def summary(seed: int, races: int, seconds: float, counts: Counter[str]) -> str:
    told = "; ".join(f"{outcome} × {count}" for outcome, count in sorted(counts.items()))
    return f"{races} races, seed {seed}, {seconds:.1f} s: {told}"


class Stopwatch:
    def __init__(self) -> None:
        self._started = monotonic()

    @property
    def seconds(self) -> float:
        return monotonic() - self._started
