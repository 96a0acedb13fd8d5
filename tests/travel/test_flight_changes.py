"""A flight that changes keeps everyone's seat and asks again what was good for the old times; and changing flights."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts import travel as t
from tests.travel.story import (
    AD,
    AT_THE_DESK,
    DEPARTS,
    TO,
    YES,
    Family,
    flight_body,
    leg,
    one_adult,
    schedule,
    seat,
    statuses,
    two_adults,
)
from tests.travel.test_bookings import agreed
from tests.travel.test_holds import suspended
from tests.travel.watch import refused, snapshot
from tests.world import World

KEPT = ("legs", "seats", "cut_off_at", "check_in_opens_at", "doors_at")


def change(seats: int = 30, later: timedelta = timedelta(hours=30), **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in flight_body(seats, DEPARTS + later, **changes).items() if name in KEPT}


async def changed(world: World, flight: UUID, body: dict[str, Any], status: int = 200) -> Any:
    etag = (await world.call("GET", f"/flights/{flight}", role=TO)).headers["ETag"]
    before = await snapshot(world)
    answer = await world.call("PATCH", f"/flights/{flight}", body, role=TO, etag=etag)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert await snapshot(world) == before, "a refusal changed something"
    return answer.json()


async def test_a_flight_that_moves_keeps_its_people_and_asks_again_for_checks_that_grew_too_old(world: World) -> None:
    family = await Family(world).ready()
    flight = await schedule(world)
    booking = await family.book(flight)
    readiness = f"/cases/{family.case}/readiness?flight_id={flight}"
    assert all(each["at_check_in"]["passed"] for each in (await world.get(readiness, role=TO))["individuals"])
    shown = await changed(world, flight, change(later=timedelta(hours=36)))
    assert shown["legs"][0]["departs"].startswith("2021-12-15T21:00")
    assert shown["seats"]["taken"] == 4
    for person in (await world.get(readiness, role=TO))["individuals"]:
        assert [item["code"] for item in person["at_check_in"]["missing"]] == ["check_too_old"]
    (told,) = await world.told(t.FlightChanged, flight)
    assert told.data["legs"][0]["departs"].startswith("2021-12-15T21:00")
    last = (await world.told(t.BookingMade, family.case))[-1]
    assert (last.data["booking"], last.data["departs"][:13]) == (booking["id"], "2021-12-15T21")


async def test_who_said_yes_to_another_departure_is_asked_again(world: World) -> None:
    family = await Family(world, members=one_adult()).ready()
    flight = await schedule(world)
    await family.book(flight)
    world.now = AT_THE_DESK
    (who,) = family.ids
    await world.post(f"{seat(flight, who)}/check-in", role=AD)
    await world.post(f"{seat(flight, who)}/willingness", YES, role=AD)
    await changed(world, flight, change(later=timedelta(hours=2)))
    shown = await world.get(seat(flight, who), role=AD)
    assert (shown["willingness"], shown["ask_again"]) == (None, True)


async def test_a_flight_moved_into_a_suspension_holds_its_bookings(world: World) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    booking = await family.book(flight)
    await world.hear(suspended(since=DEPARTS.date() + timedelta(days=1)), key="IRQ")
    assert (await world.get(f"/bookings/{booking['id']}", role=TO))["status"] == "confirmed"
    await changed(world, flight, change())
    assert (await world.get(f"/bookings/{booking['id']}", role=TO))["status"] == "on_hold"
    await changed(world, flight, change(later=timedelta(0)))
    assert (await world.get(f"/bookings/{booking['id']}", role=TO))["status"] == "confirmed"


async def test_a_stop_may_fall_away_or_be_added_and_another_country_is_another_flight(world: World) -> None:
    flight = await schedule(world)
    home = DEPARTS + timedelta(hours=5)
    direct = [leg("MSQ", "BLR", "EBL", "IRQ", DEPARTS, home)]
    assert len((await changed(world, flight, {**change(later=timedelta(0)), "legs": direct}))["legs"]) == 1
    assert len((await changed(world, flight, change()))["legs"]) == 2
    elsewhere = {**change(later=timedelta(0)), "legs": [leg("MSQ", "BLR", "BEY", "LBN", DEPARTS, home)]}
    assert (await changed(world, flight, elsewhere, 422))["reason"] == "other_countries"


async def test_a_smaller_aircraft_takes_nobodys_seat(world: World) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    await family.book(flight)
    problem = await changed(world, flight, change(seats=3), 409)
    assert (problem["type"], problem["given"], problem["seats"]) == ("/problems/seats-are-taken", 4, 3)
    assert (await changed(world, flight, change(seats=4)))["seats"]["left"] == 0
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    assert (await changed(world, flight, change(), 409))["type"] == "/problems/not-possible-now"


async def test_a_family_changes_to_another_flight_all_or_none_and_is_counted_once(world: World) -> None:
    family = await Family(world).bookable()
    first, small, second = await schedule(world), await schedule(world, seats=3), await schedule(world, seats=4)
    made = await family.book(first)
    path = f"/bookings/{made['id']}/rebooking"
    await refused(world, path, {"flight_id": str(small)}, "not-enough-seats", 409, role=TO)
    await refused(world, path, {"flight_id": str(first)}, "same-flight", 409, role=TO)
    await refused(world, path, {"flight_id": str(second)}, "stale-version", 412, role=TO, etag='"7"')
    new = await world.post(path, {"flight_id": str(second)}, role=TO, expect=201)
    assert (new["flight_id"], new["status"], len(new["passengers"])) == (str(second), "confirmed", 4)
    assert (await world.get(f"/bookings/{made['id']}", role=TO))["status"] == "cancelled"
    assert [(await world.get(f"/flights/{each}", role=TO))["seats"]["taken"] for each in (first, second)] == [0, 4]
    kinds = [each.type.split(".")[3] for each in await world.told(key=family.case)]
    assert kinds == ["made", "cancelled", "made"]
    await refused(world, path, {"flight_id": str(second)}, "not-possible-now", 409, role=TO)


async def test_the_word_to_travel_apart_goes_along_to_the_other_flight(world: World) -> None:
    family = await Family(world, members=two_adults()).bookable()
    made = await family.book(await schedule(world), family.ids[0], **agreed(*family.ids))
    other = await schedule(world)
    new = await world.post(f"/bookings/{made['id']}/rebooking", {"flight_id": str(other)}, role=TO)
    assert set(new["split_stated_by"]) == {str(each) for each in family.ids}
    assert await statuses(world, other) == {family.ids[0]: "booked"}
