"""Seats that the desk frees in time go to those who wait, by themselves; later ones are the programme's loss."""

from datetime import timedelta
from uuid import UUID

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
