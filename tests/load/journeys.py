"""Whole journeys, from registration to arrival, and what may happen on the way."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from services.demo.year import Calendar, story
from tests.load import people
from tests.load.alike import Alike
from tests.load.desk import Desk, Refused, until_let
from tests.load.excepted import except_from_the_rule
from tests.load.flights import Airport, Flight
from tests.load.ground_work import GroundWork
from tests.load.groups import book_with_a_group, change_flight, with_an_escort
from tests.load.holding import hold_for_a_while
from tests.load.home import Home
from tests.load.line import NO_SEATS, NOT_OPEN, Line
from tests.load.members import BROTHER, Household
from tests.load.offers import NOT_PASSED, OVER, take_an_offer
from tests.load.people import Mind, Traveller, Turn
from tests.load.protection import protect
from tests.load.ride import Ride
from tests.load.suspension import decided, suspend_for_a_while
from tests.load.told import heard_of, tell_what_is_open
from tests.load.walk_in import walk_in
from tests.load.way import Way

NEXT_FLIGHT = (NO_SEATS, NOT_OPEN, *OVER)


@dataclass
class Journey:
    """One case on its way. `people`: the individuals' ids by label. `flights`: on which it had seats. `stays`: who
    said no. `refused`: for what registration did not clear somebody. `through`: who was checked in with the seats."""

    who: Traveller
    desk: Desk
    airport: Airport
    ground: GroundWork
    calendar: Calendar
    line: Line
    home: Home
    people: dict[str, str] = field(default_factory=dict)
    case: str = ""
    lines: dict[str, Any] = field(default_factory=dict)
    flights: int = 0
    stays: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    booking: str = ""
    through: set[str] = field(default_factory=set)

    async def make(self) -> str:
        """The whole way. Gives what became of it, in a word. Raises `Refused`, `GaveUp`."""
        await self._meet()
        await self._decide()
        if self.who.mind is Mind.WITHDRAWS_EARLY:
            return await self._withdraw("papers")
        await self._prepare()
        flight = await (self._from_the_list() if Turn.WAITS in self.turns else self._book())
        while True:
            try:
                if Turn.REBOOKS in self.turns and flight.cancelled and not self.flights:
                    onto = await change_flight(self._do, self.airport, flight, self.booking)
                    if onto is not flight:  # and nobody is checked in for that one
                        self.through.clear()
                    flight, self.calendar = onto, onto.calendar
                stays = await self._before_the_doors(flight)
                comes_again = stays is None and flight.cancelled and self.who.mind is not Mind.WITHDRAWS_AT_THE_DOORS
                if comes_again:
                    self.line.expects(self.case_id)
            finally:
                flight.settled()
            if stays is not None:
                return stays
            if self.who.mind is Mind.WITHDRAWS_AT_THE_DOORS and not flight.on_paper:
                await flight.closing.wait()
                await self._withdraw("departed")
            await flight.left.wait()
            if Turn.TOLD in self.turns:
                await tell_what_is_open(self._do, self.desk, self.case_id, "departed", self.calendar)
            if not comes_again:
                break
            self.flights += 1
            flight = await self.line.seats(self.case_id, "check_in")
            self.calendar = flight.calendar
        became = await self._travel(flight)
        if became == "arrived" and self.who.mind is Mind.FLIES and Turn.COMES_HOME in self.turns:
            await self.home.help(self.who, self.case_id, self.everyone[0], self.calendar)
        if Turn.ALIKE in self.turns and self.who.number:
            await Alike(self._do, self.desk, self.everyone[0], self.calendar).taken_for_one("visited")
        return became

    async def _prepare(self) -> None:
        """What comes before the seats."""
        case, number = self.case_id, self.who.number
        if Turn.CHANGES in self.turns:
            brother, standing = await Household(self._do, self.desk, case, number, self.calendar).change()
            self.people |= {BROTHER: brother} if brother else {}
            self._given(standing)
        for place, one in enumerate(self.everyone):
            body = people.permit_body(one, f"BY-{number:06}-{place}", self.calendar)
            await self._registration("document", "/documents", body, "registration_officer", "papers", one)
        await self.ground.pass_on(self.who, self.case, self.speakers[0], self.calendar)
        if Turn.ALONE in self.turns:
            await protect(self._registration, self.everyone[0])
            self.desk.tally.beside["children alone"] += 1
        if Turn.TWICE in self.turns:
            body = people.case_body(self.who, self.ground.site, self.calendar)
            twice = Alike(self._do, self.desk, self.everyone[0], self.calendar)
            await twice.registered_twice(body, stays=number // 4 % 2 == 0)
        if Turn.SUSPENDED in self.turns:
            self._given(await suspend_for_a_while(self._do, self.airport, case, number, self.calendar))

    @property
    def turns(self) -> frozenset[Turn]:
        return self.who.turns

    @property
    def case_id(self) -> str:
        return self.case.rsplit("/", 1)[-1]

    @property
    def everyone(self) -> list[str]:
        return list(self.people.values())

    @property
    def speakers(self) -> list[str]:
        return [self.people[label] for label in self.who.household.speakers]

    @property
    def adults(self) -> list[str]:
        labels = (*self.who.household.adults, BROTHER)
        return [self.people[label] for label in labels if label in self.people]

    async def _meet(self) -> None:
        body = people.case_body(self.who, self.ground.site, self.calendar)
        made = await self._do("register", "registration", "/cases", body, "registration_officer", "registered")
        self.case = f"/cases/{made['id']}"
        self.people = {each["ref"]: each["individual_id"] for each in made["members"]}
        screening = people.screening_body(self.speakers[0])
        await self._registration("screening", "/screenings", screening, "protection", "screened")
        counselling = people.counselling_body(self.speakers)
        await self._registration("counselling", "/counselling-sessions", counselling, "counsellor", "counselled")
        consent = people.consent_body(self.speakers[0], self.who)
        await self._registration("consent", "/consents", consent, "counsellor", "consented")

    async def _decide(self) -> None:
        for label in self.who.household.everyone:
            one = self.people[label]
            signers = self.speakers if label in self.who.household.children else [one]
            body = people.declaration_body(one, signers)
            if Turn.ALONE in self.turns:
                body["sole_responsibility"] = people.guardian_paper(self.who)
            await self._registration("declaration", "/declarations", body, "counsellor", "declared", one)

        def asks(standing: Any) -> bool:
            return bool(standing["missing"]) or standing["status"] == "ineligible"  # whoever fails one is not asked

        async def asked() -> None:
            at = self.calendar.at("declared")
            await self.desk.until("programme", "eligibility", self.case, asks, role="counsellor", at=at)

        async def answers(part: str) -> Any:
            path, body = f"{self.case}/answers", {"answers": story()["answers"]}
            return await self._do("answers", "eligibility", path, body, "registration_officer", "answered", part)

        await asked()  # and another may take the two records for one in between, and for two again
        standing = await until_let(answers, "case-has-ended", asked, self.desk.patience)
        who = self.who.number
        if Turn.EXCEPTED in self.turns:
            standing = await except_from_the_rule(self._do, self.desk, self.case_id, who, self.calendar)
        self._given(standing)

    def _given(self, standing: Any) -> None:
        package = standing["decision"]["package"]
        self.lines = {each["individual"]: each for each in package if each["code"] == "pocket_money"}

    async def _book(self) -> Flight:
        on_paper = Turn.ON_PAPER in self.turns
        flight = await (self.airport.flight_on_paper() if on_paper else self.airport.open_flight())
        for number in itertools.count():
            self.calendar = flight.calendar
            await self._gate("at_booking", flight, "booked")
            refused = await self._asks_for_seats(flight, number)
            if refused is None:
                return flight
            # What was said of a child may have changed meanwhile: then the gate is asked again.
            full = flight if refused in NEXT_FLIGHT else None
            flight = await self.airport.open_flight(full)
        raise AssertionError("there is always one more number")

    async def _asks_for_seats(self, flight: Flight, number: int) -> str | None:
        """The kind of the refusal, of those that another try can mend."""
        part = f"{flight.number:05}-{number}"
        with flight.asked_for_seats():
            try:
                if Turn.OFFERED in self.turns:
                    await take_an_offer(self._do, flight, self.case_id, self.calendar.at("boarded"), part)
                    self.desk.tally.beside["took seats that were held"] += 1
                elif Turn.GROUPED in self.turns:
                    open_, size = self.who.number % 2 == 0, len(self.people)
                    self.booking = await book_with_a_group(self._do, flight, self.case_id, size, part, open_)
                    self.desk.tally.beside["booked with a group"] += 1
                elif Turn.WALKS_IN in self.turns:
                    for one in self.everyone:
                        await self._checked(one, part)
                    await self._gate("at_check_in", flight, "check_in")
                    self.booking, self.through = await walk_in(self._do, flight, self.case_id, part)
                    self.desk.tally.beside["walked in"] += 1
                else:
                    body = {"case_id": self.case_id, "flight_id": flight.id}
                    made = await self._do("booking", "travel", "/bookings", body, "travel_officer", "booked", part)
                    self.booking = made["id"]
            except Refused as refused:
                if refused.problem not in (*NEXT_FLIGHT, NOT_PASSED):
                    raise
                return refused.problem
            flight.seat_taken()
        return None

    async def _from_the_list(self) -> Flight:
        """Waits for a seat with the others."""
        flight = await self.airport.open_flight()
        await self._gate("at_booking", flight, "booked")
        await self.line.join(self.case_id, self.calendar)
        flight = await self.line.seats(self.case_id, "booked")
        self.calendar = flight.calendar
        return flight

    async def _gate(self, gate: str, flight: Flight, moment: str) -> None:
        """Waits until everyone may pass it."""

        def passed(ready: Any) -> bool:
            found = ready["individuals"]
            return len(found) == len(self.people) and all(
                each[gate]["passed"] for each in found if each["individual_id"] not in self.stays
            )

        path = f"{self.case}/readiness?flight_id={flight.id}"
        at = flight.calendar.at(moment)
        await self.desk.until(gate, "travel", path, passed, role="travel_officer", at=at)

    async def _before_the_doors(self, flight: Flight) -> str | None:
        """To the seats. Gives what became of those who do not fly."""
        if Turn.RIDES in self.turns and not self.flights:
            await Ride(self._do, self.desk, flight, self.case_id, self.who.number).arrange(self.speakers[0])
            await heard_of(self.desk, self.case_id, "ground_arranged", self.calendar)
            await tell_what_is_open(self._do, self.desk, self.case_id, "checked", self.calendar)
        if self.who.mind is Mind.WITHDRAWS_BOOKED:
            return await self._withdraw("checked")
        if self.who.mind is Mind.NEVER_COMES:
            for one in self.everyone if self.airport.whole and self.who.number % 2 else ():  # else the doors find out
                await self._desk("no-show", flight, one, {}, "airport_desk", "boarded")
            return str(Mind.NEVER_COMES)
        if Turn.HELD in self.turns and not self.flights:
            await hold_for_a_while(self._do, self.desk, flight, self.case_id, self.who.number, self.calendar)
        if Turn.ESCORTED in self.turns and not self.flights:
            had = await with_an_escort(self._do, flight, self.who.number, self.everyone[0])
            self.desk.tally.beside["had an escort"] += had
        going = [one for one in self.everyone if one not in self.stays]
        for one in going:
            await self._checked(one)
        await self._gate("at_check_in", flight, "check_in")
        for one in going:
            if one not in self.through or self.flights:
                await self._let_through("check-in", flight, one, "check_in")
        for place, one in enumerate(self.everyone if not self.flights else ()):  # it is paid once, whatever flies
            await self._pay(flight, one, f"R-{self.who.number:06}-{place}")
        for one in self.adults:
            if one in going:
                says = "no" if self.who.mind is Mind.NO_AT_THE_DESK and one == self.adults[0] else "yes"
                await self._ask(flight, one, says, "asked" if says == "yes" else "allowance")
                self.stays |= {one} if says == "no" else set()
        flying = [one for one in going if one not in self.stays]
        if self.stays and self.who.household.children:
            flying = []
        for one in flying:
            await self._let_through("boarding", flight, one, "boarded")
        return None if flying else str(Mind.NO_AT_THE_DESK)

    async def _checked(self, one: str, part: str = "") -> None:
        at = self.calendar.at("checked").isoformat()
        body = {"individual_id": one, "outcome": "fit", "checked_at": at}
        await self._registration("fitness", "/fitness-checks", body, "medical", "checked", one + part)

    async def _let_through(self, step: str, flight: Flight, one: str, moment: str) -> None:
        """Who is turned away, for what travel heard late, waits for the gate and comes again."""

        async def comes(part: str) -> Any:
            return await self._desk(step, flight, one, {}, "airport_desk", moment, part)

        await until_let(comes, NOT_PASSED, lambda: self._gate("at_check_in", flight, "check_in"), self.desk.patience)

    async def _pay(self, flight: Flight, one: str, receipt: str) -> None:
        """By the decision that stands, which another may have replaced."""

        async def pays(part: str) -> Any:
            line = self.lines[one]
            body = {name: line[name] for name in ("line", "amount", "currency")} | {"receipt_number": receipt}
            return await self._desk("allowance", flight, one, body, "finance", "allowance", part)

        async def asks() -> None:
            self._given(await decided(self.desk, self.case_id, self.calendar))

        await until_let(pays, "not-in-the-package", asks, self.desk.patience)

    async def _ask(self, flight: Flight, one: str, answer: str, moment: str) -> None:
        body = {"answer": answer, "asked_alone": True, "language": "ckb"}
        await self._desk("willingness", flight, one, body, "airport_desk", moment)

    async def _withdraw(self, moment: str) -> str:
        body = {"individuals": [], "channel": "in_person"}
        await self._registration("withdrawal", "/withdrawal", body, "counsellor", moment)
        return str(self.who.mind)

    async def _travel(self, flight: Flight) -> str:
        """Transit and arrival of those who left."""
        going = [one for one in self.everyone if one not in self.stays or not self.flights]  # else they had no seat
        way = Way(self._do, self.desk, flight)
        left, self.refused = await way.departed(going)
        refused = Turn.REFUSED in self.turns and self.who.mind is Mind.FLIES
        await way.onwards(left, refused=refused)
        if refused:
            return "not admitted"
        return "arrived" if left else ": ".join([self.who.mind, "stayed", *sorted(self.refused)])

    async def _registration(self, step: str, noun: str, body: Any, role: str, moment: str, part: str = "") -> Any:
        return await self._do(step, "registration", self.case + noun, body, role, moment, part)

    async def _desk(
        self, step: str, flight: Flight, one: str, body: Any, role: str, moment: str, part: str = ""
    ) -> Any:
        path = f"{flight.path}/passengers/{one}/{step}"
        return await self._do(step, "travel", path, body, role, moment, one + part)

    async def _do(
        self,
        step: str,
        service: str,
        path: str,
        body: Any,
        role: str,
        moment: str,
        part: str = "",
        etag: str | None = None,
    ) -> Any:
        again = f"flight-{self.flights}" if self.flights else ""
        key = "-".join(each for each in (self.who.name, step, part[-24:], again) if each)
        at = self.calendar.at(moment)
        return await self.desk.do(step, service, path, body, role=role, at=at, key=key, etag=etag)
