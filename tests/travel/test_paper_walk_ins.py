"""Who flew without a booking on a flight worked on paper: entered from the paper of a known case."""

from uuid import UUID

from shared.contracts import travel as t
from shared.database import new_id
from tests.travel.story import (
    AD,
    CUT_OFF,
    Family,
    one_adult,
    statuses,
    two_adults,
)
from tests.travel.test_paper_flights import AFTER, booked, entered, everyone, line, paper, yes
from tests.travel.watch import refused
from tests.world import World


async def test_who_flew_without_a_booking_is_entered_from_the_paper_of_a_known_case(world: World) -> None:
    family = Family(world, members=one_adult())
    ready, without_papers = Family(world, members=two_adults()), Family(world, members=one_adult())
    flight = await booked(world, family, seats=2)
    world.now = CUT_OFF
    await ready.ready()
    await without_papers.bookable()
    world.now = AFTER
    walk_ins = [yes(each, case_id=str(ready.case)) for each in ready.ids]
    late = yes(without_papers.ids[0], case_id=str(without_papers.case))
    lines = [*everyone(family), *walk_ins, late]
    said = await entered(world, flight, *lines)
    assert (said["status"], said["persons"], said["not_in_order"]) == ("entered", 4, 1)
    assert set((await statuses(world, flight)).values()) == {"departed"}
    told = {UUID(each.data["individual"]): each for each in await world.told(t.PassengerDeparted)}
    assert {who: each.data.get("in_order", True) for who, each in told.items()} == {
        **dict.fromkeys([*family.ids, *ready.ids], True),
        without_papers.ids[0]: False,
    }
    assert {told[each].key for each in ready.ids} == {str(ready.case)}
    shown = await world.get(f"/flights/{flight}", role=AD)
    assert (shown["seats"]["taken"], shown["seats"]["left"]) == (4, 0), "the airline gave two at the gate"
    told_before = await world.count_told()
    assert (await entered(world, flight, *lines))["id"] == said["id"]
    assert await world.count_told() == told_before, "the same paper again changes nothing"


async def test_a_walk_in_on_paper_is_of_a_known_case_and_flew_and_sat_nowhere_else(world: World) -> None:
    family, other = Family(world, members=one_adult()), Family(world, members=one_adult())
    flight = await booked(world, family)
    world.now = CUT_OFF
    elsewhere = await booked(world, other)
    (who,) = other.ids
    path = f"/flights/{flight}/paper-manifests"
    for wrong, kind, status in (
        (line(who, "left_behind", case_id=str(other.case)), "invalid-body", 422),
        (yes(who, case_id=str(new_id())), "case-not-known-yet", 409),
        (yes(who, case_id=str(family.case)), "not-of-this-case", 422),
        (yes(who, case_id=str(other.case)), "seat-elsewhere", 409),
    ):
        await refused(world, path, paper(*everyone(family), wrong), kind, status, role=AD)
    await entered(world, elsewhere, *everyone(other))
    again = paper(*everyone(family), yes(who, case_id=str(other.case)))
    await refused(world, path, again, "seat-elsewhere", 409, role=AD)
