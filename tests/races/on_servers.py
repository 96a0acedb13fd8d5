"""The races run by several processes against several, on real PostgreSQL and Kafka, while registration is killed."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.races.books_on_servers import books_of, carry
from tests.races.course import Stopwatch, Verdict
from tests.races.household import Household
from tests.races.party import ANSWERS, TASK, Task, with_answers, written
from tests.races.race import Race, planned
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres
from tests.servers.processes import last_lines
from tests.stack import Part, Stack, stack
from tests.stack.forking import the_forker

PARTIES = 2
PROCESSES = {"registration": 2, "travel": 2}
RUN = "tests.races.party:run"
ENDS_WITHIN = 3_600.0
ALL_AT_ONCE = 0.1
"""How often it is the whole service that is killed, and not one process of it."""
OF_WORKERS = 0.2
"""How often a worker is killed, for once that an API is. Kafka keeps a killed worker's partitions from the others for
ten seconds and more: who kills them every few seconds lets nobody read at all."""
QUIET_WITHIN = 180.0
AWAY = 0.5
"""Seconds at most until those who were killed are started."""


@dataclass
class Outcome:
    """What the races came to. `kills` by the part that was killed; `again`: requests sent once more, by service."""

    verdict: Verdict
    kills: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def told(self, seed: int, races: int) -> str:
        counts = "; ".join(f"{outcome} × {count}" for outcome, count in sorted(self.verdict.counts.items()))
        kills = ", ".join(f"{name} × {count}" for name, count in sorted(self.kills.items()))
        again = ", ".join(f"{count} to {name}" for name, count in sorted(self.again.items()))
        return (
            f"{races} races from {PARTIES} processes, seed {seed}, {self.seconds:.1f} s; killed: {kills or 'nobody'}; "
            f"sent again for want of an answer: {again or 'nothing'}; {counts}"
        )


def run_on_servers(
    folder: Path,
    crowd: Callable[[Path], Sequence[Household]],
    postgres: Postgres,
    kafka: Kafka,
    seed: int,
    *,
    at_once: int = 20,
    pause: tuple[float, float] = (0.3, 1.5),
) -> Outcome:
    """Races a crowd, which is made in files and carried to the servers. `at_once`: races at the same time of each
    process that sends. `pause`: seconds from a start to the next kill, at least and at most."""
    families: list[Household] = []

    def fill(built: Stack) -> None:
        files = folder / "files"
        files.mkdir()
        families.extend(crowd(files))
        carry(files, built)

    with stack(folder / "stack", postgres, kafka, apis=PROCESSES, workers=PROCESSES, fill=fill) as running:
        watch = Stopwatch()
        races = [planned(number, family, seed) for number, family in enumerate(families)]
        outcome = asyncio.run(_raced(running, folder, races, seed, at_once, pause))
        outcome.seconds = watch.seconds
    return outcome


async def _raced(
    running: Stack, folder: Path, races: Sequence[Race], seed: int, at_once: int, pause: tuple[float, float]
) -> Outcome:
    killer = Killer(running.of("registration"), Random(f"{seed}|kills"), pause)
    async with books_of(running) as books:
        outcome = Outcome(Verdict(books, QUIET_WITHIN), killer.kills)
        for part, answers in await _sent(running, folder, races, seed, at_once, killer):
            outcome.verdict.faults += answers["faults"]
            outcome.again += Counter(answers["again"])
            for race, told in zip(part, answers["answers"], strict=True):
                with_answers(race, told)
        await outcome.verdict.judge(races)
    return outcome


async def _sent(
    running: Stack, folder: Path, races: Sequence[Race], seed: int, at_once: int, killer: "Killer"
) -> list[tuple[Sequence[Race], dict[str, Any]]]:
    """Lets each party send its part of the races. Gives the parts, each with what was answered."""
    forker = the_forker()
    parties: dict[int, tuple[Path, Sequence[Race]]] = {}
    for number in range(PARTIES):
        place, part = folder / f"party-{number}", races[number::PARTIES]
        place.mkdir()
        task = Task(
            seed,
            at_once,
            [(race.number, written(race.family)) for race in part],
            {name: running.addresses[name] for name in PROCESSES},
            {name: running.database_url(name) for name in PROCESSES},
            str(running.folder / "keys"),
        )
        (place / TASK).write_text(json.dumps(asdict(task)))
        parties[forker.start([], {}, place / "log", place, RUN)] = (place, part)
    deadline = time.monotonic() + ENDS_WITHIN
    while any(forker.ended(pid) is None for pid in parties):
        assert time.monotonic() < deadline, "the races do not end"
        killer.turn()
        await asyncio.sleep(0.02)
    killer.rest()
    for pid, (place, _) in parties.items():
        assert forker.ended(pid) == 0, last_lines(place / "log")
    return [(part, json.loads((place / ANSWERS).read_text())) for place, part in parties.values()]


@dataclass
class Killer:
    """Kills a part at moments of its own, now and then all of them at once, and starts them a moment later."""

    parts: Sequence[Part]
    random: Random
    pause: tuple[float, float]
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._next = time.monotonic() + self.random.uniform(*self.pause)
        self._down: list[Part] = []

    def turn(self) -> None:
        """Does what is due. Nobody is killed before those who were are back."""
        if time.monotonic() < self._next:
            return
        if self._down:
            self.rest()
        elif all(part.is_ready() for part in self.parts):
            self._down = self._chosen()
            for part in self._down:
                part.kill()
                self.kills[part.name] += 1
            self._next = time.monotonic() + self.random.uniform(0, AWAY)
        else:
            self._next = time.monotonic() + 0.1

    def _chosen(self) -> list[Part]:
        if self.random.random() < ALL_AT_ONCE:
            return list(self.parts)
        weights = [1.0 if part.kind == "api" else OF_WORKERS for part in self.parts]
        return self.random.choices(self.parts, weights)

    def rest(self) -> None:
        """Starts whatever is down."""
        for part in self._down:
            part.start()
        self._down = []
        self._next = time.monotonic() + self.random.uniform(*self.pause)
