"""Who needs more than one seat, who goes along, and how long a check is good: by codes and dated rules, never why."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.travel.supports.rules import NEEDS, SupportCode, escorts_missing, extra_seats_needed
from shared.auth import Role
from shared.contracts.registration import Fitness
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    AT_THE_DESK,
    CHECKED,
    CUT_OFF,
    DEPARTS,
    LEFT,
    TO,
    Family,
    check,
    close_doors,
    one_adult,
    schedule,
    seat,
    to_the_door,
)
from tests.travel.test_offers import seats
from tests.travel.watch import refused
from tests.world import World

ME = Role.MEDICAL


def escort_body(family: Family, kind: str = "medical", **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "kind": kind,
        "reference": "NURSE-07",
        "individuals": [str(each) for each in family.ids],
        "fare": {"amount": "540.00", "currency": "EUR"},
        "project_code": "RT.0123",
        "budget_line": "B-ESCORT",
    }
    return {**body, **changes}


RULE = {"code": "stretcher", "extra_seats": 2, "valid_from": "2021-12-01", "source": "Carrier's manual, 4.2"}
CHECK_RULE = {
    "outcome": "fit",
    "good_for_hours": 24,
    "repeat_after_cancellation": True,
    "valid_from": "2021-12-14",
    "source": "Order of the medical service",
}


async def checked(family: Family, *support: str) -> None:
    who = family.ids[0]
    outcome = Fitness.FIT_WITH_SUPPORT if support else Fitness.FIT
    await family.tell(check(who, CHECKED, outcome=outcome, support=support), who)


async def missing_at_check_in(world: World, family: Family, flight: UUID) -> list[str]:
    shown = await world.get(f"/cases/{family.case}/readiness?flight_id={flight}", role=AD)
    return [each["code"] for each in shown["individuals"][0]["at_check_in"]["missing"]]


async def test_a_second_seat_counts_among_the_seats_of_the_flight_from_the_check_to_the_end(world: World) -> None:
    flight = await schedule(world, seats=4)
    family = await Family(world, members=one_adult()).ready()
    await family.book(flight)
    assert await seats(world, flight) == (1, 0, 3)
    await checked(family, "extra_seat")
    assert await seats(world, flight) == (1, 1, 2), "held as soon as the check was told"
    assert await missing_at_check_in(world, family, flight) == []
    await checked(family)
    assert await seats(world, flight) == (1, 0, 3)
    await checked(family, "extra_seat")
    world.now = CUT_OFF
    await family.withdraw()
    shown = await world.get(f"/flights/{flight}", role=TO)
    assert (shown["seats"]["lost"], shown["seats_aside"], shown["seats"]["left"]) == (2, 0, 2)
    assert shown["fares_lost"] == {"amount": "620.00", "currency": "EUR"}, "both seats were paid for"
    (passenger,) = (await world.get(f"/flights/{flight}/passengers", role=AD))["passengers"]
    assert passenger["fare_lost"] == "620.00", "and so it stands with the passenger"


async def test_who_needs_more_seats_than_are_left_is_stopped_at_check_in_until_they_are_held(world: World) -> None:
    rule = await world.post("/support-rules", RULE, role=ME)
    assert (await world.get("/support-rules", role=TO))["items"] == [rule]
    flight = await schedule(world, seats=3)
    family, other = [await Family(world, members=one_adult()).ready() for _ in range(2)]
    await family.book(flight)
    booking = await other.book(flight)
    await checked(family, "stretcher")
    assert await seats(world, flight) == (2, 0, 1), "all of them or none"
    assert await missing_at_check_in(world, family, flight) == ["second_seat_missing"]
    path = f"{seat(flight, family.ids[0])}/second-seats"
    problem = await refused(world, path, {}, "not-enough-seats", 409, role=TO)
    assert (problem["left"], problem["wanted"]) == (1, 2)
    world.now = AT_THE_DESK - timedelta(days=2)
    await world.post(f"/bookings/{booking['id']}/cancellation", {"reason": "by_officer"}, role=TO)
    assert (await world.post(path, {}, role=TO))["held"] == 2
    assert await missing_at_check_in(world, family, flight) == []


async def test_who_is_known_to_need_two_seats_is_booked_with_both_or_not_at_all(world: World) -> None:
    flight = await schedule(world, seats=1)
    family = await Family(world, members=one_adult()).bookable()
    await checked(family, "extra_seat")
    problem = await family.book(flight, expect=409)
    assert (problem["left"], problem["wanted"]) == (1, 2)
    bigger = await schedule(world, seats=2)
    await family.book(bigger)
    assert await seats(world, bigger) == (1, 1, 0)


async def test_an_escort_has_a_seat_of_their_own_which_ends_with_the_last_they_go_along_with(world: World) -> None:
    flight = await schedule(world, seats=2)
    family = await Family(world, members=one_adult()).ready()
    await family.book(flight)
    await checked(family, "medical_escort")
    assert await missing_at_check_in(world, family, flight) == ["escort_missing"]
    operational = escort_body(family, "operational", reference="OPS-1")
    wrong = await world.post(f"/flights/{flight}/escorts", operational, role=TO)
    assert await seats(world, flight) == (1, 1, 0)
    assert await missing_at_check_in(world, family, flight) == ["escort_missing"], "a nurse is asked for"
    await refused(world, f"/flights/{flight}/escorts", escort_body(family), "not-enough-seats", 409, role=TO)
    await world.post(f"/escorts/{wrong['id']}/cancellation", role=TO)
    nurse = await world.post(f"/flights/{flight}/escorts", escort_body(family), role=TO)
    assert await missing_at_check_in(world, family, flight) == []
    await refused(world, f"/flights/{flight}/escorts", escort_body(family), "escort-booked-already", 409, role=TO)
    world.now = CUT_OFF
    await family.withdraw()
    listed = (await world.get(f"/flights/{flight}/escorts", role=ME))["items"]
    assert [(each["id"], each["status"], each["seat"]) for each in listed] == [
        (wrong["id"], "cancelled", "freed"),
        (nurse["id"], "cancelled", "lost"),
    ]
    assert await seats(world, flight) == (0, 0, 0)
    nobody = escort_body(family, reference="X")
    await refused(world, f"/flights/{flight}/escorts", nobody, "not-on-that-flight", 422, role=TO)


async def test_an_escort_may_be_added_at_the_desk_after_the_cut_off_and_until_the_doors_close(world: World) -> None:
    flight = await schedule(world, seats=2)
    family = await Family(world, members=one_adult()).ready()
    await family.book(flight)
    await to_the_door(world, flight, family)
    assert world.now > CUT_OFF
    late = await world.post(f"/flights/{flight}/escorts", escort_body(family), role=TO)
    assert await seats(world, flight) == (1, 1, 0), "among the seats of the flight, as any"
    more = escort_body(family, "operational", reference="OPS-1")
    await refused(world, f"/flights/{flight}/escorts", more, "not-enough-seats", 409, role=TO)
    ended = await world.post(f"/escorts/{late['id']}/cancellation", role=TO)
    assert ended["seat"] == "lost", "the airline gives no seat back so late"
    assert await seats(world, flight) == (1, 0, 0)
    await close_doors(world, flight)
    await refused(world, f"/flights/{flight}/escorts", more, "flight-not-open", 409, role=TO)


async def test_how_long_a_check_is_good_is_a_rule_with_a_day_from_which_it_counts(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world, members=one_adult()).ready()
    await family.book(flight)
    assert await missing_at_check_in(world, family, flight) == []
    await world.post("/check-rules", CHECK_RULE, role=ME)
    assert await missing_at_check_in(world, family, flight) == ["check_too_old"], "made 40 hours before"
    later = {**CHECK_RULE, "good_for_hours": 1, "valid_from": "2021-12-15"}
    await world.post("/check-rules", {**CHECK_RULE, "good_for_hours": 48}, role=ME)
    await world.post("/check-rules", later, role=ME)
    assert await missing_at_check_in(world, family, flight) == [], "the last that counts on the day of departure"
    assert len((await world.get("/check-rules", role=TO))["items"]) == 3


async def test_a_check_made_for_a_seat_that_was_lost_is_made_again_where_the_rule_says_so(world: World) -> None:
    flight, next_flight = await schedule(world), await schedule(world)
    family = await Family(world, members=one_adult()).ready()
    await family.book(flight)
    world.now = CHECKED + timedelta(hours=1)
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    await family.book(next_flight)
    assert await missing_at_check_in(world, family, next_flight) == []
    await world.post("/check-rules", {**CHECK_RULE, "good_for_hours": 72}, role=ME)
    assert await missing_at_check_in(world, family, next_flight) == ["check_to_repeat"]
    await family.is_checked(at=world.now + timedelta(minutes=1))
    assert await missing_at_check_in(world, family, next_flight) == []


@given(st.sets(st.sampled_from(SupportCode)), st.sets(st.sampled_from(["medical", "operational", "family"])))
def test_seats_never_shrink_and_escorts_never_go_missing_by_asking_for_more(
    codes: Iterable[SupportCode], there: set[str]
) -> None:
    wanted = {str(each) for each in codes}
    seats_wanted = extra_seats_needed(wanted, NEEDS)
    assert seats_wanted == max([NEEDS[each].extra_seats for each in wanted], default=0)
    assert extra_seats_needed([*wanted, "stretcher"], NEEDS) >= seats_wanted
    if not escorts_missing(wanted, NEEDS, there):
        assert "medical_escort" not in wanted or "medical" in there
        assert not escorts_missing(wanted, NEEDS, {*there, "medical"})


async def test_who_goes_along_and_what_is_to_be_arranged_stand_on_the_sheets_and_are_counted_at_the_door(
    world: World, registration: Registration
) -> None:
    flight = await schedule(world)
    family = await Family(world, members=one_adult()).ready()
    await family.book(flight)
    said = {"outcome": Fitness.FIT_WITH_SUPPORT, "support": ("wheelchair", "medical_escort")}
    (who,) = family.ids
    await family.tell(check(who, CHECKED, fly_before=DEPARTS.date(), **said), who)
    await world.post(f"/flights/{flight}/escorts", escort_body(family), role=TO)
    sheet = await world.get(f"/flights/{flight}/manifest", role=AD)
    assert sheet["escorts"] == [{"reference": "NURSE-07", "kind": "medical"}]
    assert sheet["lines"][0]["support"] == ["medical_escort", "wheelchair"]
    for form in ("html", "csv"):
        text = (await world.call("GET", f"/flights/{flight}/manifest.{form}", role=AD)).text
        assert [each in text for each in ("NURSE-07", "wheelchair", str(DEPARTS.date()))] == [True] * 3
    listed = {
        role: (await world.get(f"/flights/{flight}/passengers", role=role))["passengers"][0]
        for role in (AD, Role.AUDITOR)
    }
    assert listed[AD]["fly_before"] == str(DEPARTS.date())
    assert listed[AD]["support"] == ["medical_escort", "wheelchair"]
    assert (listed[Role.AUDITOR]["support"], listed[Role.AUDITOR]["fly_before"]) == ([], None)
    await to_the_door(world, flight, family)
    await close_doors(world, flight)
    await carry(world)
    world.now = DEPARTS
    path = f"/flights/{flight}/departure"
    await refused(world, path, {**LEFT, "counted": {"persons": 1}}, "manifest-disagrees", 409, role=AD)
    shown = await world.post(path, {**LEFT, "counted": {"persons": 2}}, role=AD)
    assert (shown["counted_persons"], shown["validated"]) == (2, True)
