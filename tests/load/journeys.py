"""Whole journeys, from registration to arrival, begun at a steady rate whatever the services do (an open loop)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, process_time
from typing import Any
from uuid import uuid4

from services.demo.year import Calendar, story
from tests.load import people
from tests.load.client import Client
from tests.load.desk import Desk, GaveUp, Refused, Tally
from tests.load.flights import Airport, Flight
from tests.load.ground import lay_the_ground
from tests.load.journal import Journal
from tests.load.people import Mind, Traveller

FULL = "not-enough-seats"
TAKEN_ANYWAY = {"not-possible-now", "doors-closed", "departure-already-cleared"}
"""Refusals that somebody meets who changed their mind while the doors closed."""


@dataclass
class Journey:
    """One case on its way. `people`: the individuals' ids by label."""

    who: Traveller
    desk: Desk
    airport: Airport
    site: str
    calendar: Calendar
    people: dict[str, str] = field(default_factory=dict)
    case: str = ""
    lines: dict[str, Any] = field(default_factory=dict)

    async def make(self) -> str:
        """The whole way. Gives what became of it, in a word. Raises `Refused`, `GaveUp`."""
        await self._meet()
        await self._decide()
        if self.who.mind is Mind.WITHDRAWS_EARLY:
            return await self._withdraw("papers")
        for place, one in enumerate(self.everyone):
            body = people.permit_body(one, f"BY-{self.who.number:06}-{place}", self.calendar)
            await self._registration("document", "/documents", body, "registration_officer", "papers", one)
        flight = await self._book()
        try:
            stays = await self._before_the_doors(flight)
        finally:
            flight.settled()
        if stays is not None:
            return stays
        if self.who.mind is Mind.WITHDRAWS_AT_THE_DOORS:
            await flight.closing.wait()
            await self._withdraw("departed")
        await flight.left.wait()
        return await self._travel(flight)

    @property
    def everyone(self) -> list[str]:
        return list(self.people.values())

    @property
    def adults(self) -> list[str]:
        return [self.people[label] for label in self.who.household.adults]

    async def _meet(self) -> None:
        body = people.case_body(self.who, self.site, self.calendar)
        made = await self._do("register", "registration", "/cases", body, "registration_officer", "registered")
        self.case = f"/cases/{made['id']}"
        self.people = {each["ref"]: each["individual_id"] for each in made["members"]}
        screening = people.screening_body(self.adults[0])
        await self._registration("screening", "/screenings", screening, "protection", "screened")
        counselling = people.counselling_body(self.adults)
        await self._registration("counselling", "/counselling-sessions", counselling, "counsellor", "counselled")
        consent = people.consent_body(self.adults[0])
        await self._registration("consent", "/consents", consent, "counsellor", "consented")

    async def _decide(self) -> None:
        for label in self.who.household.everyone:
            one = self.people[label]
            signers = self.adults if label in self.who.household.children else [one]
            body = people.declaration_body(one, signers)
            await self._registration("declaration", "/declarations", body, "counsellor", "declared", one)
        at = self.calendar.at("declared")

        def asks(standing: Any) -> bool:
            return bool(standing["missing"])

        await self.desk.until("programme", "eligibility", self.case, asks, role="counsellor", at=at)
        answers = {"answers": story()["answers"]}
        path = f"{self.case}/answers"
        standing = await self._do("answers", "eligibility", path, answers, "registration_officer", "answered")
        package = standing["decision"]["package"]
        self.lines = {each["individual"]: each for each in package if each["code"] == "pocket_money"}

    async def _book(self) -> Flight:
        flight = await self.airport.open_flight()
        await self._gate("at_booking", flight, "booked")
        while True:
            self.calendar = flight.calendar
            body = {"case_id": self.case.rsplit("/", 1)[-1], "flight_id": flight.id}
            try:
                part = f"{flight.number:05}"
                await self._do("booking", "travel", "/bookings", body, "travel_officer", "booked", part)
            except Refused as refused:
                if refused.problem not in (FULL, "flight-not-open"):
                    raise
                flight = await self.airport.open_flight(full=flight)
                continue
            flight.seat_taken()
            return flight

    async def _gate(self, gate: str, flight: Flight, moment: str) -> None:
        """Waits until everyone may pass it."""

        def passed(ready: Any) -> bool:
            found = ready["individuals"]
            return len(found) == len(self.people) and all(each[gate]["passed"] for each in found)

        path = f"{self.case}/readiness?flight_id={flight.id}"
        at = flight.calendar.at(moment)
        await self.desk.until(gate, "travel", path, passed, role="travel_officer", at=at)

    async def _before_the_doors(self, flight: Flight) -> str | None:
        """To the seats. Gives what became of those who do not fly."""
        if self.who.mind is Mind.WITHDRAWS_BOOKED:
            return await self._withdraw("checked")
        if self.who.mind is Mind.NEVER_COMES:
            return str(Mind.NEVER_COMES)
        for one in self.everyone:
            at = self.calendar.at("checked").isoformat()
            body = {"individual_id": one, "outcome": "fit", "checked_at": at}
            await self._registration("fitness", "/fitness-checks", body, "medical", "checked", one)
        await self._gate("at_check_in", flight, "check_in")
        for one in self.everyone:
            await self._desk("check-in", flight, one, {}, "airport_desk", "check_in")
        for place, one in enumerate(self.everyone):
            line = self.lines[one]
            receipt = f"R-{self.who.number:06}-{place}"
            body = {name: line[name] for name in ("line", "amount", "currency")} | {"receipt_number": receipt}
            await self._desk("allowance", flight, one, body, "finance", "allowance")
        for place, one in enumerate(self.adults):
            if self.who.mind is Mind.NO_AT_THE_DESK and place == 0:
                await self._ask(flight, one, "no", "allowance")
                continue
            await self._ask(flight, one, "yes", "asked")
        flying = self.everyone
        if self.who.mind is Mind.NO_AT_THE_DESK:
            flying = self.adults[1:] if not self.who.household.children else []
        for one in flying:
            await self._desk("boarding", flight, one, {}, "airport_desk", "boarded")
        return None if flying else str(Mind.NO_AT_THE_DESK)

    async def _ask(self, flight: Flight, one: str, answer: str, moment: str) -> None:
        body = {"answer": answer, "asked_alone": True, "language": "ckb"}
        await self._desk("willingness", flight, one, body, "airport_desk", moment)

    async def _withdraw(self, moment: str) -> str:
        body = {"individuals": [], "channel": "in_person"}
        await self._registration("withdrawal", "/withdrawal", body, "counsellor", moment)
        return str(self.who.mind)

    async def _travel(self, flight: Flight) -> str:
        """Transit and arrival of those who left."""
        left = await self._departed(flight)
        for place in ("transit", "arrival"):
            moment = "transit" if place == "transit" else "arrived"
            for one in left:
                body = {**story()[place], "at": self.calendar.at(moment).isoformat()}
                await self._desk(place, flight, one, body, "reintegration_officer", moment)
        return "arrived" if left else f"{self.who.mind}: stayed"

    async def _departed(self, flight: Flight) -> list[str]:
        at = self.calendar.at("departed")
        found = []
        for one in self.everyone:
            path = f"{flight.path}/passengers/{one}"
            seen = await self.desk.until(
                "departed",
                "travel",
                path,
                lambda each: each["status"] not in ("booked", "checked_in", "boarded", "cleared"),
                role="airport_desk",
                at=at,
            )
            if seen["status"] == "departed":
                found.append(one)
        return found

    async def _registration(self, step: str, noun: str, body: Any, role: str, moment: str, part: str = "") -> Any:
        return await self._do(step, "registration", self.case + noun, body, role, moment, part)

    async def _desk(self, step: str, flight: Flight, one: str, body: Any, role: str, moment: str) -> Any:
        return await self._do(step, "travel", f"{flight.path}/passengers/{one}/{step}", body, role, moment, one)

    async def _do(self, step: str, service: str, path: str, body: Any, role: str, moment: str, part: str = "") -> Any:
        key = "-".join(each for each in (self.who.name, step, part[-12:]) if each)
        return await self.desk.do(step, service, path, body, role=role, at=self.calendar.at(moment), key=key)


