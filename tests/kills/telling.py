"""Telling the family's story to services that are killed while they listen."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx

from services.demo.chapters import CHAPTERS, Chapter, tell
from services.demo.family import Family
from services.demo.play import STORY, tokens_for
from services.demo.scenario import read_scenario
from services.demo.teller import StoryDiffers, Teller
from shared.auth import Keys
from shared.settings import SERVICES
from tests.kills.auditor import is_quiet
from tests.kills.files import Folder
from tests.kills.nest import Nest

PATIENCE = 120.0
RUN = "kills"


@contextmanager
def family_at(url: str, folder: Path, journal: Path | None = None) -> Iterator[Family]:
    """The family of the story, about to meet the services at `url`."""
    addresses = {name: f"{url}/{name}" for name in SERVICES}
    with httpx.Client(timeout=30, trust_env=False) as client:
        teller = Teller(addresses, _tokens(folder), RUN, patience=PATIENCE, journal=journal, client=client)
        yield Family(teller, read_scenario(STORY))


def _tokens(folder: Path) -> Callable[[str], str]:
    made: list[Callable[[str], str]] = []

    def token(role: str) -> str:
        if not made:  # the keys are there once the services have started
            deadline = time.monotonic() + PATIENCE
            while not (folder / "keys").exists() or not (folder / "running.json").exists():
                assert time.monotonic() < deadline, "the services never started"
                time.sleep(0.02)
            made.append(tokens_for(Keys.development(folder / "keys")))
        return made[0](role)

    return token


@dataclass
class Blow:
    """A kill: so many seconds after its step began; and once more so many seconds into the new start, if at all."""

    delay: float
    again: float | None = None


def blows(random: Random, steps: int, count: int, step_seconds: float, start_seconds: float) -> dict[int, list[Blow]]:
    """`count` kills at random moments of a story of so many steps, a few of them while the services start again."""
    found: dict[int, list[Blow]] = {}
    again = count // 6
    for number in range(count - again):
        blow = Blow(random.uniform(0, 1.5 * step_seconds))
        if number < again:
            blow.again = random.uniform(0, start_seconds)
        found.setdefault(random.randrange(steps), []).append(blow)
    return found


@dataclass
class Killer(threading.Thread):
    """Kills the services when a step's time has come, and starts them again at once."""

    nest: Nest
    planned: Mapping[int, Sequence[Blow]]
    step: int = -1
    errors: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._struck: set[int] = set()
        self._waiting: queue.Queue[Blow | None] = queue.Queue()

    def __hash__(self) -> int:
        return id(self)

    def on_step(self, _step: str) -> None:
        self.step += 1
        if self.step in self._struck:
            return  # told again
        self._struck.add(self.step)
        for blow in self.planned.get(self.step, ()):
            self._waiting.put(blow)

    def run(self) -> None:
        try:
            while (blow := self._waiting.get()) is not None:
                self._strike(blow.delay)
                if blow.again is not None:
                    self._strike(blow.again)
        except BaseException as error:
            self.errors.append(error)

    def _strike(self, delay: float) -> None:
        time.sleep(delay)
        self.nest.kill()
        self.nest.start()

    def finish(self) -> None:
        """Waits until every kill that came due was done."""
        self._waiting.put(None)
        self.join(PATIENCE)
        assert not self.errors, self.errors


def tell_to_the_end(family: Family, chapters: Iterable[Chapter] = CHAPTERS, times: int = 4) -> int:
    """Tells the story, from the start again where a step was cut off so that its answer cannot be had any more: a
    change without a key. Gives how often it was told. Raises `StoryDiffers`."""
    told = list(chapters)
    for time_told in range(1, times + 1):
        try:
            tell(family, told)
            return time_told
        except StoryDiffers:
            if time_told == times:
                raise
    raise AssertionError("told no time at all")


def until_quiet(folder: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_quiet(Folder(folder)):
        if time.monotonic() > deadline:
            return  # the auditor says what is still on its way
        time.sleep(0.1)


def names_of(family: Family) -> dict[str, str]:
    """What the story calls the ids that this run made."""
    made: dict[str, Any] = {known: noun for noun, known in family.ids.items()}
    return {**made, **{known: label for label, known in family.people.items()}}
