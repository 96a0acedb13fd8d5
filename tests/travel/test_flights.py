"""Flights: scheduled, listed by day, cancelled; what no aircraft could fly is refused."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.travel.flights.rules import FLIGHT
from shared.auth import Role
from shared.contracts import travel as t
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    DEPARTS,
    TO,
    Family,
    close_doors,
    flight_body,
    leg,
    schedule,
    statuses,
    to_the_door,
)
from tests.travel.watch import refused
from tests.world import World


async def test_a_flight_is_scheduled_and_told(world: World) -> None:
    made = await world.call("POST", "/flights", flight_body(24), role=TO)
    assert made.status_code == 201
    shown = made.json()
    assert made.headers["Location"] == f"/flights/{shown['id']}"
    assert shown["seats"] == {"held": 24, "taken": 0, "lost": 0, "left": 24}
    assert [each["to_airport"] for each in shown["legs"]] == ["IST", "EBL"]
    assert shown["fare"] == {"amount": "310.00", "currency": "EUR"}
    assert [each["action"] for each in shown["actions"]] == ["book_seats", "change_flight", "cancel_flight"]
    (told,) = await world.told(t.FlightScheduled)
    assert (told.key, told.data["seats"]) == (shown["id"], 24)
    read = await world.call("GET", f"/flights/{shown['id']}", role=Role.AUDITOR)
    assert read.headers["ETag"] == '"1"'
    assert {**read.json(), "actions": []} == {**shown, "actions": []}
    assert read.json()["actions"] == [], "an auditor is offered nothing to do"


STOP = DEPARTS + timedelta(hours=3)
LATER = DEPARTS + timedelta(hours=9)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"legs": [leg("MSQ", "BLR", "MSQ", "BLR", DEPARTS, STOP)]}, "leg_goes_nowhere"),
        ({"legs": [leg("MSQ", "BLR", "EBL", "IRQ", STOP, DEPARTS)]}, "arrives_before_departure"),
        (
            {"legs": [leg("MSQ", "BLR", "IST", "TUR", DEPARTS, STOP), leg("SAW", "TUR", "EBL", "IRQ", STOP, LATER)]},
            "legs_not_connected",
        ),
        (
            {"legs": [leg("MSQ", "BLR", "IST", "TUR", DEPARTS, LATER), leg("IST", "TUR", "EBL", "IRQ", STOP, LATER)]},
            "connection_missed",
        ),
        ({"doors_at": (DEPARTS + timedelta(minutes=1)).isoformat()}, "desk_times_out_of_order"),
        ({"check_in_opens_at": DEPARTS.isoformat()}, "desk_times_out_of_order"),
        ({"cut_off_at": (DEPARTS + timedelta(days=1)).isoformat()}, "cut_off_after_departure"),
    ],
)
async def test_a_flight_that_nothing_could_fly_is_refused(world: World, changes: dict[str, Any], reason: str) -> None:
    problem = await refused(world, "/flights", flight_body(**changes), "flight-impossible", 422, role=TO)
    assert problem["reason"] == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"seats": 0},
        {"seats": "30"},
        {"fare": {"amount": "-1", "currency": "EUR"}},
        {"fare": {"amount": "10.001", "currency": "EUR"}},
        {"fare": {"amount": "10", "currency": "EURO"}},
        {"legs": []},
        {"legs": [leg("Minsk", "BLR", "EBL", "IRQ", DEPARTS, STOP)]},
        {"legs": [leg("MSQ", "XXX", "EBL", "IRQ", DEPARTS, STOP)]},
        {"cut_off_at": "2021-12-13T09:00:00"},
        {"captain": "somebody"},
    ],
)
async def test_a_flight_in_the_wrong_form_is_refused(world: World, changes: dict[str, Any]) -> None:
    await refused(world, "/flights", flight_body(**changes), "invalid-body", 422, role=TO)


async def test_flights_are_listed_by_day_and_page_by_page(world: World) -> None:
    today = [await schedule(world) for _ in range(3)]
    await schedule(world, departs=DEPARTS + timedelta(days=1))
    first = await world.get("/flights?departs_on=2021-12-14&limit=2", role=AD)
    assert [UUID(each["id"]) for each in first["items"]] == today[:2]
    second = await world.get(f"/flights?departs_on=2021-12-14&limit=2&cursor={first['next']}", role=AD)
    assert ([UUID(each["id"]) for each in second["items"]], second["next"]) == (today[2:], None)
    assert len((await world.get("/flights", role=AD))["items"]) == 4
    await world.get("/flights?cursor=bad", role=AD, expect=400)


async def test_a_cancelled_flight_frees_everyone_and_loses_no_fare(world: World) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    booking = await family.book(flight)
    world.now = DEPARTS - timedelta(hours=2)  # after the airline's cut-off: the airline cancels, not the programme
    gone = await world.post(f"/flights/{flight}/cancellation", role=TO)
    assert (gone["status"], gone["seats"]) == ("cancelled", {"held": 30, "taken": 0, "lost": 0, "left": 30})
    (told,) = await world.told(t.BookingCancelled, family.case)
    assert (told.data["reason"], told.data["remaining"]) == ("flight_cancelled", [])
    assert {UUID(each) for each in told.data["individuals"]} == set(family.ids)
    assert len(await world.told(t.FlightCancelled, flight)) == 1
    assert (await world.get(f"/bookings/{booking['id']}", role=TO))["status"] == "cancelled"
    await refused(world, f"/flights/{flight}/cancellation", None, "not-possible-now", 409, role=TO)
    other = await schedule(world, departs=DEPARTS + timedelta(days=2))
    assert (await family.book(other))["status"] == "confirmed", "everyone can be booked again"


async def test_a_flight_cannot_be_cancelled_while_registration_decides_and_can_when_it_has(
    world: World, registration: Registration
) -> None:
    family = await Family(world).ready()
    flight = await schedule(world)
    await family.book(flight)
    await to_the_door(world, flight, family)
    registration.away = True
    await close_doors(world, flight)
    await refused(world, f"/flights/{flight}/cancellation", None, "not-possible-now", 409, role=TO)
    registration.away = False
    await carry(world)
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    assert set((await statuses(world, flight)).values()) == {"cancelled"}
    assert len(await world.told(t.BookingCancelled)) == 1, "by this registration lets go of them"


async def test_a_stale_version_cancels_nothing_and_a_repeat_cancels_once(world: World) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    await family.book(flight)
    await refused(world, f"/flights/{flight}/cancellation", None, "stale-version", 412, role=TO, etag='"1"')
    key = "the-same-key-twice"
    answers = [
        await world.call("POST", f"/flights/{flight}/cancellation", {}, role=TO, etag='"2"', key=key) for _ in range(2)
    ]
    assert answers[0].status_code == 200
    assert answers[0].content == answers[1].content
    assert len(await world.told(t.FlightCancelled)) == 1


def test_the_flights_states_are_drawn_and_end_in_the_air_or_cancelled() -> None:
    assert FLIGHT.final == {"departed", "cancelled"}
    assert "closing --> closed: settle_clearance" in FLIGHT.drawing()


async def test_what_does_not_exist_is_not_found(world: World) -> None:
    nowhere = "01890000-0000-7000-8000-000000000000"
    for path in ("", "/passengers", "/doors", f"/passengers/{nowhere}"):
        await world.get(f"/flights/{nowhere}{path}", role=AD, expect=404)
    await world.get(f"/bookings/{nowhere}", role=TO, expect=404)
    await world.get(f"/cases/{nowhere}/readiness", role=TO, expect=404)
    await refused(world, f"/flights/{nowhere}/doors", None, "not-found", 404, role=AD)


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01", "0001-01-01", "1899-12-31", "2021-02-30", "today"])
async def test_a_day_outside_the_calendar_of_plans_is_refused(world: World, day: str) -> None:
    answer = await world.call("GET", f"/flights?departs_on={day}", role=TO)
    assert (answer.status_code, answer.json()["status"]) == (422, 422)
    assert (await world.get("/flights?departs_on=2199-12-31", role=TO))["items"] == []
