"""Running many races beside each other, and judging each batch when both services are quiet."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from time import monotonic
from uuid import UUID

from tests.races.books import Books, Files
from tests.races.evidence import gather
from tests.races.judge import faults_of
from tests.races.quiet import NeverQuiet, until_quiet
from tests.races.race import Both, Race, run
from tests.races.tally import tally

BOTH = ("registration", "travel")
PATIENCE = 60.0
"""Seconds a flight may take to be closed: more means that it is stuck."""


@dataclass
class Verdict:
    """What the races came to, so far. `patience`: seconds until something counts as stuck."""

    books: Books
    patience: float = PATIENCE
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    async def judge(self, races: Sequence[Race]) -> None:
        """Waits for quiet, and judges each."""
        try:
            await until_quiet(self.books, [race.family.case for race in races], self.patience)
        except NeverQuiet as error:
            self.faults.append(str(error))
        evidence = await gather(self.books, [race.family for race in races])
        for race in races:
            found = evidence[race.family.case]
            self.faults += faults_of(race, found)
            self.counts += tally(race, found)
        for service in BOTH:
            self.faults += await self.books.left_over(service)

    def found(self, fault: str) -> bool:
        return any(fault in each for each in self.faults)


async def run_beside(races: Sequence[Race], both: Both, books: Books, patience: float = PATIENCE) -> list[str]:
    """Runs these at once. Gives what kept any of them from its end, in sentences."""
    watch = Watch(books, {race.family.flight for race in races}, patience)
    watching = asyncio.create_task(watch.run())
    ended = await asyncio.gather(*(run(race, both, watch.closed) for race in races), return_exceptions=True)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    found = []
    for race, error in zip(races, ended, strict=True):
        if error is not None:
            reasons = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
            found.append(f"race {race.number} ({race.family.shape.name}): {reasons[0]!r}")
    return found


async def run_all(folder: Path, races: Sequence[Race], at_once: int, until: str | None = None) -> Verdict:
    """Runs the services over these files and the races on them, so many at once; no further once `until` is among the
    faults."""
    from tests.races.running import running

    verdict = Verdict(Files(folder))
    async with running(folder) as pair:
        for first in range(0, len(races), at_once):
            batch = races[first : first + at_once]
            verdict.faults += await run_beside(batch, pair, verdict.books)
            await verdict.judge(batch)
            if until is not None and verdict.found(until):
                break
    return verdict


class Stuck(AssertionError):
    """A flight was not closed in time."""


class Watch:
    """Looks at all flights of a batch together, and tells those who wait for one when registration has answered."""

    def __init__(self, books: Books, flights: set[UUID], patience: float) -> None:
        self._books = books
        self._closed = {flight: asyncio.Event() for flight in flights}
        self._patience = patience

    async def closed(self, flight: UUID) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._closed[flight].wait()
        except TimeoutError:
            raise Stuck(f"flight {flight} was not closed in {self._patience} s") from None

    async def run(self) -> None:
        while waiting := [flight for flight, event in self._closed.items() if not event.is_set()]:
            for flight in await self._books.closed(waiting):
                self._closed[flight].set()
            await asyncio.sleep(0.02)


def summary(seed: int, races: int, seconds: float, counts: Counter[str]) -> str:
    told = "; ".join(f"{outcome} × {count}" for outcome, count in sorted(counts.items()))
    return f"{races} races, seed {seed}, {seconds:.1f} s: {told}"


class Stopwatch:
    def __init__(self) -> None:
        self._started = monotonic()

    @property
    def seconds(self) -> float:
        return monotonic() - self._started


def chosen_seed() -> int:
    """Another one each time, so that each run shows something new; HOMEWARD_SEED plays the plans of a run again."""
    said = os.environ.get("HOMEWARD_SEED")
    return int(said) if said else SystemRandom().randrange(1_000_000)
