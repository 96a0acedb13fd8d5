"""A day of flights as a state machine: its people, and what must be so whatever is done with them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlmodel import select

from services.travel.app import create_app
from services.travel.bookings.models import Booking
from services.travel.desk.models import WillingnessStatement
from services.travel.doors.models import HandedOver
from services.travel.escorts.models import Escort
from services.travel.fares.models import FareEntry
from services.travel.flights.models import Flight
from services.travel.groups.models import TravelGroup
from services.travel.offers.models import SeatOffer
from services.travel.passengers.models import Passenger
from services.travel.passengers.rules import FLOWN, LIVING
from shared.contracts.registration import AgeBand, Member, ProtectionCleared, ProtectionPending, Relation
from shared.contracts.travel import PassengerDeparted
from tests.any_order import AnyOrder
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    AT_THE_DESK,
    CUT_OFF,
    DEPARTS,
    TO,
    Family,
    answered,
    four_people,
    member,
    one_adult,
    schedule,
    seat,
    two_adults,
)

SEATS = 6
FAMILIES = st.integers(0, 3)
PEOPLE = st.integers(0, 7)
BOY = 3
"""A family of his own: nobody is responsible for him, so protection must clear his journey."""
TAKEN = {200, 201, 202, 409, 422, 404}


def a_boy_alone() -> tuple[Member, ...]:
    return (member(AgeBand.TEEN, Relation.PRINCIPAL),)


class Day(AnyOrder):
    """Three families of seven people, a boy alone, a flight of six seats and one three days later."""

    def __init__(self) -> None:
        super().__init__(create_app)
        self.registration: Registration
        self.families: Sequence[Family] = ()
        self.flight: UUID
        self.later: UUID
        self.seats: dict[UUID, int] = {}
        self.cancelled = False
        self.on_paper = False
        self.pending = True
        self.closed = False
        self.said_no: set[UUID] = set()

    async def _begin(self) -> None:
        self.registration = Registration.beside(self.world)
        self.families = [
            Family(self.world, members=each()) for each in (four_people, two_adults, one_adult, a_boy_alone)
        ]
        for family in self.families:
            await family.ready()
        self.flight = await schedule(self.world, SEATS)
        self.later = await schedule(self.world, SEATS, departs=DEPARTS + timedelta(days=3))
        self.seats = {self.flight: SEATS, self.later: SEATS}
        self.world.now = CUT_OFF - timedelta(minutes=5)

    def post(self, path: str, body: Any = None, role: Any = AD) -> int:
        return self.made(path, body, role)[0]

    def made(self, path: str, body: Any = None, role: Any = AD) -> tuple[int, Any]:
        status, shown = self.send(path, body, role=role)
        assert status in TAKEN, shown
        return status, shown

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
        status = self.post("/bookings", body, TO)
        assert not (number == BOY and self.pending and status == 201), "no seat for a child whom nobody cleared"

    @rule(number=FAMILIES)
    def bring_a_family_to_the_gate(self, number: int) -> None:
        self.book(number, 0, agreed=False)
        self.board(number)

    def board(self, number: int) -> None:
        family = self.families[number]
        self.world.now = max(self.world.now, AT_THE_DESK)
        for each in family.ids:
            checked_in = self.post(f"{seat(self.flight, each)}/check-in") == 200
            assert not (number == BOY and self.pending and checked_in), "nor is he checked in"
            if each in family.adults:
                self.post(f"{seat(self.flight, each)}/willingness", answered("yes"))
            self.post(f"{seat(self.flight, each)}/boarding")

    @rule(cleared=st.booleans())
    def protection_decides(self, cleared: bool) -> None:
        """Of the boy alone."""
        boy = self.families[BOY]
        self.pending = not cleared
        (who,) = boy.ids
        self.run(boy.tell(ProtectionCleared(individual=who) if cleared else ProtectionPending(individual=who), who))

    @rule(number=PEOPLE)
    def withdraw(self, number: int) -> None:
        family, who = self.person(number)
        self.run(family.withdraw(who))
        self.said_no |= set() if self.closed else {who}

    def shut(self, away: bool, refused: set[int], parents_of: int | None) -> None:
        self.world.now = max(self.world.now, AT_THE_DESK + timedelta(hours=1))
        self.registration.away = away
        parents = [] if parents_of is None else self.families[parents_of].adults
        self.registration.refused = dict.fromkeys([*(self.person(number)[1] for number in refused), *parents], "held")
        if self.pending:  # as registration says it of who is not cleared
            self.registration.refused[self.families[BOY].ids[0]] = "protection_pending"
        self.closed |= self.post(f"/flights/{self.flight}/doors") == 202
        self.run(carry(self.world))

    def the_aircraft_leaves(self) -> None:
        self.world.now = max(self.world.now, DEPARTS)
        self.post(f"/flights/{self.flight}/departure", {"departed_at": self.world.now.isoformat()})

    @invariant()
    def what_must_always_be_so(self) -> None:
        if self.families:
            self.run(self._check())

    async def _check(self) -> None:
        async with self.world.runtime.database.reading() as session:
            flights = (await session.exec(select(Flight))).all()
            passengers = (await session.exec(select(Passenger))).all()
            bookings = {each.id: each for each in (await session.exec(select(Booking))).all()}
            handed = {(each.clearance_id, each.individual_id): each for each in await session.exec(select(HandedOver))}
            said = (await session.exec(select(WillingnessStatement))).all()
            offers = (await session.exec(select(SeatOffer).where(SeatOffer.status == "held"))).all()
            escorts = (await session.exec(select(Escort).where(Escort.status == "booked"))).all()
            spent = (await session.exec(select(FareEntry))).all()
            groups = (await session.exec(select(TravelGroup))).all()
        for on in flights:
            on_it = partial(filter, lambda row, flight=on.id: row.flight_id == flight)
            living = [row for row in on_it(passengers) if row.status in (*LIVING, *FLOWN)]
            assert on.seats_taken == len(living)
            aside = sum(row.seats for row in on_it(offers)) + len(list(on_it(escorts)))
            aside += sum(row.extra_seats for row in living) + sum(row.seats_left for row in on_it(groups))
            assert on.seats_aside == aside, "each seat set aside waits for somebody, and nobody waits for none"
            assert on.seats_taken + on.seats_lost + on.seats_aside <= on.seats
            assert min(on.seats_taken, on.seats_lost, on.seats_aside) >= 0
        flight = next(on for on in flights if on.id == self.flight)
        assert sum(each.fare - each.refunded - each.lost for each in spent if each.outcome != "flown") == 0
        settled = {each.passenger_id for each in spent if each.outcome != "reversed"}
        ended = {each.id for each in passengers if each.status in (*FLOWN, "cancelled", "offloaded", "no_show")}
        assert settled == ended, "what became of each seat's fare is in the ledger"
        flown = [each for each in passengers if each.status in FLOWN]
        told = await self.world.told(PassengerDeparted)
        assert sorted(str(each.subject) for each in told) == sorted(str(each.individual_id) for each in flown)
        if any(each.data["on_paper"] for each in told) or (self.on_paper and flight.status == "departed"):
            return  # what happened is kept, also where nobody here would have let it
        assert {on.id: on.seats for on in flights} == self.seats
        assert not self.said_no & {each.individual_id for each in flown}, "somebody flew who had withdrawn"
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
                assert adults or family is self.families[BOY], "a child flew alone"
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
            super().teardown()

    def _end_the_day(self) -> None:
        self.shut(False, set(), None)
        if not self.cancelled:
            shown = self.run(self.world.get(f"/flights/{self.flight}/doors", role=AD))
            for who in shown["to_ask"] if shown["status"] == "closed" else ():
                self.post(f"{seat(self.flight, who)}/willingness", answered("yes"))
        self.the_aircraft_leaves()
        shown = self.run(self.world.get(f"/flights/{self.flight}", role=AD))
        assert shown["status"] == ("cancelled" if self.cancelled else "departed"), "never stuck"
        self.world.now = max(self.world.now, DEPARTS + timedelta(hours=9))
        for who in [each for family in self.families for each in family.ids]:
            self.at_the_other_end(who, admitted=who.int % 2 == 0)
        self.run(self._check())

    def at_the_other_end(self, who: UUID, *, admitted: bool) -> None:
        """Met, or not admitted: an outcome of its own. Refused of who did not fly."""
        body: dict[str, Any] = {"country": "IRQ", "at": self.world.now.isoformat(), "late_reason": "told_later"}
        body |= {"airport": "EBL", "met_by": "family"} if admitted else {"kind": "refused_entry"}
        self.post(f"{seat(self.flight, who)}/{'arrival' if admitted else 'non-admission'}", body, TO)
