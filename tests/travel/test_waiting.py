"""Nobody is lost with a flight, and seats are given in an order that is written down."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.travel.bookings import actions as bookings
from services.travel.flights.actions import cancel_flight
from services.travel.flights.queries import Flight, lock_flights
from services.travel.waiting.rules import Place, in_order, level_of
from shared.act import Act
from shared.auth import Role
from shared.clock import rfc3339
from shared.contracts import travel as t
from shared.contracts.registration import CaseWithdrawn, MemberWithdrawn, PriorityAssigned, ReturnKind, ReturnRecorded
from shared.database import Session, new_id
from shared.pagination import cursor_at
from tests.travel.story import TO, Family, one_adult, schedule, two_adults
from tests.world import World

AU = Role.AUDITOR


async def listed(world: World) -> list[Any]:
    return list((await world.get("/waiting-list?destination=IRQ", role=AU))["items"])


async def waits(world: World, **more: Any) -> Family:
    family = await Family(world).bookable()
    await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO, **more)
    return family


async def seat_them(world: World, flight: Any, most: int = 20) -> Any:
    return await world.post(f"/flights/{flight}/seating", {"most": most}, role=TO)


async def test_a_cancelled_flight_with_twenty_four_people_leaves_everyone_waiting_and_nobody_lost(world: World) -> None:
    flight = await schedule(world, seats=24)
    families = []
    for _ in range(6):
        family = await Family(world).bookable()
        await family.book(flight)
        families.append(family)
        world.now += timedelta(minutes=5)
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    waiting = await listed(world)
    assert [each["case_id"] for each in waiting] == [str(family.case) for family in families], "as they were booked"
    assert sum(len(each["individuals"]) for each in waiting) == 24
    for family in families:
        (cancelled,) = await world.told(t.BookingCancelled, family.case)
        (fact,) = await world.told(t.BookingWaiting, family.case)
        assert cancelled.data["reason"] == "flight_cancelled"
        assert fact.data["lost_flight"] == str(flight)
        assert set(fact.data["individuals"]) == {str(each) for each in family.ids}

    other = await schedule(world, seats=10)
    said = await seat_them(world, other)
    assert [bool(each["booking_id"]) for each in said["seated"]] == [True, True, False, False, False, False]
    assert {each["why"] for each in said["seated"][2:]} == {"not-enough-seats"}
    assert said["left"] == 2, "no family is split to fill them"
    assert [each["case_id"] for each in await listed(world)] == [str(family.case) for family in families[2:]]


async def test_who_must_go_first_is_seated_before_who_has_waited_longest(world: World) -> None:
    first = await waits(world)
    world.now += timedelta(hours=1)
    second = await waits(world)
    await second.tell(PriorityAssigned(individual=second.ids[0], level=1), second.ids[0])
    assert [each["case_id"] for each in await listed(world)] == [str(second.case), str(first.case)]
    assert [each["level"] for each in await listed(world)] == [1, 3]
    assert "why" not in (await listed(world))[0]
    flight = await schedule(world, seats=4)
    said = await seat_them(world, flight)
    assert [bool(each["booking_id"]) for each in said["seated"]] == [True, False]
    assert said["seated"][0]["case_id"] == str(second.case)


async def test_the_list_is_gone_on_with_where_the_answer_before_ended(world: World) -> None:
    big = await waits(world)
    world.now += timedelta(minutes=1)
    small = await Family(world, members=one_adult()).bookable()
    await world.post("/waiting-list", {"case_id": str(small.case)}, role=TO)
    flight = await schedule(world, seats=1)
    first = await seat_them(world, flight, most=1)
    assert [(each["case_id"], each["why"]) for each in first["seated"]] == [(str(big.case), "not-enough-seats")]
    path = f"/flights/{flight}/seating"
    then = await world.post(path, {"most": 1, "cursor": first["next"]}, role=TO)
    assert [(each["case_id"], each["why"]) for each in then["seated"]] == [(str(small.case), None)]
    assert then["next"] is None
    problem = await world.post(path, {"cursor": "elsewhere"}, role=TO, expect=400)
    assert problem["type"] == "/problems/cursor-unusable"


async def test_who_joins_those_who_wait_brings_the_own_level_and_takes_it_along(world: World) -> None:
    family = await Family(world, members=two_adults()).bookable()
    one, first = family.ids
    await family.tell(PriorityAssigned(individual=first, level=1))
    flight = await schedule(world)
    await family.book(flight, first, split_agreed={"stated_by": [str(one), str(first)], "on": "2021-12-09"})
    await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO)
    assert [each["level"] for each in await listed(world)] == [3]
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    assert [(each["level"], len(each["individuals"])) for each in await listed(world)] == [(1, 2)]
    await family.withdraw(first)
    assert [(each["level"], len(each["individuals"])) for each in await listed(world)] == [(3, 1)]


async def test_a_case_waits_once_and_not_with_a_seat(world: World) -> None:
    family = await waits(world)
    problem = await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO, expect=409)
    assert problem["type"] == "/problems/waits-already"
    flight = await schedule(world)
    await family.book(flight)
    assert await listed(world) == [], "whoever has a seat waits no more"
    problem = await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO, expect=409)
    assert problem["type"] == "/problems/nothing-to-wait-for"
    problem = await world.post("/waiting-list", {"case_id": str(new_id())}, role=TO, expect=409)
    assert problem["type"] == "/problems/case-not-known-yet"


async def test_a_case_leaves_the_list_when_it_asks_and_may_wait_again_at_the_end(world: World) -> None:
    family, other = await waits(world), await waits(world)
    place = (await listed(world))[0]
    path = f"/waiting-list/{place['id']}/leaving"
    await world.post(path, role=AU, expect=403)
    assert (await world.post(path, role=TO))["status"] == "left"
    assert [each["case_id"] for each in await listed(world)] == [str(other.case)]
    gone = await world.post(path, role=TO, expect=409)
    assert (gone["type"], gone["state"]) == ("/problems/not-possible-now", "left")
    assert (gone["asked"], gone["possible"]) == ("end_waiting", [])
    assert gone["detail"] == "the wait has ended: left"
    await world.post(f"/waiting-list/{new_id()}/leaving", role=TO, expect=404)
    await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO, now=world.now + timedelta(hours=1))
    assert [each["case_id"] for each in await listed(world)] == [str(other.case), str(family.case)]


async def test_who_withdraws_waits_no_more_and_the_others_keep_their_place(world: World) -> None:
    family = await waits(world)
    since = (await listed(world))[0]["since"]
    mother = family.adults[1]
    await family.tell(MemberWithdrawn(individual=mother, withdrawn_at=world.now), mother, 1)
    (entry,) = await listed(world)
    assert UUID(entry["individuals"][0]) != mother
    assert str(mother) not in entry["individuals"]
    assert entry["since"] == since
    for each in family.ids:
        if each != mother:
            await family.tell(MemberWithdrawn(individual=each, withdrawn_at=world.now), each, 1)
    assert await listed(world) == []


async def test_who_is_home_by_other_means_waits_no_more_and_does_not_keep_the_others_from_a_seat(world: World) -> None:
    family = await waits(world)
    home = family.adults[1]
    fact = ReturnRecorded(
        individuals=(home,),
        attempts={home: 1},
        kind=ReturnKind.ON_THEIR_OWN,
        country="IRQ",
        returned_on=date(2021, 12, 8),
        entered_at=world.now,
    )
    await family.tell(fact)
    (entry,) = await listed(world)
    assert set(entry["individuals"]) == {str(each) for each in family.ids if each != home}
    said = await seat_them(world, await schedule(world))
    assert [(each["people"], each["why"]) for each in said["seated"]] == [(3, None)]


async def test_who_waits_already_goes_on_from_the_day_on_which_the_lost_seats_were_booked(world: World) -> None:
    """And whoever waited longer than that keeps the longer wait."""
    found = []
    for books_first in (True, False):
        family = await Family(world, members=two_adults()).bookable()
        one, other = family.ids
        apart = {"stated_by": [str(one), str(other)], "on": "2021-12-09"}
        flight = await schedule(world)
        first = world.now
        if books_first:
            await family.book(flight, other, split_agreed=apart)
            world.now += timedelta(hours=1)
        await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO)
        if not books_first:
            world.now += timedelta(hours=1)
            await family.book(flight, other, split_agreed=apart)
        await world.post(f"/flights/{flight}/cancellation", role=TO)
        (entry,) = [each for each in await listed(world) if each["case_id"] == str(family.case)]
        found.append((len(entry["individuals"]), datetime.fromisoformat(entry["since"]) == first))
    assert found == [(2, True), (2, True)]


async def test_who_loses_the_seat_they_waited_for_waits_on_since_they_first_waited(world: World) -> None:
    """And since they were first booked, where they changed the flight: neither goes behind who came in between."""
    first = world.now
    waited, moved = await waits(world), await Family(world).bookable()
    booking = await moved.book(await schedule(world, seats=4))
    world.now += timedelta(hours=1)
    between = await waits(world)
    world.now += timedelta(hours=1)
    flights = [await schedule(world, seats=4) for _ in range(2)]
    await waited.book(flights[0])
    await world.post(f"/bookings/{booking['id']}/rebooking", {"flight_id": str(flights[1])}, role=TO, expect=201)
    world.now += timedelta(hours=1)
    for flight in flights:
        await world.post(f"/flights/{flight}/cancellation", role=TO)
    line = await listed(world)
    assert {each["case_id"] for each in line[:2]} == {str(waited.case), str(moved.case)}
    assert [datetime.fromisoformat(each["since"]) == first for each in line] == [True, True, False]
    assert line[2]["case_id"] == str(between.case)


async def test_who_withdraws_while_the_flight_is_cancelled_is_not_left_on_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The withdrawal waits for the flight, whose cancellation puts everyone on it on the list meanwhile."""
    flight = await schedule(world)
    family = await Family(world).bookable()
    await family.book(flight)

    async def cancelled_meanwhile(session: Session, flights: Iterable[UUID]) -> list[Flight]:
        found = await lock_flights(session, flights)
        for each in found:
            if each.status == "scheduled":
                await cancel_flight(session, Act("to", frozenset(), world.now, new_id(), new_id(), "travel"), each)
        await session.flush()
        return found

    tries = dict.fromkeys(family.ids, 1)
    monkeypatch.setattr(bookings, "lock_flights", cancelled_meanwhile)
    await family.tell(CaseWithdrawn(individuals=tuple(family.ids), attempts=tries, withdrawn_at=world.now))
    assert await listed(world) == []


