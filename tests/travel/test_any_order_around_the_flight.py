"""Rides, nights, papers, pocket money, seats beside a seat, and a flight that changes, is cancelled or flies, in
whatever order: nobody is left with what ended, nothing is given twice, and who arrived had left."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlmodel import SQLModel, select

from services.travel.allowances.models import AllowancePayment
from services.travel.nights.models import HotelStay
from services.travel.passengers.models import Passenger
from services.travel.passengers.rules import FLOWN, LIVING
from services.travel.requests.models import PaperRequest
from services.travel.transport.models import TransportPlace, TransportRun
from shared.clock import rfc3339
from shared.contracts.travel import AllowancePaid, FlightCancelled, PassengerArrived, PassengerNotAdmitted
from shared.database import new_id
from tests.any_order import in_any_order
from tests.travel.days import BOY, SEATS, Day
from tests.travel.story import AD, DEPARTS, FI, TO, answered, seat
from tests.travel.test_allowances import money
from tests.travel.test_escorts_and_support import escort_body
from tests.travel.test_flight_changes import change
from tests.travel.test_journeys import HOME, arrival, happened, transit
from tests.travel.test_nights import stay_body
from tests.travel.test_requests import asked
from tests.travel.test_transport import of, run_body

FAMILIES, PEOPLE = (
    st.integers(0, 3).map(lambda number: (number + 1) % 4),
    st.integers(0, 7).map(lambda one: (one + 4) % 8),
)
"""First of all the couple, for in the first example the first of the four people says no."""
SELDOM = st.sampled_from([False, False, False, True])
LATEST = st.integers(0, 2)
ENDS = st.sampled_from(["arrival", "non-admission"])
OF_A_PAPER = st.permutations(["collection", "refusal", "abandonment"])
YES_OR_NO = st.sampled_from([True, False])


class Around(Day):
    """What is arranged around the flight, and what becomes of it when the flight or who was to fly changes."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, list[str]] = {each: [] for each in ("runs", "stays", "papers", "escorts", "groups")}
        self.receipts = 0

    @initialize(number=FAMILIES)
    def begin(self, number: int) -> None:
        self.run(self._begin())
        self.protection_decides(cleared=True)
        for family in {0, number}:
            self.book(family, 0, agreed=False)
            self.a_ride_is_planned(4)
            self.a_family_rides(family, 0)
            self.nights_are_booked(family)
        self.a_paper_is_asked_for(number)
        self.somebody_goes_along(4, cancel=False)
        self.second_seats_are_held(4)

    def keep(self, kind: str, path: str, body: Any) -> None:
        status, shown = self.made(path, body, TO)
        self.kept[kind] += [shown["id"]] if status == 201 else []

    def one(self, kind: str, back: int) -> str:
        """One of the latest, or an id that nothing has."""
        known = self.kept[kind]
        return known[-1 - back] if back < len(known) else str(new_id())

    def bookings_of(self, number: int) -> list[str]:
        listed = self.run(self.world.get(f"/bookings?case_id={self.families[number].case}", role=TO))["items"]
        return [each["id"] for each in listed]

    @rule(number=FAMILIES)
    def somebody_walks_in(self, number: int) -> None:
        status, shown = self.made(f"/flights/{self.flight}/walk-ins", {"case_id": str(self.families[number].case)})
        assert not (number == BOY and self.pending and status == 201), "no seat for a child whom nobody cleared"
        if status == 201 and number != BOY:
            assert {each["status"] for each in shown["persons"]} <= {"booked", "checked_in"}

    @rule(number=PEOPLE, pieces=st.integers(0, 3))
    def baggage_is_checked_in(self, number: int, pieces: int) -> None:
        _, who = self.person(number)
        self.post(f"{seat(self.flight, who)}/baggage", {"pieces": pieces})

    @rule(number=PEOPLE, amount=st.sampled_from(["50.00", "20.00", "50.01"]), old=st.booleans(), back=st.booleans())
    def pocket_money_is_paid(self, number: int, amount: str, old: bool, back: bool) -> None:
        _, who = self.person(number)
        self.receipts += not old
        body = money(f"pocket_money:{who}", amount, receipt_number=f"R-{self.receipts}")
        body |= {"given_back_receipt": f"B-{self.receipts}"} if back else {}
        self.post(f"{seat(self.flight, who)}/allowance", body, FI)

    @rule(number=FAMILIES)
    def a_family_starts_anew(self, number: int) -> None:
        """Takes back its no: another attempt, to which nothing of the first counts."""
        family = self.families[number]
        if self.said_no.isdisjoint(family.ids):
            return
        self.run(family.declare(attempt=2))
        self.run(family.decide(dict.fromkeys(family.ids, 2)))

    @rule(seats=st.sampled_from([9, 5, SEATS]), hours=st.sampled_from([0, 2]))
    def the_flight_changes(self, seats: int, hours: int) -> None:
        path, body = f"/flights/{self.flight}", change(seats, timedelta(hours=hours))
        etag = self.run(self.world.call("GET", path, role=TO)).headers["ETag"]
        status, _ = self.send(path, body, method="PATCH", role=TO, etag=etag)
        self.seats[self.flight] = seats if status == 200 else self.seats[self.flight]

    @rule(really=SELDOM)
    def the_flight_is_cancelled(self, really: bool) -> None:
        """The later one, but seldom: nearly every act on the first is refused after it."""
        which = self.flight if really else self.later
        if self.post(f"/flights/{which}/cancellation", {}, TO) == 200:
            self.cancelled |= really

    @rule(places=st.integers(1, 4))
    def a_ride_is_planned(self, places: int) -> None:
        self.keep("runs", f"/flights/{self.flight}/transport-runs", run_body(places))

    @rule(number=FAMILIES, back=LATEST)
    def a_family_rides(self, number: int, back: int) -> None:
        self.post(f"/transport-runs/{self.one('runs', back)}/riders", of(self.families[number]), TO)

    @rule(number=PEOPLE, back=LATEST)
    def somebody_gives_the_place_back(self, number: int, back: int) -> None:
        _, who = self.person(number)
        self.post(f"/transport-runs/{self.one('runs', back)}/places-given-back", {"individual_id": str(who)}, TO)

    @rule(back=LATEST, hours=st.integers(-1, 6))
    def a_ride_fetches_at_another_time(self, back: int, hours: int) -> None:
        body = {"pickup_place": "Gate 1", "pickup_at": rfc3339(DEPARTS - timedelta(hours=hours))}
        self.post(f"/transport-runs/{self.one('runs', back)}/pick-up", body, TO)

    @rule(back=LATEST)
    def a_ride_is_cancelled(self, back: int) -> None:
        self.post(f"/transport-runs/{self.one('runs', back)}/cancellation", {}, TO)

    @rule(number=FAMILIES)
    def nights_are_booked(self, number: int) -> None:
        for booking in self.bookings_of(number)[:1]:
            self.keep("stays", "/hotel-stays", stay_body({"id": booking}))

    @rule(back=LATEST)
    def nights_are_given_back(self, back: int) -> None:
        self.post(f"/hotel-stays/{self.one('stays', back)}/cancellation", {}, TO)

    @rule(number=FAMILIES)
    def a_paper_is_asked_for(self, number: int) -> None:
        self.keep("papers", "/paper-requests", asked(self.families[number]))

    @rule(back=LATEST, ends=OF_A_PAPER)
    def a_paper_goes_on_and_ends_once(self, back: int, ends: list[str]) -> None:
        path, today = f"/paper-requests/{self.one('papers', back)}", self.world.now.date().isoformat()
        self.post(f"{path}/appointment", {"appointment_at": "2021-12-15T09:00:00Z"}, TO)
        self.post(f"{path}/due", {"due_on": today}, TO)
        self.post("/paper-reminders", {}, TO)
        assert [self.post(f"{path}/{verb}", {"on": today}, TO) for verb in ends].count(200) <= 1

    @rule(number=PEOPLE, cancel=YES_OR_NO)
    def somebody_goes_along(self, number: int, cancel: bool) -> None:
        family, who = self.person(number)
        body = escort_body(family, reference=f"NURSE-{number}", individuals=[str(who)])
        self.keep("escorts", f"/flights/{self.flight}/escorts", body)
        if cancel:
            self.post(f"/escorts/{self.one('escorts', 0)}/cancellation", {}, TO)

    @rule(number=PEOPLE)
    def second_seats_are_held(self, number: int) -> None:
        _, who = self.person(number)
        self.post(f"{seat(self.flight, who)}/second-seats", {}, TO)

    @rule(number=FAMILIES, seats=st.integers(1, 4), more=st.integers(0, 5), move=YES_OR_NO)
    def a_group_is_formed_grows_and_moves(self, number: int, seats: int, more: int, move: bool) -> None:
        self.keep("groups", f"/flights/{self.flight}/travel-groups", {"label": "Bruzgi", "seats": seats})
        group = f"/travel-groups/{self.one('groups', 0)}"
        self.post(f"{group}/cases", {"case_id": str(self.families[number].case)}, TO)
        self.post(f"{group}/allotment", {"seats": more}, TO)
        if move:
            self.post(f"{group}/move", {"flight_id": str(self.later)}, TO)

    @rule(number=FAMILIES)
    def seats_are_offered_and_go_back(self, number: int) -> None:
        until = (self.world.now + timedelta(seconds=2)).isoformat()
        body = {"case_id": str(self.families[number].case), "flight_id": str(self.flight), "expires_at": until}
        self.post("/offers", body, TO)
        self.world.now += timedelta(seconds=2)
        self.post("/offer-sweeps", {}, TO)

    @rule(number=FAMILIES, really=YES_OR_NO)
    def it_flies(self, number: int, really: bool) -> None:
        self.board(number)
        if really:
            self.shut(False, set(), None)
            shown = (
                self.run(self.world.get(f"/flights/{self.flight}/doors", role=AD)) if self.closed else {"to_ask": []}
            )
            for who in shown["to_ask"]:
                self.post(f"{seat(self.flight, who)}/willingness", answered("yes"))
            self.the_aircraft_leaves()

    @rule(number=PEOPLE, end=ENDS, days=st.integers(0, 1))
    def somebody_goes_on(self, number: int, end: str, days: int) -> None:
        _, who = self.person(number)
        at = min(self.world.now, HOME + timedelta(days=days))
        bodies = {
            "transit": transit(at),
            "arrival": arrival(at),
            "non-admission": happened(at, country="IRQ", kind="left_in_transit"),
        }
        for each in ("transit", end):
            self.post(f"{seat(self.flight, who)}/{each}", {**bodies[each], "late_reason": "told_later"}, TO)

    async def _check(self) -> None:
        await super()._check()
        kinds: list[type[SQLModel]] = [
            Passenger,
            TransportRun,
            TransportPlace,
            HotelStay,
            AllowancePayment,
            PaperRequest,
        ]
        async with self.world.runtime.database.reading() as session:
            found: list[Any] = [(await session.exec(select(kind))).all() for kind in kinds]
        passengers, runs, places, stays, paid, papers = found
        seats = {each.id: each for each in passengers}
        self._check_rides(runs, places, seats)
        living = {each.booking_id for each in passengers if each.status in (*LIVING, *FLOWN)}
        assert all(each.booking_id in living for each in stays if each.status == "booked"), "a night for nobody"
        once = Counter((each.case_id, each.attempt, each.line) for each in paid)
        assert not paid or max(once.values()) == 1, "pocket money was paid twice"
        assert all(each.amount <= Decimal("50.00") for each in paid)
        assert len(await self.world.told(AllowancePaid)) == len(paid)
        waits = Counter(
            (each.individual_id, each.document) for each in papers if each.status in ("requested", "appointed")
        )
        assert max(waits.values(), default=0) <= 1, "one paper was asked for twice"
        gone = [each.key for each in await self.world.told(FlightCancelled)]
        assert not any(str(each.flight_id) in gone and each.status in LIVING for each in passengers), (
            "left behind on it"
        )
        for kind, status in ((PassengerArrived, "arrived"), (PassengerNotAdmitted, "not_admitted")):
            ended = [str(each.individual_id) for each in passengers if each.status == status]
            assert sorted(each.data["individual"] for each in await self.world.told(kind)) == sorted(ended)

    def _check_rides(self, runs: list[Any], places: list[Any], seats: dict[Any, Passenger]) -> None:
        for run in runs:
            held = [each for each in places if each.run_id == run.id and each.status == "held"]
            assert run.places_taken + run.wheelchair_taken == len(held)
            assert not held or run.status != "cancelled", "a place in what does not drive"
            for each in held:
                whose = seats[each.passenger_id]
                assert whose.flight_id == run.flight_id
                assert whose.status in (*LIVING, *FLOWN, "no_show", "offloaded"), "a place for who has no seat"


def test_nothing_is_left_over_or_given_twice_whatever_is_arranged_around_a_flight() -> None:
    in_any_order(Around, examples=2, steps=26)
