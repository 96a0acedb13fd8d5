"""The family of the story, through travel: booked, at the desk, cleared, departed, in transit, arrived."""

from datetime import timedelta
from uuid import UUID

from shared.contracts import travel as t
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    DEPARTS,
    DOORS,
    FI,
    TO,
    Family,
    close_doors,
    schedule,
    seat,
    statuses,
    to_the_door,
)
from tests.world import World


async def test_the_family_goes_home_on_one_flight(world: World, registration: Registration) -> None:
    family = await Family(world).ready()
    flight = await schedule(world)
    booking = await family.book(flight)
    assert booking["status"] == "confirmed"
    assert {UUID(each["individual_id"]) for each in booking["passengers"]} == set(family.ids)
    (made,) = await world.told(t.BookingMade, family.case)
    assert made.data["destination_airport"] == "EBL"

    await to_the_door(world, flight, family)
    pocket = {"line": f"pocket_money:{family.ids[0]}", "amount": "50.00", "currency": "EUR", "receipt_number": "R-1"}
    await world.post(f"{seat(flight, family.ids[0])}/allowance", pocket, role=FI, expect=201)
    listed = await world.get(f"/flights/{flight}/passengers", role=AD)
    assert listed["sentence"] == "4 of 4 boarded"

    closing = await close_doors(world, flight)
    assert (closing["status"], closing["waiting_for"]) == ("closing", "registration")
    await carry(world)
    (_, asked, key) = registration.asked[0]
    assert str(key) == asked["clearance_id"] == closing["clearance_id"]
    assert {each["willing"] for each in asked["passengers"]} == {"yes", "not_asked"}
    assert set((await statuses(world, flight)).values()) == {"cleared"}

    world.now = DEPARTS + timedelta(minutes=10)
    left = await world.post(f"/flights/{flight}/departure", {"departed_at": DEPARTS.isoformat()}, role=AD)
    assert left["status"] == "departed"
    departed = await world.told(t.PassengerDeparted, family.case)
    assert {UUID(each.data["individual"]) for each in departed} == set(family.ids)
    assert {each.time for each in departed} == {DEPARTS}

    world.now = DEPARTS + timedelta(hours=4)
    for each in family.ids:
        stop = {"airport": "IST", "country": "TUR", "at": (DEPARTS + timedelta(hours=3)).isoformat()}
        await world.post(f"{seat(flight, each)}/transit", stop, role=TO)
    world.now = DEPARTS + timedelta(hours=8)
    for each in family.ids:
        home = {"airport": "EBL", "country": "IRQ", "at": world.now.isoformat(), "met_by": "reintegration_team"}
        answer = await world.post(f"{seat(flight, each)}/arrival", home, role=TO)
        assert (answer["status"], answer["met_by"], answer["actions"]) == ("arrived", "reintegration_team", [])
    assert len(await world.told(t.PassengerInTransit)) == len(await world.told(t.PassengerArrived)) == 4
    assert (await world.get(f"/bookings/{booking['id']}", role=TO))["status"] == "closed"
    assert DOORS < DEPARTS
