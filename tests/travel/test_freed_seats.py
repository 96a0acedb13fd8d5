"""Seats that the desk frees in time go to those who wait, by themselves; later ones are the programme's loss."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.travel.freed_seats import actions as freed_seats
from shared.contracts import registration as r
from shared.contracts import travel as t
from shared.database import new_id
from tests.travel.registration import Registration, carry
from tests.travel.story import AD, AT_THE_DESK, DEPARTS, TO, Family, answered, one_adult, schedule, seat, two_adults
from tests.travel.watch import snapshot
from tests.world import World

IN_TIME = {"cut_off_at": (DEPARTS - timedelta(minutes=30)).isoformat()}


async def at_the_gate_with_somebody_waiting(world: World, **flight: str) -> tuple[UUID, Family, Family, Family]:
    """Two seats, both taken; a couple waits, and after them one by himself."""
    plane = await schedule(world, 2, **flight)
    pair = await Family(world, members=two_adults()).ready()
    await pair.book(plane)
    couple, alone = Family(world, members=two_adults()), Family(world, members=one_adult())
    for family in (couple, alone):
        world.now += timedelta(minutes=1)
        await family.ready()
        await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO)
    world.now = AT_THE_DESK
    return plane, pair, couple, alone


async def seats(world: World, plane: UUID) -> tuple[int, int, int]:
    shown = (await world.get(f"/flights/{plane}", role=AD))["seats"]
    return shown["taken"], shown["lost"], shown["left"]


async def test_the_seat_of_whoever_changes_her_mind_in_time_goes_to_the_first_in_line_whom_it_holds(
    world: World, registration: Registration
) -> None:
    plane, pair, couple, alone = await at_the_gate_with_somebody_waiting(world, **IN_TIME)
    await world.post(f"{seat(plane, pair.ids[0])}/willingness", answered("no"), role=AD)
    assert await seats(world, plane) == (1, 0, 1)
    await carry(world)
    assert await seats(world, plane) == (2, 0, 0)
    booked = await world.told(t.BookingMade)
    assert booked[-1].key == str(alone.case), "a couple is not split to fill one seat"
    left = [each["case_id"] for each in (await world.get("/waiting-list?destination=IRQ", role=TO))["items"]]
    assert left == [str(couple.case)], "and keeps its place"
    before = await snapshot(world)
    await carry(world)
    assert await snapshot(world) == before, "given once"


async def test_after_the_airlines_cut_off_the_seat_is_lost_and_nobody_is_booked_on_it(
    world: World, registration: Registration
) -> None:
    plane, pair, _, _ = await at_the_gate_with_somebody_waiting(world)
    await world.post(f"{seat(plane, pair.ids[0])}/no-show", role=AD)
    assert await seats(world, plane) == (1, 1, 0)
    told = await world.count_told()
    await carry(world)
    assert (await seats(world, plane), await world.count_told()) == ((1, 1, 0), told)
    assert (await world.get(f"/flights/{plane}", role=AD))["fares_lost"]["amount"] == "310.00"


async def test_doors_that_closed_meanwhile_leave_the_seat_empty_and_nothing_waits_on(
    world: World, registration: Registration
) -> None:
    plane, pair, _, _ = await at_the_gate_with_somebody_waiting(world, **IN_TIME)
    await world.post(f"{seat(plane, pair.ids[0])}/offload", {"reason": "medical"}, role=AD)
    await world.post(f"/flights/{plane}/doors", role=AD, expect=202)
    before = len(await world.told(t.BookingMade))
    await carry(world)
    assert len(await world.told(t.BookingMade)) == before
    state = await snapshot(world)
    await carry(world)
    assert await snapshot(world) == state, "the wish is not carried for ever"


async def test_a_booking_goes_on_when_the_only_one_who_was_held_is_taken_off(
    world: World, registration: Registration
) -> None:
    family = await Family(world, members=two_adults()).ready()
    plane = await schedule(world)
    booking = (await family.book(plane))["id"]
    held, other = family.ids
    await family.tell(r.CaseHeld(hold=new_id(), individuals=(held,)))
    assert (await world.get(f"/bookings/{booking}", role=TO))["status"] == "on_hold"
    world.now = AT_THE_DESK
    await world.post(f"{seat(plane, held)}/offload", {"reason": "asked_to_leave"}, role=AD)
    assert (await world.get(f"/bookings/{booking}", role=TO))["status"] == "confirmed"
    (fact,) = await world.told(t.BookingResumed)
    assert fact.data["individuals"] == [str(other)]


async def test_whoever_fits_is_found_however_many_before_them_on_the_list_do_not(
    world: World, registration: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freed_seats, "ENTRIES_AT_ONCE", 1)
    plane, pair, _, alone = await at_the_gate_with_somebody_waiting(world, **IN_TIME)
    await world.post(f"{seat(plane, pair.ids[0])}/willingness", answered("no"), role=AD)
    await carry(world)
    assert await seats(world, plane) == (1, 0, 1), "the couple was looked at, and no more in that transaction"
    await carry(world)
    assert await seats(world, plane) == (2, 0, 0)
    assert (await world.told(t.BookingMade))[-1].key == str(alone.case)
    state = await snapshot(world)
    await carry(world)
    assert await snapshot(world) == state, "the list is not gone through for ever"


async def withdraws(world: World, plane: UUID, pair: Family) -> None:
    await pair.withdraw(pair.ids[0])


async def is_cancelled(world: World, plane: UUID, pair: Family) -> None:
    booking = (await world.get(f"/bookings?case_id={pair.case}", role=TO))["items"][0]["id"]
    await world.post(f"/bookings/{booking}/cancellation", {"reason": "by_officer"}, role=TO)


@pytest.mark.parametrize("frees", [withdraws, is_cancelled])
async def test_a_seat_that_is_freed_elsewhere_than_at_the_desk_is_given_too(
    world: World, registration: Registration, frees: Any
) -> None:
    plane, pair, _, _ = await at_the_gate_with_somebody_waiting(world, **IN_TIME)
    await frees(world, plane, pair)
    left = (await seats(world, plane))[2]
    assert left > 0
    await carry(world)
    assert await seats(world, plane) == (2, 0, 0)


async def test_seats_of_an_offer_that_nobody_took_are_given_to_who_waits(
    world: World, registration: Registration
) -> None:
    plane = await schedule(world, 1, **IN_TIME)
    one, other = [await Family(world, members=one_adult()).bookable() for _ in range(2)]
    until = world.now + timedelta(hours=1)
    offer = {"case_id": str(one.case), "flight_id": str(plane), "expires_at": until.isoformat()}
    await world.post("/offers", offer, role=TO)
    await world.post("/waiting-list", {"case_id": str(other.case)}, role=TO)
    world.now = until
    await world.post("/offer-sweeps", {}, role=TO)
    await carry(world)
    assert (await world.told(t.BookingMade))[-1].key == str(other.case)


async def test_a_cancelled_flight_gives_its_seats_to_nobody(world: World, registration: Registration) -> None:
    plane, _, _, _ = await at_the_gate_with_somebody_waiting(world, **IN_TIME)
    await world.post(f"/flights/{plane}/cancellation", role=TO)
    state = await snapshot(world)
    await carry(world)
    assert await snapshot(world) == state
