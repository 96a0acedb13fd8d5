"""Whatever is done at the desk, in whatever order: no seat twice, no child alone, nobody uncleared, no family split."""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import select

from services.travel.app import create_app
from services.travel.bookings.models import Booking
from services.travel.desk.models import WillingnessStatement
from services.travel.doors.models import HandedOver
from services.travel.escorts.models import Escort
from services.travel.fares.models import FareEntry
from services.travel.flights.models import Flight
from services.travel.offers.models import SeatOffer
from services.travel.passengers.models import Passenger
from services.travel.passengers.rules import FLOWN, LIVING
from shared.contracts.registration import Fitness
from shared.contracts.travel import PassengerDeparted
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    AT_THE_DESK,
    CHECKED,
    CUT_OFF,
    DEPARTS,
    TO,
    Family,
    answered,
    check,
    four_people,
    one_adult,
    schedule,
    seat,
    two_adults,
)
from tests.travel.test_escorts_and_support import escort_body
from tests.world import World, start

Given = TypeVar("Given")
SEATS = 6
FAMILIES = st.integers(0, 2)
PEOPLE = st.integers(0, 6)
TAKEN = {200, 201, 202, 409, 422, 404}


class Desk(RuleBasedStateMachine):
    """Three families of seven people and a flight of six seats; every act comes a second after the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.world: World
        self.registration: Registration
        self.families: Sequence[Family] = ()
        self.flight: UUID
        self.on_paper = False

    def run(self, what: Coroutine[Any, Any, Given]) -> Given:
        return self.loop.run(what)

    @initialize(at_the_gate=st.sets(FAMILIES))
    def begin(self, at_the_gate: set[int]) -> None:
        self.run(self._begin())
        for number in sorted(at_the_gate):
            self.bring_a_family_to_the_gate(number)

    async def _begin(self) -> None:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="homeward-desk-")))
        self.world = await self.stack.enter_async_context(start(create_app, folder))
        self.registration = Registration.beside(self.world)
        self.families = [Family(self.world, members=each()) for each in (four_people, two_adults, one_adult)]
        for family in self.families:
            await family.ready()
        self.flight = await schedule(self.world, SEATS)
        self.world.now = CUT_OFF - timedelta(minutes=5)

    def post(self, path: str, body: Any = None, role: Any = AD) -> int:
        self.world.now += timedelta(seconds=1)
        answer = self.run(self.world.call("POST", path, {} if body is None else body, role=role))
        assert answer.status_code in TAKEN, answer.text
        return answer.status_code

    def person(self, number: int) -> tuple[Family, UUID]:
        everyone = [(family, each) for family in self.families for each in family.ids]
        return everyone[number % len(everyone)]

    @rule(number=FAMILIES, leave_out=st.integers(0, 4), agreed=st.booleans())
    def book(self, number: int, leave_out: int, agreed: bool) -> None:
        family = self.families[number]
        chosen = [str(each) for place, each in enumerate(family.ids, start=1) if place != leave_out]
        body: dict[str, Any] = {"case_id": str(family.case), "flight_id": str(self.flight), "individuals": chosen}
        if agreed:
            body["split_agreed"] = {"stated_by": [str(each) for each in family.adults], "on": "2021-12-10"}
        self.post("/bookings", body, TO)

    @rule(number=FAMILIES)
    def bring_a_family_to_the_gate(self, number: int) -> None:
        family = self.families[number]
        self.book(number, 0, False)
        self.world.now = max(self.world.now, AT_THE_DESK)
        for each in family.ids:
            self.post(f"{seat(self.flight, each)}/check-in")
            if each in family.adults:
                self.post(f"{seat(self.flight, each)}/willingness", answered("yes"))
            self.post(f"{seat(self.flight, each)}/boarding")

    @rule(number=PEOPLE, answer=st.sampled_from(["yes", "yes", "no", "not_sure", "pressed"]))
    def ask(self, number: int, answer: str) -> None:
        _, who = self.person(number)
        self.post(f"{seat(self.flight, who)}/willingness", answered(answer))

    @rule(number=PEOPLE, verb=st.sampled_from(["check-in", "boarding", "no-show"]))
    def act_on_one(self, number: int, verb: str) -> None:
        _, who = self.person(number)
        self.post(f"{seat(self.flight, who)}/{verb}")

    @rule(number=PEOPLE)
    def take_one_off(self, number: int) -> None:
        _, who = self.person(number)
        self.post(f"{seat(self.flight, who)}/offload", {"reason": "medical"})

    @rule(number=PEOPLE)
    def withdraw(self, number: int) -> None:
        family, who = self.person(number)
        self.run(family.withdraw(who))

    @rule(number=FAMILIES, hours=st.integers(1, 30))
    def seats_are_offered(self, number: int, hours: int) -> None:
        until = (self.world.now + timedelta(hours=hours)).isoformat()
        body = {"case_id": str(self.families[number].case), "flight_id": str(self.flight), "expires_at": until}
        self.post("/offers", body, TO)

    @rule(number=FAMILIES, verb=st.sampled_from(["acceptance", "acceptance", "refusal"]))
    def an_offer_is_answered(self, number: int, verb: str) -> None:
        listed = self.run(self.world.get(f"/offers?case_id={self.families[number].case}", role=TO))["items"]
        for each in listed[-1:]:
            self.post(f"/offers/{each['id']}/{verb}", {}, TO)

    @rule(number=PEOPLE, support=st.sampled_from(["extra_seat", "medical_escort", None]))
    def a_check_asks_for_more(self, number: int, support: str | None) -> None:
        family, who = self.person(number)
        codes = () if support is None else (support,)
        outcome = Fitness.FIT_WITH_SUPPORT if codes else Fitness.FIT
        self.run(family.tell(check(who, CHECKED, outcome=outcome, support=codes), who))

    @rule(number=PEOPLE)
    def somebody_goes_along(self, number: int) -> None:
        family, who = self.person(number)
        body = escort_body(family, reference=f"NURSE-{number}", individuals=[str(who)])
        self.post(f"/flights/{self.flight}/escorts", body, TO)

    @rule(away=st.booleans(), refused=st.sets(PEOPLE, max_size=2), parents_of=st.none() | FAMILIES)
    def close_the_doors(self, away: bool, refused: set[int], parents_of: int | None) -> None:
        self.world.now = max(self.world.now, AT_THE_DESK + timedelta(hours=1))
        self.registration.away = away
        parents = [] if parents_of is None else self.families[parents_of].adults
        self.registration.refused = dict.fromkeys([*(self.person(number)[1] for number in refused), *parents], "held")
        self.post(f"/flights/{self.flight}/doors")
        self.run(carry(self.world))

    @rule()
    def registration_comes_back(self) -> None:
        self.registration.away = False
        self.run(carry(self.world))

    @rule()
    def the_aircraft_leaves(self) -> None:
        self.world.now = max(self.world.now, DEPARTS)
        self.post(f"/flights/{self.flight}/departure", {"departed_at": self.world.now.isoformat()})

    @rule(outcomes=st.lists(st.sampled_from(["departed", "left_behind", "no_show"]), min_size=7, max_size=7))
    def a_paper_is_entered(self, outcomes: list[str]) -> None:
        """Whatever it says of whoever had a seat; another one that contradicts it changes nothing."""
        listed = self.run(self.world.get(f"/flights/{self.flight}/passengers", role=AD))["passengers"]
        people = sorted({each["individual_id"] for each in listed})
        if people:
            written = zip(people, outcomes, strict=False)
            lines = [{"individual_id": who, "outcome": outcome} for who, outcome in written]
            self.world.now = max(self.world.now, DEPARTS)
            paper = {
                "departed_at": self.world.now.isoformat(),
                "reason": "power_down",
                "worked_by": "desk-2",
                "lines": lines,
            }
            self.on_paper |= self.post(f"/flights/{self.flight}/paper-manifests", paper) == 201

    @invariant()
    def what_must_always_be_so(self) -> None:
        if self.families:
            self.run(self._check())

    async def _check(self) -> None:
        async with self.world.runtime.database.reading() as session:
            flight = (await session.exec(select(Flight))).one()
            passengers = (await session.exec(select(Passenger))).all()
            bookings = {each.id: each for each in (await session.exec(select(Booking))).all()}
            handed = {(each.clearance_id, each.individual_id): each for each in await session.exec(select(HandedOver))}
            said = (await session.exec(select(WillingnessStatement))).all()
            offers = (await session.exec(select(SeatOffer).where(SeatOffer.status == "held"))).all()
            escorts = (await session.exec(select(Escort).where(Escort.status == "booked"))).all()
            spent = (await session.exec(select(FareEntry))).all()
        living = [each for each in passengers if each.status in LIVING]
        assert flight.seats_taken == len(living)
        assert 0 <= flight.seats_taken + flight.seats_lost <= flight.seats
        waiting = sum(each.seats for each in offers) + len(escorts) + sum(each.extra_seats for each in living)
        assert flight.seats_aside == waiting, "each seat set aside waits for somebody, and nobody waits for none"
        assert flight.seats_taken + flight.seats_lost + flight.seats_aside <= flight.seats
        assert sum(each.fare - each.refunded - each.lost for each in spent if each.outcome != "flown") == 0
        settled = {each.passenger_id for each in spent if each.outcome != "reversed"}
        ended = {each.id for each in passengers if each.status in (*FLOWN, "cancelled", "offloaded", "no_show")}
        assert settled == ended, "what became of each seat's fare is in the ledger"
        flown = [each for each in passengers if each.status in FLOWN]
        told = await self.world.told(PassengerDeparted)
        assert sorted(str(each.subject) for each in told) == sorted(str(each.individual_id) for each in flown)
        if any(each.data["on_paper"] for each in told) or (self.on_paper and flight.status == "departed"):
            return  # what happened is kept, also where nobody here would have let it
        assert flight.seats == SEATS
        for each in flown:
            assert each.clearance_id is not None
            assert handed[each.clearance_id, each.individual_id].outcome == "cleared"
        words: dict[UUID, list[WillingnessStatement]] = defaultdict(list)
        for statement in said:
            words[statement.passenger_id].append(statement)
        if flight.status == "departed":
            event(f"{len(flown)} flown")
        for family in self.families:
            self._check_family(family, passengers, flown, bookings, words)

    def _check_family(
        self,
        family: Family,
        passengers: Sequence[Passenger],
        flown: Sequence[Passenger],
        bookings: dict[UUID, Booking],
        words: dict[UUID, list[WillingnessStatement]],
    ) -> None:
        gone = [each for each in flown if each.case_id == family.case]
        adults = {each.individual_id for each in gone if each.adult}
        for each in gone:
            if not each.adult:
                assert adults, "a child flew alone"
                continue
            last = max(words[each.id], key=lambda statement: statement.recorded_at)
            assert last.answer == "yes", "somebody flew who had not said yes last"
            left = [
                other.taken_off_at
                for other in passengers
                if other.booking_id == each.booking_id and other.taken_off_at is not None
            ]
            assert all(moment < last.recorded_at for moment in left), "a family was split without asking who flew"
            booked = {other.individual_id for other in passengers if other.booking_id == each.booking_id}
            agreed = {UUID(adult) for adult in bookings[each.booking_id].split_stated_by}
            withdrew = set(family.ids) - booked - {other.individual_id for other in passengers}
            assert booked == set(family.ids) or agreed or withdrew or len(gone) == len(family.ids)

    def teardown(self) -> None:
        """Every day ends with the aircraft leaving, so that what must be so is also looked at then."""
        try:
            if self.families:
                self._end_the_day()
        finally:
            self.run(self.stack.aclose())
            self.loop.close()

    def _end_the_day(self) -> None:
        self.close_the_doors(False, set(), None)
        shown = self.run(self.world.get(f"/flights/{self.flight}/doors", role=AD))
        for who in shown["to_ask"] if shown["status"] == "closed" else ():
            self.post(f"{seat(self.flight, who)}/willingness", answered("yes"))
        self.the_aircraft_leaves()
        shown = self.run(self.world.get(f"/flights/{self.flight}", role=AD))
        assert shown["status"] == "departed", "never stuck"
        self.run(self._check())


Desk.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


TestAnyOrderOfActs = Desk.TestCase
