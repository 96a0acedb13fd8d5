"""The load: journeys begun at a steady rate whatever the services do (an open loop)."""

import asyncio
import sys
import traceback
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, process_time
from typing import Any
from uuid import uuid4

from tests.load import people
from tests.load.client import Client
from tests.load.desk import Desk, GaveUp, Refused, Tally
from tests.load.flights import Airport
from tests.load.ground import lay_the_ground
from tests.load.ground_work import GroundWork
from tests.load.home import Home
from tests.load.journal import Journal
from tests.load.journeys import Journey
from tests.load.line import Line
from tests.load.relief import Relief

DISTRIBUTES = 8
"""With every so many-eth journey a distribution begins."""
WORKS = 5
"""With every so many-eth one the teams have a call, a complaint and a count."""


@dataclass
class Load:
    """`rate`: journeys begun a second; `whole`: with the rest of the operation beside and after them. `most`: on their
    way at once; who comes then waits, and is counted. `token(role)`: a bearer token and the client it names.
    `patience`: seconds for one write or one wait."""

    addresses: Mapping[str, Sequence[str]]
    token: Callable[[str], tuple[str, str]]
    rate: float
    journal: Path | None = None
    seed: int = 0
    most: int = 300
    patience: float = 120.0
    answers_within: float = 10.0
    whole: bool = False
    run_name: str = field(default_factory=lambda: uuid4().hex[:8])
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self._stopped = asyncio.Event()
        self._airport: Airport | None = None

    def stop(self) -> None:
        """Begins no more journeys; those on their way go on to their end."""
        self._stopped.set()

    def tell(self) -> None:
        """On standard error: where each journey is, which flight waits for whom. For a load that does not end."""
        flights = [] if self._airport is None else self._airport.by_id.values()
        for flight in flights:
            if not flight.left.is_set():
                print(f"flight {flight}", file=sys.stderr)
        for task in asyncio.all_tasks():
            print(" > ".join(_where(task.get_coro())), file=sys.stderr)
        sys.stderr.flush()

    async def run(self, seconds: float) -> Tally:
        """Begins journeys for so long, and returns when all have ended."""
        random = Random(f"{self.seed} on the way")
        journal = Journal(self.journal)
        client = Client(self.answers_within)
        desk = Desk(self.addresses, self.token, journal, self.tally, random, client, self.patience)
        airport = self._airport = Airport(desk, self.run_name, random, self.whole)
        try:
            site = await lay_the_ground(desk, self.run_name)
            self._relief, self._home = Relief(desk, self.run_name, site), Home(desk, self.run_name)
            self._ground = GroundWork(desk, self.run_name, site, self.whole)
            self._line = Line(desk, airport, self.run_name)
            if self.whole:
                await self._relief.name_the_items(airport.calendar)
                await self._home.open_books(airport.calendar)
            await self._begin_all(desk, airport, seconds)
        finally:
            journal.close()
            client.close()
        return self.tally

    async def _begin_all(self, desk: Desk, airport: Airport, seconds: float) -> None:
        drawn = Random(self.seed)  # nobody else draws from it: the same seed gives the same people
        slots = asyncio.Semaphore(self.most)
        tasks: set[asyncio.Task[None]] = set()
        begun, cpu = monotonic(), process_time()
        number = 0
        while not self._stopped.is_set() and (due := number / self.rate) < seconds:
            await _wait(self._stopped, begun + due - monotonic())
            if slots.locked():
                self.tally.held_back += 1
            await slots.acquire()
            who = people.traveller(drawn, self.run_name, number)
            if self.whole:
                who = people.with_turns(who)
            journey = Journey(who, desk, airport, self._ground, airport.calendar, self._line, self._home)
            begun_now = [self._one(journey, slots)]
            if self.whole and number % DISTRIBUTES == 0:
                begun_now.append(self._beside("relief", self._relief.distribute(number, airport.calendar)))
            if self.whole and number % WORKS == 0:
                begun_now.append(self._beside("ground", self._ground.day(number, airport.calendar)))
            for each in begun_now:
                task = asyncio.create_task(each)
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            number += 1
        self.tally.began_for = monotonic() - begun
        airport.over = True
        while tasks:
            await asyncio.wait(tasks)
        await airport.closed()
        self.tally.lasted = monotonic() - begun
        self.tally.cpu = process_time() - cpu

    async def _beside(self, what: str, doing: Coroutine[Any, Any, None]) -> None:
        try:
            await doing
        except (Refused, GaveUp) as error:
            self.tally.surprises[f"{what}: {error}"] += 1
        except Exception as error:
            self.tally.surprises[f"{what}: {error!r} at {_last_line(error)}"] += 1

    async def _one(self, journey: Journey, slots: asyncio.Semaphore) -> None:
        begun = monotonic()
        self.tally.started += 1
        try:
            became = await journey.make()
            self.tally.ended[became] += 1
            if became == "arrived":
                self.tally.arrived += 1
                self.tally.journeys.append(monotonic() - begun)
        except Refused as refused:
            self.tally.ended["refused"] += 1
            self.tally.surprises[f"{journey.who.mind}: {refused}"] += 1
        except GaveUp as error:
            self.tally.ended["gave up"] += 1
            self.tally.surprises[str(error)] += 1
        except Exception as error:  # else it would be a line of a log, and the run clean
            self.tally.ended["broke"] += 1
            self.tally.surprises[f"{journey.who.mind}: {error!r} at {_last_line(error)}"] += 1
        finally:
            slots.release()


def _where(coroutine: Any) -> Iterator[str]:
    """The lines at which it waits, the outermost first; a journey by its name."""
    while (frame := getattr(coroutine, "cr_frame", None)) is not None:
        one = frame.f_locals.get("self")
        named = f" of {one.who.name} ({one.case_id}, {one.who.mind})" if isinstance(one, Journey) else ""
        yield f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_name}{named}"
        coroutine = coroutine.cr_await


def _last_line(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


async def _wait(event: asyncio.Event, seconds: float) -> None:
    if seconds <= 0:
        return
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
