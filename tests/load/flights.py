"""Flights that several journeys share: each takes off when it is full or has waited long enough, and everyone who has a
seat is on board or has given it up."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk, GaveUp, Refused
from tests.load.paper import enter_from_paper
from tests.load.people import flight_body

PARTIES = 10
"""Journeys on one flight."""
SEATS = (12, 18)
"""So few that the last of ten parties may not find any, and take the next flight."""
WAITS = 12.0
"""Seconds that a flight waits for more parties, from its first booking."""
WAITS_AT_THE_END = 2.0
FLIGHTS_A_DAY = 20
FIRST_ON_PAPER = 90_000
"""Flights on paper have numbers of their own."""
CANCELLED = {0: "before the doors", 4: "after the doors"}
"""Of each eight flights of a whole operation, those that do not go, and when that is said."""


@dataclass
class Flight:
    """`waiting_for`: parties that are on their way to their seats, and requests for seats that are not answered yet.
    `full`: set when it takes no more parties. `cancelled`: when, if it does not go. `on_paper`: nobody closes its doors
    here."""

    number: int
    id: str
    calendar: Calendar
    cancelled: str | None = None
    on_paper: bool = False
    parties: int = 0
    waiting_for: int = 0
    leaving: bool = False
    full: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def path(self) -> str:
        return f"/flights/{self.id}"

    def seat_taken(self) -> None:
        self.parties += 1
        self.waiting_for += 1

    def settled(self) -> None:
        """A party is on board, or stays behind."""
        self.waiting_for -= 1
        self.changed.set()

    @contextmanager
    def asked_for_seats(self) -> Iterator[None]:
        """It does not leave before it is known what came of the request."""
        self.waiting_for += 1
        try:
            yield
        finally:
            self.settled()


@dataclass
class Airport:
    """Gives each party the flight that is open, and sees every flight off."""

    desk: Desk
    run: str
    random: Random
    whole: bool = False
    flights: int = 0
    on_paper: int = 0
    over: bool = False
    """Whether no more journeys begin."""

    def __post_init__(self) -> None:
        self.by_id: dict[str, Flight] = {}
        self._open: Flight | None = None
        self._empty = False
        self._turn = asyncio.Lock()
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def calendar(self) -> Calendar:
        """That of the next flight."""
        return Calendar(min(self.flights // FLIGHTS_A_DAY, 350))

    async def open_flight(self, full: Flight | None = None) -> Flight:
        """The flight to ask for seats on; another than the one that was `full`."""
        async with self._turn:
            if self._open is None or self._open is full or self._open.full.is_set():
                if self._open is not None:
                    self._open.full.set()
                    self._open.changed.set()
                self._open = await self._scheduled(self.flights)
                self.flights += 1
            return self._open

    async def flight_on_paper(self) -> Flight:
        """One for a party alone: what others find out at its doors, nobody finds out at those of this one."""
        self.on_paper += 1
        flight = await self._scheduled(FIRST_ON_PAPER + self.on_paper, on_paper=True)
        flight.full.set()
        return flight

    async def _scheduled(self, number: int, *, on_paper: bool = False) -> Flight:
        calendar = self.calendar
        body = flight_body(self.random.randint(*SEATS), calendar)
        key = f"{self.run}-flight-{number:05}"
        at = calendar.at("ground")
        made = await self.desk.do("schedule", "travel", "/flights", body, role="travel_officer", at=at, key=key)
        cancelled = CANCELLED.get(number % 8) if self.whole and not on_paper else None
        flight = self.by_id[made["id"]] = Flight(number, made["id"], calendar, cancelled, on_paper)
        task = asyncio.create_task(self._see_off(flight))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        return flight

    async def _see_off(self, flight: Flight) -> None:
        begun: float | None = None
        while flight.waiting_for or flight.parties == 0 or not flight.full.is_set():
            if begun is None and flight.parties:
                begun = monotonic()
            waits = WAITS_AT_THE_END if self.over else WAITS
            if flight.parties >= PARTIES or (begun is not None and monotonic() - begun > waits):
                flight.full.set()
            if self._empty and flight.parties == 0:
                return
            flight.changed.clear()
            try:
                async with asyncio.timeout(0.5):
                    await flight.changed.wait()
            except TimeoutError:
                pass
        flight.leaving = True
        try:
            await self._leave(flight)
        except (Refused, GaveUp) as error:
            self.desk.tally.surprises[str(error)] += 1
        except Exception as error:
            self.desk.tally.surprises[f"flight {flight.number}: {error!r}"] += 1
        finally:
            flight.closing.set()
            flight.left.set()

    async def _leave(self, flight: Flight) -> None:
        at = flight.calendar.at
        if flight.cancelled == CANCELLED[0]:
            await self._cancel(flight)
            return
        if flight.on_paper:
            await enter_from_paper(self.desk, self.run, flight.path, flight.number, flight.calendar)
            return
        await self._do("doors", flight, f"{flight.path}/doors", {}, "airport_desk", "doors")
        flight.closing.set()
        ready = await self.desk.until(
            "clearance",
            "travel",
            f"{flight.path}/doors",
            lambda doors: bool(doors["status"] == "closed"),
            role="airport_desk",
            at=at("doors"),
        )
        if flight.cancelled:
            await self._cancel(flight)
            return
        for round_ in range(3):
            for one in ready["to_ask"]:
                yes = {"answer": "yes", "asked_alone": True, "language": "ckb"}
                path = f"{flight.path}/passengers/{one}/willingness"
                await self._do(f"asked-again-{round_}-{one[-12:]}", flight, path, yes, "airport_desk", "departed")
            body = {"departed_at": at("departed").isoformat()}
            try:
                name = f"departure-{round_}" if round_ else "departure"
                await self._do(name, flight, f"{flight.path}/departure", body, "travel_officer", "departed")
                return
            except Refused as refused:
                if refused.problem != "ask-again-first":
                    raise
                path = f"{flight.path}/doors"
                ready = await self.desk.look("travel", path, role="airport_desk", at=at("departed")) or ready

    async def _cancel(self, flight: Flight) -> None:
        path = f"{flight.path}/cancellation"
        await self._do("cancellation", flight, path, {}, "travel_officer", "doors")
        self.desk.tally.beside["flights cancelled"] += 1

    async def _do(self, step: str, flight: Flight, path: str, body: Any, role: str, moment: str) -> Any:
        key = f"{self.run}-flight-{flight.number:05}-{step}"
        at = flight.calendar.at(moment)
        return await self.desk.do(step.split("-")[0], "travel", path, body, role=role, at=at, key=key)

    async def closed(self) -> None:
        """Returns when the last flight has left. Nobody may be on their way any more."""
        self._empty = True
        while self._leaving:
            await asyncio.wait(self._leaving)
