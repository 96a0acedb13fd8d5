"""Whatever is planned or done at the desk, in whatever order: no seat twice, no child alone or without protection,
nobody uncleared or against their word, no family split."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlmodel import col, select

from services.travel.passengers.models import Passenger
from services.travel.passengers.rules import LIVING
from services.travel.waiting.models import WaitingEntry
from shared.contracts.registration import Fitness
from tests.any_order import in_any_order
from tests.travel.days import FAMILIES, PEOPLE, Day
from tests.travel.registration import carry
from tests.travel.story import AD, CHECKED, DEPARTS, TO, answered, check, seat
from tests.travel.test_escorts_and_support import escort_body


class Desk(Day):
    """The day of the flight."""

    @initialize(at_the_gate=st.sets(FAMILIES), verb=st.sampled_from(["refusal", "acceptance"]))
    def begin(self, at_the_gate: set[int], verb: str) -> None:
        self.run(self._begin())
        self.an_offer_is_answered(2, verb)
        for number in sorted(at_the_gate):
            self.bring_a_family_to_the_gate(number)

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

    @rule(number=FAMILIES, minutes=st.integers(1, 1800))
    def seats_are_offered(self, number: int, minutes: int) -> None:
        until = (self.world.now + timedelta(minutes=minutes)).isoformat()
        body = {"case_id": str(self.families[number].case), "flight_id": str(self.flight), "expires_at": until}
        self.post("/offers", body, TO)

    @rule(number=FAMILIES, verb=st.sampled_from(["acceptance", "acceptance", "refusal"]))
    def an_offer_is_answered(self, number: int, verb: str) -> None:
        self.seats_are_offered(number, 2)
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
        self.shut(away, refused, parents_of)

    @rule()
    def registration_comes_back(self) -> None:
        self.registration.away = False
        self.run(carry(self.world))

    @rule()
    def it_leaves(self) -> None:
        self.the_aircraft_leaves()

    @rule(outcomes=st.lists(st.sampled_from(["departed", "left_behind", "no_show"]), min_size=8, max_size=8))
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
            status, kept = self.made(f"/flights/{self.flight}/paper-manifests", paper)
            self.on_paper |= status == 201
            if status == 201 and kept["status"] == "contradicts":
                said = {"resolution": "departed_too" if outcomes[0] == "departed" else "record_stands"}
                self.post(f"/flights/{self.flight}/paper-manifests/{kept['id']}/resolution", said, TO)


class Planning(Day):
    """The days before it: who is booked, on which flight, in a group or from the waiting list."""

    @initialize(number=FAMILIES, back=st.booleans())
    def begin(self, number: int, back: bool) -> None:
        self.run(self._begin())
        self.protection_decides(cleared=True)
        self.wait(number)
        self.wait_no_more(number, again=True)
        self.book(number, 0, agreed=False)
        self.change_flights(number, later=True)
        if back:
            self.change_flights(number, later=False)

    def booking_of(self, number: int) -> str:
        listed = self.run(self.world.get(f"/bookings?case_id={self.families[number].case}", role=TO))["items"]
        living = [each["id"] for each in listed if each["status"] not in ("cancelled", "closed")]
        return living[-1] if living else str(self.flight)

    @rule(number=FAMILIES, later=st.booleans())
    def change_flights(self, number: int, later: bool) -> None:
        onto, before = self.later if later else self.flight, self.seated(number)
        self.post(f"/bookings/{self.booking_of(number)}/rebooking", {"flight_id": str(onto)}, TO)
        assert self.seated(number) == before, "who changes flights, or stays, loses no seat by it"

    def seated(self, number: int) -> set[str]:
        listed = self.run(self.world.get(f"/bookings?case_id={self.families[number].case}", role=TO))["items"]
        return {one["individual_id"] for each in listed for one in each["passengers"] if one["status"] in LIVING}

    @rule(number=FAMILIES, leave=st.none() | st.integers(0, 3), agreed=st.booleans())
    def cancel(self, number: int, leave: int | None, agreed: bool) -> None:
        family = self.families[number]
        body: dict[str, Any] = {"reason": "by_officer"}
        if leave is not None:
            body["individuals"] = [str(family.ids[leave % len(family.ids)])]
        if agreed:
            body["split_agreed"] = {"stated_by": [str(each) for each in family.adults], "on": "2021-12-10"}
        self.post(f"/bookings/{self.booking_of(number)}/cancellation", body, TO)

    @rule(number=FAMILIES)
    def wait(self, number: int) -> None:
        self.post("/waiting-list", {"case_id": str(self.families[number].case)}, TO)

    def waiting(self) -> dict[str, Any]:
        """By case, what the list shows."""
        listed = self.run(self.world.get("/waiting-list?destination=IRQ", role=TO))["items"]
        found = {each["case_id"]: each for each in listed}
        assert len(found) == len(listed), "a case waits once"
        return found

    @rule(number=FAMILIES, again=st.booleans())
    def wait_no_more(self, number: int, again: bool) -> None:
        """A case leaves the list at its own word, is seated from it by nobody then, and may stand at its end again."""
        case = str(self.families[number].case)
        there = self.waiting().get(case, {"id": str(self.flight)})
        status = self.post(f"/waiting-list/{there['id']}/leaving", {}, TO)
        assert case not in self.waiting()
        if status == 200:
            assert self.post(f"/waiting-list/{there['id']}/leaving", {}, TO) == 409, "a wait ends once"
            seated = self.made(f"/flights/{self.flight}/seating", {}, TO)[1].get("seated", [])
            assert case not in {each["case_id"] for each in seated}, "who waits no more is seated by nobody"
        if again:
            self.wait(number)

    @rule()
    def seat_who_waits(self) -> None:
        self.post(f"/flights/{self.flight}/seating", {}, TO)

    async def _check(self) -> None:
        await super()._check()
        async with self.world.runtime.database.reading() as session:
            waiting = (await session.exec(select(WaitingEntry).where(WaitingEntry.status == "waiting"))).all()
            seats = (await session.exec(select(Passenger).where(col(Passenger.status).in_(LIVING)))).all()
        waits = {UUID(one) for each in waiting for one in each.individuals}
        assert not waits & {each.individual_id for each in seats}, "nobody waits who has a seat"
        assert not waits & self.said_no, "nor anybody who withdrew"

    @rule(number=FAMILIES, seats=st.integers(1, 4))
    def travel_in_a_group(self, number: int, seats: int) -> None:
        """Seats are allotted to one group after another, and a case is booked out of the last that is open."""
        self.post(f"/flights/{self.flight}/travel-groups", {"label": "Bruzgi", "seats": seats}, TO)
        path = f"/flights/{self.flight}/travel-groups"
        for each in self.run(self.world.get(path, role=TO))["items"][-1:]:
            body = {"case_id": str(self.families[number].case)}
            self.post(f"/travel-groups/{each['id']}/cases", body, TO)
            if number == 0:
                self.post(f"/travel-groups/{each['id']}/closure", {}, TO)

    def _end_the_day(self) -> None:
        for number in range(len(self.families)):
            self.board(number)
        super()._end_the_day()


def test_nobody_flies_who_must_not_whatever_is_done_on_the_day() -> None:
    in_any_order(Desk, examples=3, steps=17)


def test_no_seat_is_given_twice_whatever_is_planned() -> None:
    in_any_order(Planning, examples=2, steps=16)
