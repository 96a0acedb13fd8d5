"""Groups: seats allotted to cases that travel together, no family split, moved all or none."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.travel.groups.rules import AllotmentTooSmall, GroupFull, check_allotment, left_after
from shared.auth import Role
from tests.travel.story import TO, Family, four_people, one_adult, schedule, two_adults
from tests.travel.test_offers import seats
from tests.travel.test_parties_that_grow import born, joined
from tests.travel.watch import refused
from tests.world import World

CHARTER = {"label": "Logistics centre, 14 December", "seats": 6}


async def formed(world: World, flight: UUID, **changes: Any) -> Any:
    return await world.post(f"/flights/{flight}/travel-groups", {**CHARTER, **changes}, role=TO)


def of(family: Family) -> dict[str, str]:
    return {"case_id": str(family.case)}


async def test_a_group_s_seats_are_nobody_elses_and_its_families_are_booked_whole(world: World) -> None:
    flight = await schedule(world, seats=8, kind="charter")
    group = await formed(world, flight)
    assert await seats(world, flight) == (0, 6, 2)
    family, couple, stranger = [
        await Family(world, members=members).bookable() for members in (four_people(), two_adults(), four_people())
    ]
    problem = await stranger.book(flight, expect=409)
    assert (problem["left"], problem["wanted"]) == (2, 4)
    path = f"/travel-groups/{group['id']}/cases"
    shown = await world.post(path, of(family), role=TO)
    assert (shown["seats_left"], [each["case_id"] for each in shown["cases"]]) == (2, [str(family.case)])
    assert await seats(world, flight) == (4, 2, 2)
    problem = await refused(world, path, of(stranger), "group-full", 409, role=TO)
    assert (problem["left"], problem["wanted"]) == (2, 4), (
        "four seats are free in all, and half of them are not its own"
    )
    alone = {**of(stranger), "individuals": [str(stranger.adults[0])]}
    await refused(world, path, alone, "never-split-without-their-word", 409, role=TO)
    await world.post(path, of(couple), role=TO)
    closed = await world.post(f"/travel-groups/{group['id']}/closure", role=TO)
    assert (closed["status"], closed["seats_left"], closed["actions"]) == ("closed", 0, [])
    assert await seats(world, flight) == (6, 0, 2)


async def test_an_allotment_grows_while_seats_are_left_and_shrinks_to_what_is_booked(world: World) -> None:
    flight = await schedule(world, seats=8)
    group = await formed(world, flight)
    family = await Family(world).bookable()
    await world.post(f"/travel-groups/{group['id']}/cases", of(family), role=TO)
    path = f"/travel-groups/{group['id']}/allotment"
    await refused(world, path, {"seats": 9}, "not-enough-seats", 409, role=TO)
    assert (await world.post(path, {"seats": 8}, role=TO))["seats_left"] == 4
    problem = await refused(world, path, {"seats": 3}, "allotment-too-small", 409, role=TO)
    assert problem["booked"] == 4
    assert (await world.post(path, {"seats": 4}, role=TO))["seats_left"] == 0
    assert await seats(world, flight) == (4, 0, 4)
    await refused(world, f"/flights/{flight}/travel-groups", {**CHARTER, "seats": 5}, "not-enough-seats", 409, role=TO)


async def test_a_seat_of_a_group_that_is_freed_in_time_is_the_groups_again(world: World) -> None:
    flight = await schedule(world, seats=8)
    group = await formed(world, flight)
    family, again, stranger = [await Family(world).bookable() for _ in range(3)]
    path = f"/travel-groups/{group['id']}"
    shown = await world.post(f"{path}/cases", of(family), role=TO)
    booking = shown["cases"][0]["booking_id"]
    await world.post(f"/bookings/{booking}/cancellation", {"reason": "by_officer"}, role=TO)
    assert await seats(world, flight) == (0, 6, 2)
    assert (await world.get(path, role=TO))["seats_left"] == 6
    await stranger.book(flight, expect=409)
    assert (await world.post(f"{path}/allotment", {"seats": 4}, role=TO))["seats_left"] == 4, "nobody is booked"
    assert (await world.post(f"{path}/cases", of(again), role=TO))["seats_left"] == 0
    await stranger.book(flight)


async def test_a_group_changes_to_another_flight_all_or_none(world: World) -> None:
    first, small, big = await schedule(world, 10), await schedule(world, 5), await schedule(world, 10)
    group = await formed(world, first, seats=8)
    families = [await Family(world, members=each).bookable() for each in (four_people(), two_adults())]
    for family in families:
        await world.post(f"/travel-groups/{group['id']}/cases", of(family), role=TO)
    path = f"/travel-groups/{group['id']}/move"
    await refused(world, path, {"flight_id": str(small)}, "not-enough-seats", 409, role=TO)
    await refused(world, path, {"flight_id": str(first)}, "same-flight", 409, role=TO)
    moved = await world.post(path, {"flight_id": str(big)}, role=TO)
    assert (moved["flight_id"], moved["seats"], moved["seats_left"]) == (str(big), 6, 0)
    assert (await seats(world, first), await seats(world, big)) == ((0, 0, 10), (6, 0, 4))
    for each in moved["cases"]:
        booking = await world.get(f"/bookings/{each['booking_id']}", role=TO)
        assert (booking["flight_id"], booking["status"]) == (str(big), "confirmed")


async def test_a_family_that_grew_moves_with_its_group_and_with_who_joined(world: World) -> None:
    first, second = await schedule(world, 10), await schedule(world, 10)
    group = await formed(world, first, seats=8)
    family = await Family(world).bookable()
    path = f"/travel-groups/{group['id']}"
    await world.post(f"{path}/cases", of(family), role=TO)
    baby = born(*family.adults)
    family.members = (*family.members, baby)
    await family.tell(joined(family, baby.individual), baby.individual, 1)
    await family.declare(baby.individual)
    await family.tell(family.decision_fact())
    shown = await world.post(f"{path}/cases", {**of(family), "individuals": [str(baby.individual)]}, role=TO)
    assert shown["seats_left"] == 3
    moved = await world.post(f"{path}/move", {"flight_id": str(second)}, role=TO)
    assert (moved["seats"], await seats(world, first), await seats(world, second)) == (5, (0, 0, 10), (5, 0, 5))
    (there,) = moved["cases"]
    booking = await world.get(f"/bookings/{there['booking_id']}", role=TO)
    assert (booking["status"], len(booking["passengers"])) == ("confirmed", 5)


async def test_a_cancelled_flight_closes_its_groups_and_an_empty_group_moves_nobody(world: World) -> None:
    flight, other = await schedule(world), await schedule(world)
    group = await formed(world, flight)
    path = f"/travel-groups/{group['id']}/move"
    await refused(world, path, {"flight_id": str(other)}, "group-is-empty", 409, role=TO)
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    listed = await world.get(f"/flights/{flight}/travel-groups", role=Role.AUDITOR)
    assert [(each["status"], each["seats_left"]) for each in listed["items"]] == [("closed", 0)]
    family = await Family(world, members=one_adult()).bookable()
    await refused(world, f"/travel-groups/{group['id']}/cases", of(family), "not-possible-now", 409, role=TO)
    await refused(world, f"/flights/{flight}/travel-groups", CHARTER, "flight-not-open", 409, role=TO)


@given(st.integers(1, 30), st.lists(st.tuples(st.booleans(), st.integers(1, 12)), max_size=12))
def test_an_allotment_is_always_what_is_booked_and_what_is_left(seats: int, acts: list[tuple[bool, int]]) -> None:
    left, booked = seats, 0
    for books, number in acts:
        try:
            if books:
                left, booked = check_allotment(left, number), booked + number
            else:
                left, seats = left_after(seats, left, number), number
        except GroupFull:
            assert number > left
        except AllotmentTooSmall:
            assert number < booked
        assert left >= 0
        assert left + booked == seats
