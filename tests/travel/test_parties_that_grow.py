"""Somebody joins a case that is booked, and somebody leaves it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.travel.bookings.rules import has_grown, parties
from shared.contracts import registration as r
from shared.contracts import travel as t
from shared.contracts.registration import AgeBand, Relation
from shared.database import new_id
from tests.travel.story import (
    AD,
    AT_THE_DESK,
    DEPARTS,
    TO,
    Family,
    answered,
    boarded,
    close_doors,
    declaration,
    member,
    schedule,
    seat,
    statuses,
    to_the_door,
)
from tests.travel.test_bookings import agreed
from tests.travel.test_holds import booking_of
from tests.world import World


def joined(family: Family, individual: UUID) -> r.MemberJoined:
    whole = dict(family.case_fact())
    return r.MemberJoined(**whole, individual=individual, how=r.Joined.BORN, joined_at=family.world.now)


def left(family: Family, individual: UUID) -> r.MemberLeft:
    whole = dict(family.case_fact())
    (gone,) = [each for each in whole["members"] if each.individual == individual]
    rest = {**whole, "members": tuple(each for each in whole["members"] if each is not gone)}
    return r.MemberLeft(**rest, individual=individual, member=gone, how=r.Left.GONE, left_at=family.world.now)


async def grown(world: World, flight: UUID) -> tuple[Family, Any, UUID]:
    """A family that is booked, and to which a child is born."""
    family = await Family(world, twice=True).ready()
    made = await family.book(flight)
    baby = member(AgeBand.INFANT, Relation.CHILD, responsible=tuple(family.adults))
    family.members = (*family.members, baby)
    await family.tell(joined(family, baby.individual), baby.individual, 1)
    return family, made, baby.individual


async def test_who_is_booked_waits_until_whoever_joined_has_a_seat_beside_them(world: World) -> None:
    flight = await schedule(world, seats=5)
    family, made, baby = await grown(world, flight)
    shown = await booking_of(world, made)
    assert (shown["status"], shown["held_for"]) == ("on_hold", "party_grew")
    (told,) = await world.told(t.BookingOnHold, family.case)
    assert told.data["reason"] == "party_grew", "twice heard, once told"
    await family.declare(baby)
    await family.tell(family.decision_fact())
    assert (await booking_of(world, made))["status"] == "on_hold", "decided, and still without a seat"
    body = {"case_id": str(family.case), "flight_id": str(flight), "individuals": [str(baby)]}
    await world.post("/bookings", body, role=TO)
    assert (await booking_of(world, made))["status"] == "confirmed"
    assert len(await world.told(t.BookingResumed, family.case)) == 1


async def test_who_joins_a_case_that_waits_waits_with_them_and_is_seated_with_them(world: World) -> None:
    family = await Family(world, twice=True).bookable()
    await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO)
    baby = member(AgeBand.INFANT, Relation.CHILD, responsible=tuple(family.adults))
    family.members = (*family.members, baby)
    await family.tell(joined(family, baby.individual), baby.individual, 1)
    assert len(await world.told(t.BookingWaiting, family.case)) == 2, "twice heard, once told"
    await family.declare(baby.individual)
    await family.tell(family.decision_fact())
    flight = await schedule(world, seats=5)
    (seated,) = (await world.post(f"/flights/{flight}/seating", {"most": 1}, role=TO))["seated"]
    assert seated["why"] is None
    assert set(await statuses(world, flight)) == set(family.ids)


async def test_no_booking_of_who_joined_goes_through_while_the_hold_of_everyone_names_them_too(world: World) -> None:
    family = await Family(world, twice=True).ready()
    hold, before = new_id(), tuple(family.ids)
    await family.tell(r.CaseHeld(hold=hold, individuals=before))
    baby = member(AgeBand.INFANT, Relation.CHILD, responsible=tuple(family.adults))
    family.members = (*family.members, baby)
    await family.tell(joined(family, baby.individual), baby.individual, 1)
    await family.tell(r.CaseHeld(hold=hold, individuals=(baby.individual,)))
    await family.declare(baby.individual)
    await family.tell(family.decision_fact())
    flight = await schedule(world)
    refused = await family.book(flight, expect=409)
    stopped = {one: [each["code"] for each in missing] for one, missing in refused["missing"].items()}
    assert stopped == {str(one): ["held"] for one in family.ids}
    await family.tell(r.CaseReleased(hold=hold, individuals=tuple(family.ids)))
    await family.book(flight)
    assert set(await statuses(world, flight)) == set(family.ids)


async def test_who_withdrew_before_leaving_and_joins_again_waits_for_no_seat(world: World) -> None:
    son = brother()
    family = Family(world)
    family = await replace(family, members=(*family.members, son)).bookable()
    await family.withdraw(son.individual)
    await world.post("/waiting-list", {"case_id": str(family.case)}, role=TO)
    whole = family.members
    away = left(family, son.individual)
    family.members = tuple(each for each in whole if each is not son)
    await family.tell(away, son.individual, 1)
    family.members = whole
    await family.tell(joined(family, son.individual), son.individual, 1)
    (waits,) = (await world.get("/waiting-list?destination=IRQ", role=TO))["items"]
    assert str(son.individual) not in waits["individuals"]
    assert len(waits["individuals"]) == 4


async def test_who_joined_and_came_home_by_other_means_needs_no_seat(world: World) -> None:
    flight = await schedule(world)
    family, made, baby = await grown(world, flight)
    home = r.ReturnRecorded(
        individuals=(baby,),
        attempts={baby: 1},
        kind=r.ReturnKind.ON_THEIR_OWN,
        country="IRQ",
        returned_on=world.now.date(),
        entered_at=world.now,
    )
    await family.tell(home, baby)
    assert (await booking_of(world, made))["status"] == "confirmed"


async def test_nobody_goes_ahead_of_who_joined_their_party(world: World) -> None:
    flight = await schedule(world)
    family, made, baby = await grown(world, flight)
    check_in = f"{seat(flight, family.adults[0])}/check-in"
    refused = await world.post(check_in, role=AD, now=AT_THE_DESK, expect=409)
    assert (refused["type"], refused["joined"]) == ("/problems/party-grew", [str(baby)])
    await family.tell(r.MemberWithdrawn(individual=baby, withdrawn_at=world.now), baby, 1)
    assert (await booking_of(world, made))["status"] == "confirmed", "who withdrew needs no seat"
    await world.post(check_in, role=AD, now=AT_THE_DESK)


async def test_who_checked_in_before_somebody_joined_does_not_board_ahead_of_them(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world).ready()
    await family.book(flight)
    father = family.adults[0]
    await world.post(f"{seat(flight, father)}/check-in", role=AD, now=AT_THE_DESK)
    baby = born(*family.adults)
    family.members = (*family.members, baby)
    await family.tell(joined(family, baby.individual), baby.individual, 1)
    await family.declare(baby.individual)
    await family.tell(family.decision_fact())
    refused = await world.post(f"{seat(flight, father)}/boarding", role=AD, now=AT_THE_DESK, expect=409)
    assert (refused["type"], refused["joined"]) == ("/problems/party-grew", [str(baby.individual)])


async def test_who_boarded_before_somebody_joined_stays_with_them_when_the_doors_close(world: World) -> None:
    family = Family(world)
    flight = await boarded(world, family)
    before = await statuses(world, flight)
    baby = member(AgeBand.INFANT, Relation.CHILD, responsible=tuple(family.adults))
    family.members = (*family.members, baby)
    await family.tell(joined(family, baby.individual), baby.individual, 1)
    await close_doors(world, flight)
    assert await statuses(world, flight) == dict.fromkeys(before, "offloaded")
    for one in before:
        assert (await world.get(seat(flight, one), role=AD))["taken_off_for"] == "gate_not_passed"


async def test_the_word_to_travel_apart_ends_with_who_joins_and_does_not_move_along(world: World) -> None:
    flight, later = await schedule(world), await schedule(world, departs=DEPARTS + timedelta(days=1))
    family = await Family(world).ready()
    made = await family.book(flight, family.adults[0], *family.children, **agreed(*family.adults))
    baby = member(AgeBand.INFANT, Relation.CHILD, responsible=tuple(family.adults))
    family.members = (*family.members, baby)
    await family.tell(joined(family, baby.individual), baby.individual, 1)
    await family.tell(family.decision_fact())
    shown = await booking_of(world, made)
    path, body, etag = f"/bookings/{made['id']}/rebooking", {"flight_id": str(later)}, f'"{shown["version"]}"'
    answer = await world.call("POST", path, body, role=TO, etag=etag)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/never-split-without-their-word")
    assert await booking_of(world, made) == shown


async def test_who_leaves_the_case_gives_the_seat_back_and_the_rest_goes_on(world: World) -> None:
    grown_son = member(AgeBand.ADULT, Relation.SIBLING)
    family = Family(world, twice=True)
    family = await replace(family, members=(*family.members, grown_son)).bookable()
    flight = await schedule(world)
    await family.book(flight)
    await family.tell(left(family, grown_son.individual), grown_son.individual, 1)
    found = await statuses(world, flight)
    assert found.pop(grown_son.individual) == "cancelled"
    assert set(found.values()) == {"booked"}


def test_a_party_has_grown_while_one_who_joined_stays_and_has_no_seat() -> None:
    one, baby = new_id(), new_id()
    assert has_grown([str(baby)], {one, baby}, {one})
    assert not has_grown([str(baby)], {one, baby}, {one, baby})
    assert not has_grown([str(baby)], {one}, {one}), "who withdrew or left needs no seat"
    assert not has_grown([], {one, baby}, {one}), "they were booked apart by their own word"


def brother(*_adults: UUID) -> r.Member:
    return member(AgeBand.ADULT, Relation.SIBLING)


def nephew(*_adults: UUID) -> r.Member:
    return member(AgeBand.CHILD)


def born(*parents: UUID) -> r.Member:
    return member(AgeBand.INFANT, Relation.CHILD, responsible=parents)


async def seated_apart(
    world: World, flight: UUID, joins: Callable[..., r.Member] = brother
) -> tuple[Family, Any, Any, UUID]:
    """A family that is booked, and whom somebody joins: by a booking of their own, beside the others."""
    family = await Family(world).ready()
    made = await family.book(flight)
    one = joins(*family.adults)
    family.members = (*family.members, one)
    await family.tell(joined(family, one.individual), one.individual, 1)
    await family.tell(declaration(one.individual), one.individual, 1)
    await family.has_papers(one.individual)
    await family.is_checked(one.individual)
    await family.tell(r.ProtectionCleared(individual=one.individual), one.individual)
    await family.tell(family.decision_fact())
    return family, made, await family.book(flight, one.individual), one.individual


async def test_who_joined_left_and_joined_again_is_named_once(world: World) -> None:
    flight = await schedule(world)
    family, _made, baby = await grown(world, flight)
    whole = family.members
    away = left(family, baby)
    family.members = tuple(each for each in whole if each.individual != baby)
    await family.tell(away, baby, 1)
    family.members = whole
    await family.tell(joined(family, baby), baby, 1)
    path = f"{seat(flight, family.adults[0])}/check-in"
    refused = await world.post(path, role=AD, now=AT_THE_DESK, expect=409)
    assert refused["joined"] == [str(baby)]


async def test_a_hold_on_one_lets_nobody_go_ahead_of_who_joined(world: World) -> None:
    flight = await schedule(world)
    family, made, baby = await grown(world, flight)
    father, mother = family.adults
    await family.declare(baby)
    await family.tell(family.decision_fact())
    await family.tell(r.CaseHeld(hold=new_id(), individuals=(mother,)))
    assert (await booking_of(world, made))["held_for"] == "held"
    refused = await world.post(f"{seat(flight, father)}/check-in", role=AD, now=AT_THE_DESK, expect=409)
    assert (refused["type"], refused["joined"]) == ("/problems/party-grew", [str(baby)])


async def test_a_seat_of_who_joined_that_is_given_up_holds_the_others(world: World) -> None:
    flight = await schedule(world)
    family, made, second, _one = await seated_apart(world, flight)
    assert (await booking_of(world, made))["status"] == "confirmed"
    etag = f'"{(await booking_of(world, second))["version"]}"'
    path, body = f"/bookings/{second['id']}/cancellation", {"reason": "by_officer"}
    answer = await world.call("POST", path, body, role=TO, etag=etag)
    assert answer.status_code == 200, answer.text
    now = await booking_of(world, made)
    assert (now["status"], now["held_for"]) == ("on_hold", "party_grew")
    assert len(await world.told(t.BookingOnHold, family.case)) == 2, "when they joined, and now"


@pytest.mark.parametrize("by", ["first", "second"])
async def test_who_joined_by_a_booking_of_their_own_changes_flights_with_the_others(world: World, by: str) -> None:
    flight, later = await schedule(world), await schedule(world, departs=DEPARTS + timedelta(days=1))
    family, made, second, _one = await seated_apart(world, flight)
    booking = await booking_of(world, made if by == "first" else second)
    path, body = f"/bookings/{booking['id']}/rebooking", {"flight_id": str(later)}
    answer = await world.call("POST", path, body, role=TO, etag=f'"{booking["version"]}"')
    assert answer.status_code == 201, answer.text
    assert {UUID(each["individual_id"]) for each in answer.json()["passengers"]} == set(family.ids)
    assert [(await booking_of(world, each))["status"] for each in (made, second)] == ["cancelled", "cancelled"]
    assert set((await statuses(world, later)).values()) == {"booked"}


async def test_whoever_joined_and_says_no_at_the_desk_has_the_others_asked_again(world: World) -> None:
    flight = await schedule(world)
    family, _made, _second, one = await seated_apart(world, flight)
    await to_the_door(world, flight, family)
    await world.post(f"{seat(flight, one)}/willingness", answered("no"), role=AD)
    shown = await world.get(f"/flights/{flight}/passengers", role=AD)
    assert set(shown["to_ask"]) == {str(each) for each in family.adults if each != one}


@pytest.mark.parametrize("late", [0, -1])
async def test_nobody_flies_without_who_joined_nor_who_joined_without_them(world: World, late: int) -> None:
    flight = await schedule(world)
    family, *_ = await seated_apart(world, flight)
    missing = family.ids[late]
    await to_the_door(world, flight, family, *[each for each in family.ids if each != missing])
    await close_doors(world, flight)
    found = await statuses(world, flight)
    assert found.pop(missing) == "no_show"
    assert set(found.values()) == {"offloaded"}


async def test_a_child_without_parents_who_joined_does_not_fly_on_without_the_adults(world: World) -> None:
    flight = await schedule(world)
    family, _made, _second, one = await seated_apart(world, flight, nephew)
    await to_the_door(world, flight, family)
    for each in family.adults:
        await world.post(f"{seat(flight, each)}/willingness", answered("not_sure"), role=AD)
    assert (await statuses(world, flight))[one] == "offloaded"


def test_bookings_that_one_joined_and_sits_by_another_of_go_together() -> None:
    first, second, third, other = sorted(new_id() for _ in range(4))
    uncle, baby, gone = new_id(), new_id(), new_id()
    joined_since = {first: [str(uncle), str(gone)], second: [str(baby)], third: [], other: []}
    found = parties(joined_since, {uncle: second, baby: third})
    assert found == {first: first, second: first, third: first, other: other}
    assert parties({first: [str(uncle)], other: []}, {uncle: first}) == {first: first, other: other}
    assert parties({first: [str(uncle)]}, {uncle: other}) == {first: first}, (
        "a seat by a booking that was not asked for"
    )
