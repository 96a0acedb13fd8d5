"""Nights near the airport: a bed for everyone, what they cost, and that they end with the booking."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.travel.nights.rules import StayUnclear, check_stay, cost_of_ended, stay_cost
from shared.auth import Role
from shared.clock import rfc3339
from tests.travel.story import DEPARTS, TO, Family, four_people, one_adult, schedule
from tests.travel.watch import refused
from tests.world import World

FIRST, UNTIL = date(2021, 12, 12), date(2021, 12, 14)
FREE_UNTIL = datetime(2021, 12, 11, 18, 0, tzinfo=UTC)


def stay_body(booking: Any, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "booking_id": booking["id"],
        "house": "Hotel at the airport",
        "first_night": FIRST.isoformat(),
        "until": UNTIL.isoformat(),
        "rooms": 2,
        "beds": 4,
        "night_price": {"amount": "45.00", "currency": "EUR"},
        "free_until": rfc3339(FREE_UNTIL),
        "project_code": "RT.0123",
        "budget_line": "B-NIGHTS",
    }
    return {**body, **changes}


async def test_nights_are_for_people_of_a_booking_and_end_with_it_free_of_charge_in_time(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world, members=four_people()).bookable()
    booking = await family.book(flight)
    stay = await world.post("/hotel-stays", stay_body(booking), role=TO)
    assert (stay["cost"], stay["currency"], len(stay["individuals"])) == ("180.00", "EUR", 4)
    await family.withdraw(family.adults[1])
    kept = await world.get(f"/hotel-stays/{stay['id']}", role=Role.FINANCE)
    assert (kept["status"], len(kept["individuals"])) == ("booked", 3)
    await family.withdraw()
    ended = await world.get(f"/hotel-stays/{stay['id']}", role=Role.FINANCE)
    assert (ended["status"], ended["cost"], ended["actions"]) == ("cancelled", "0.00", [])


async def test_nobody_has_two_beds_for_one_night(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world, members=four_people()).bookable()
    booking = await family.book(flight)
    two = [str(each) for each in family.adults]
    stay = await world.post("/hotel-stays", stay_body(booking, rooms=1, individuals=two), role=TO)
    last = {"first_night": (UNTIL - timedelta(days=1)).isoformat()}
    for again in ({}, {"house": "Another"}, {"individuals": two[:1]}, last):
        problem = await refused(
            world, "/hotel-stays", stay_body(booking, **again), "nights-booked-already", 409, role=TO
        )
        assert problem["stay"] == stay["id"]
        assert set(problem["individuals"]) <= set(two)
    before = {"first_night": (FIRST - timedelta(days=1)).isoformat(), "until": FIRST.isoformat(), "free_until": None}
    await world.post("/hotel-stays", stay_body(booking, individuals=two, **before), role=TO)
    children = [str(each) for each in family.children]
    await world.post("/hotel-stays", stay_body(booking, individuals=children), role=TO)
    await world.post(f"/hotel-stays/{stay['id']}/cancellation", role=TO)
    await world.post("/hotel-stays", stay_body(booking, individuals=two), role=TO)


async def test_nights_given_back_too_late_are_owed_and_seen_by_flight_and_case(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world, members=one_adult()).bookable()
    booking = await family.book(flight)
    stay = await world.post("/hotel-stays", stay_body(booking, rooms=1, beds=1), role=TO)
    world.now = FREE_UNTIL + timedelta(seconds=1)
    ended = await world.post(f"/hotel-stays/{stay['id']}/cancellation", role=TO)
    assert (ended["status"], ended["cost"]) == ("cancelled", "90.00")
    await refused(world, f"/hotel-stays/{stay['id']}/cancellation", None, "not-possible-now", 409, role=TO)
    for asked in (f"flight_id={flight}", f"case_id={family.case}"):
        page = await world.get(f"/hotel-stays?{asked}", role=TO)
        assert [each["id"] for each in page["items"]] == [stay["id"]]


async def test_nights_for_who_has_no_seat_or_without_a_bed_are_refused(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world).bookable()
    booking = await family.book(flight)
    body = stay_body(booking, beds=3)
    assert (await refused(world, "/hotel-stays", body, "stay-unclear", 422, role=TO))["reason"] == "too_few_beds"
    body = stay_body(booking, house="a\x00b")
    await refused(world, "/hotel-stays", body, "invalid-body", 422, role=TO)
    dear = {"amount": "999999999999", "currency": "EUR"}
    body = stay_body(booking, rooms=30, night_price=dear)
    assert (await refused(world, "/hotel-stays", body, "stay-unclear", 422, role=TO))["reason"] == "cost_too_high"
    await family.withdraw()
    await refused(world, "/hotel-stays", stay_body(booking), "not-on-that-flight", 422, role=TO)


@pytest.mark.parametrize(
    ("first", "until", "free_until", "reason"),
    [
        (UNTIL, UNTIL, None, "no_night"),
        (UNTIL - timedelta(days=61), UNTIL, None, "too_many_nights"),
        (FIRST, DEPARTS.date() + timedelta(days=1), None, "after_departure"),
        (FIRST, UNTIL, DEPARTS + timedelta(days=1), "free_after_the_end"),
    ],
)
def test_nights_that_do_not_fit_the_journey_are_refused(
    first: date, until: date, free_until: datetime | None, reason: str
) -> None:
    with pytest.raises(StayUnclear) as found:
        check_stay(first, until, 1, 1, DEPARTS.date(), free_until)
    assert found.value.members["reason"] == reason


@given(
    st.integers(0, 99_999).map(lambda each: Decimal(each) / 100),
    st.integers(1, 9),
    st.integers(1, 60),
    st.integers(-5, 70),
    st.booleans(),
)
def test_what_is_owed_is_never_more_than_all_nights_and_never_less_than_those_slept(
    price: Decimal, rooms: int, nights: int, ended_after: int, free: bool
) -> None:
    until = FIRST + timedelta(days=nights)
    at = datetime(2021, 12, 12, 12, 0, tzinfo=UTC) + timedelta(days=ended_after)
    owed = cost_of_ended(price, rooms, FIRST, until, at if free else None, at)
    slept = min(max(ended_after, 0), nights)
    assert owed == price * rooms * (slept if free else nights)
    assert owed <= stay_cost(price, rooms, FIRST, until)
