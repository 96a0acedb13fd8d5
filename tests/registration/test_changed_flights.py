"""A flight leaves at another time: whoever is booked on it is told, whatever comes first."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from services.registration.notices.rules import About, came_after, overtaken_by
from shared.contracts import travel
from shared.events import Event
from tests.registration.story import DOORS, RO, TOOK_OFF, Case, family_body, person, register
from tests.registration.test_notices import fact, notices
from tests.registration.test_passages import booked, booking
from tests.world import World

SOON = DOORS - timedelta(days=3)


def flight(case: Case, kind: type[Event], minutes: int = 0, **more: Any) -> Event:
    leaves = TOOK_OFF + timedelta(minutes=minutes)
    leg: dict[str, Any] = {"flight_number": "XX123", "from_airport": "MSQ", "from_country": "BLR", "to_airport": "EBL"}
    leg |= {"to_country": "IRQ", "departs": leaves, "arrives": leaves + timedelta(hours=5), **more}
    return kind(flight=case.flight, kind="charter", legs=(travel.Leg(**leg),), seats=200)


def scheduled(case: Case) -> Event:
    return flight(case, travel.FlightScheduled)


def changed(case: Case, minutes: int, **more: Any) -> Event:
    return flight(case, travel.FlightChanged, minutes, **more)


async def hear(case: Case, *facts: Event, hours: int = 0) -> None:
    """Facts of the flight under its key, those of a booking under the case's."""
    for each in facts:
        key = case.flight if isinstance(each, travel.FlightScheduled | travel.FlightChanged) else case.id
        await case.world.hear(each, key=key, subject=case.booking, now=SOON + timedelta(hours=hours))


async def on_one_flight(world: World, cases: int) -> list[Case]:
    aircraft, found = uuid4(), []
    for number in range(cases):
        one = person("man", "principal_applicant", f"Aram{number}", "1990-06-01", "male")
        case = await register(world, family_body(members=[one]))
        case.flight = aircraft
        found.append(case)
    return found


def whom(found: list[Any]) -> set[UUID]:
    return {UUID(each["individual_id"]) for each in found}


async def test_everyone_who_is_booked_on_a_changed_flight_is_to_be_told_when_it_leaves_now(world: World) -> None:
    cases = await on_one_flight(world, 5)
    await hear(cases[0], scheduled(cases[0]))
    for case in cases:
        await hear(case, booked(case))
    await hear(cases[4], booking(cases[4], travel.BookingCancelled, reason="withdrawn"))
    await hear(cases[0], changed(cases[0], 90), hours=1)
    found = await notices(world)
    assert whom(found) == {case.ids["man"] for case in cases[:4]}, "and nobody who gave the seat back"
    assert {(each["about"], each["departs_at"]) for each in found} == {
        ("flight_changed", "2021-12-14T11:10:00.000000Z")
    }
    path = f"/notices/{found[0]['id']}/telling"
    await world.post(path, {"channel": "message", "reached": True}, role=RO)
    assert len(await notices(world)) == 3


async def test_a_family_on_it_is_told_by_its_adults_once_for_each_change(world: World) -> None:
    family = await register(world)
    adults = {family.ids["father"], family.ids["mother"]}
    await hear(family, scheduled(family), booked(family))
    await hear(family, changed(family, 90), changed(family, 0, from_airport="GNA"), hours=1)
    assert whom(await notices(world)) == adults
    assert [each["departs_at"] for each in await notices(world, "overtaken")] == ["2021-12-14T11:10:00.000000Z"] * 2
    await hear(family, booked(family), hours=2)  # travel tells the bookings again, as they now are
    assert len(await notices(world)) == 2


async def test_other_seats_are_nothing_to_tell_nor_is_what_was_so_when_they_were_booked(world: World) -> None:
    family = await register(world)
    await hear(family, scheduled(family), changed(family, 90))
    await hear(family, booked(family), changed(family, 90), hours=1)
    assert await notices(world) == []


async def test_a_booking_that_is_heard_of_after_the_change_of_its_flight_is_told_of_it_all_the_same(
    world: World,
) -> None:
    family = await register(world)
    told = [(scheduled(family), family.flight), (booked(family), family.id), (changed(family, 90), family.flight)]
    deliveries = [world.delivery(fact, key=key, subject=family.booking) for fact, key in told]
    for late in (deliveries[0], deliveries[2], deliveries[1], deliveries[1]):
        await world.runtime.consumer.take([late])
    assert [each["about"] for each in await notices(world)] == ["flight_changed"] * 2


async def test_a_changed_time_leaves_the_hold_to_be_told_and_a_lost_seat_leaves_nothing(world: World) -> None:
    family = await register(world)
    await hear(family, scheduled(family), booked(family))
    await hear(family, fact(family, travel.BookingOnHold, "father", reason="restriction"))
    await hear(family, changed(family, 90), hours=1)
    of_father = [each["about"] for each in await notices(world) if each["individual_id"] == str(family.ids["father"])]
    assert of_father == ["flight_changed", "booking_on_hold"]
    await hear(family, fact(family, travel.BookingCancelled, reason="flight_cancelled"))
    assert {each["about"] for each in await notices(world)} == {"booking_cancelled"}


def test_what_came_first_is_told_by_position_and_else_by_the_moment_of_recording() -> None:
    class Change:
        changed, legs, position, recorded_at = True, (), 7, SOON

    assert came_after(Change(), 6, SOON + timedelta(days=1))
    assert not came_after(Change(), 8, SOON - timedelta(days=1))
    assert came_after(Change(), None, SOON - timedelta(seconds=1))
    assert not came_after(Change(), None, SOON + timedelta(seconds=1))


def test_each_kind_of_notice_overtakes_its_own_kind() -> None:
    assert all(about in overtaken_by(about) for about in About)