async def test_who_may_not_be_booked_now_is_passed_over_and_keeps_the_place(world: World) -> None:
    family = await Family(world).register()
    await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO)
    flight = await schedule(world)
    said = await seat_them(world, flight)
    assert (said["seated"][0]["booking_id"], said["seated"][0]["why"]) == (None, "gate-not-passed")
    assert len(await listed(world)) == 1


async def test_the_list_goes_on_where_the_page_before_ended(world: World) -> None:
    families = []
    for _ in range(5):
        families.append(await waits(world))
        world.now += timedelta(minutes=1)
    found: list[str] = []
    path = "/waiting-list?destination=IRQ&limit=2"
    page = await world.get(path, role=AU)
    while True:
        found += [each["case_id"] for each in page["items"]]
        if page["next"] is None:
            break
        page = await world.get(f"{path}&cursor={page['next']}", role=AU)
    assert found == [str(family.case) for family in families]
    assert "Level 1" in page["order"]
    never = (("9" * 30, rfc3339(world.now)), (0, rfc3339(world.now)), (1, "2021-12-09T09:00:00"), (1, "2021-12-09"))
    for made_up in ("made-up", *(cursor_at(*place, new_id()) for place in never)):
        problem = await world.get(f"{path}&cursor={made_up}", role=AU, expect=400)
        assert problem["type"] == "/problems/cursor-unusable"


places = st.builds(
    Place,
    st.integers(1, 3),
    st.datetimes(datetime(2021, 1, 1), datetime(2021, 12, 31), timezones=st.just(UTC)),
    st.uuids(),
)


@given(st.lists(places, unique_by=lambda place: place.entry), st.randoms())
def test_the_order_is_the_same_however_the_list_was_written(found: list[Place], random: Any) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    ordered = in_order(shuffled)
    assert ordered == in_order(found)
    for earlier, later in pairwise(ordered):
        assert earlier.level <= later.level
        assert earlier.level < later.level or earlier.since <= later.since


def test_a_case_goes_with_the_first_of_its_people() -> None:
    assert (level_of([], None), level_of([2, 1], 3), level_of([], 2)) == (3, 1, 2)