@dataclass
class Load:
    """`rate`: journeys begun a second. `most`: on their way at once; who comes then waits, and is counted.
    `token(role)`: a bearer token and the client it names. `patience`: seconds for one write or one wait."""

    addresses: Mapping[str, Sequence[str]]
    token: Callable[[str], tuple[str, str]]
    rate: float
    journal: Path | None = None
    seed: int = 0
    most: int = 300
    patience: float = 120.0
    answers_within: float = 10.0
    run_name: str = field(default_factory=lambda: uuid4().hex[:8])
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Begins no more journeys; those on their way go on to their end."""
        self._stopped.set()

    async def run(self, seconds: float) -> Tally:
        """Begins journeys for so long, and returns when all have ended."""
        random = Random(f"{self.seed} on the way")
        journal = Journal(self.journal)
        client = Client(self.answers_within)
        desk = Desk(self.addresses, self.token, journal, self.tally, random, client, self.patience)
        airport = Airport(desk, self.run_name, random)
        try:
            site = await lay_the_ground(desk, self.run_name)
            await self._begin_all(desk, airport, site, seconds)
        finally:
            journal.close()
            client.close()
        return self.tally

    async def _begin_all(self, desk: Desk, airport: Airport, site: str, seconds: float) -> None:
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
            task = asyncio.create_task(self._one(Journey(who, desk, airport, site, airport.calendar), slots))
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
        finally:
            slots.release()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    if seconds <= 0:
        return
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
