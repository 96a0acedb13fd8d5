"""Bookings: the whole family or none, never split without their word, no seat twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from services.travel.bookings.rules import NeverSplitWithoutTheirWord, Relative, check_split, left_behind
from shared.contracts import registration as r
from shared.contracts import travel as t
from shared.database import new_id
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    CUT_OFF,
    DEPARTS,
    TO,
    Family,
    close_doors,
    member,
    one_adult,
    schedule,
    seat,
    statuses,
    to_the_door,
    two_adults,
)
from tests.travel.watch import refused, snapshot
from tests.world import World


def body(family: Family, flight: UUID, *individuals: UUID, **extra: object) -> dict[str, object]:
    return {
        "case_id": str(family.case),
        "flight_id": str(flight),
        "individuals": [str(each) for each in individuals],
        **extra,
    }


def agreed(*adults: UUID) -> dict[str, Any]:
    return {"split_agreed": {"stated_by": [str(each) for each in adults], "on": "2021-12-09"}}


def six_people() -> tuple[r.Member, ...]:
    father, mother = two_adults()
    both = (father.individual, mother.individual)
    children = [member(r.AgeBand.CHILD, r.Relation.CHILD, responsible=both) for _ in range(4)]
    return (father, mother, *children)


async def test_a_family_of_six_takes_none_of_five_seats(world: World) -> None:
    family = await Family(world, members=six_people()).bookable()
    flight = await schedule(world, seats=5)
    problem = await refused(world, "/bookings", body(family, flight), "not-enough-seats", 409, role=TO)
    assert (problem["left"], problem["wanted"]) == (5, 6)
    left = await world.get(f"/flights/{flight}", role=TO)
    assert left["seats"]["left"] == 5
    without_one = body(family, flight, *family.ids[:5])
    problem = await refused(world, "/bookings", without_one, "never-split-without-their-word", 409, role=TO)
    assert problem["left_behind"] == [str(family.ids[5])]
    assert set(problem["adults_to_ask"]) == {str(each) for each in family.adults}
    half = {**without_one, **agreed(family.adults[0])}
    problem = await refused(world, "/bookings", half, "never-split-without-their-word", 409, role=TO)
    assert problem["adults_to_ask"] == [str(family.adults[1])]
    made = await world.post("/bookings", {**without_one, **agreed(*family.adults)}, role=TO, expect=201)
    assert len(made["passengers"]) == 5
    assert set(made["split_stated_by"]) == {str(each) for each in family.adults}


async def test_a_word_is_of_a_day_that_has_come_and_not_from_before_the_family_was_registered(world: World) -> None:
    family = await Family(world, members=two_adults()).bookable()
    flight = await schedule(world)
    first, second = family.adults

    def split(on: str) -> dict[str, Any]:
        return {"split_agreed": {"stated_by": [str(first), str(second)], "on": on}}

    unborn = {"2021-12-11": "in-the-future", "2199-12-31": "in-the-future", "2021-12-07": "agreed-before-registration"}
    for day, slug in unborn.items():
        await refused(world, "/bookings", body(family, flight, first, **split(day)), slug, 422, role=TO)
    world.now += timedelta(days=2)
    await family.tell(family.case_fact(r.CaseCorrected))  # told later: the day of registration stays
    world.now -= timedelta(days=2)
    made = await family.book(flight, expect=201)
    path = f"/bookings/{made['id']}/cancellation"
    for_one = {"individuals": [str(first)], "reason": "by_officer"}
    for day, slug in unborn.items():
        await refused(world, path, {**for_one, **split(day)}, slug, 422, role=TO)
    await world.post(path, {**for_one, **split("2021-12-09")}, role=TO)


async def test_who_has_travelled_is_not_booked_again_with_the_rest(world: World, registration: Registration) -> None:
    family = await Family(world, members=two_adults()).ready()
    first, second = family.adults
    flight = await schedule(world)
    await family.book(flight, first, **agreed(first, second))
    await to_the_door(world, flight, family, first)
    await close_doors(world, flight)
    await carry(world)
    world.now = DEPARTS
    await world.post(f"/flights/{flight}/departure", {"departed_at": DEPARTS.isoformat()}, role=AD)
    world.now = DEPARTS + timedelta(hours=8)
    home = {"airport": "EBL", "country": "IRQ", "at": world.now.isoformat(), "met_by": "family"}
    await world.post(f"{seat(flight, first)}/arrival", home, role=TO)
    later = await schedule(world, departs=DEPARTS + timedelta(days=2))
    made = await family.book(later, expect=201)
    assert [each["individual_id"] for each in made["passengers"]] == [str(second)]


async def test_who_joins_the_family_on_the_same_flight_splits_nobody(world: World) -> None:
    family = await Family(world, members=two_adults()).bookable()
    flight = await schedule(world)
    first, second = family.adults
    await family.book(flight, first, **agreed(first, second))
    await family.book(flight, second, expect=201)


async def test_nobody_has_a_seat_on_two_flights(world: World) -> None:
    family = await Family(world).bookable()
    flight, other = await schedule(world), await schedule(world, departs=DEPARTS + timedelta(days=1))
    await family.book(flight)
    problem = await refused(world, "/bookings", body(family, other), "already-booked", 409, role=TO)
    assert set(problem["individuals"]) == {str(each) for each in family.ids}


async def test_a_child_is_not_booked_without_an_adult_responsible(world: World) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    children = body(family, flight, *family.children, **agreed(*family.adults))
    problem = await refused(world, "/bookings", children, "child-would-fly-alone", 409, role=TO)
    assert set(problem["children"]) == {str(each) for each in family.children}
    with_mother = body(family, flight, family.adults[1], *family.children, **agreed(*family.adults))
    await world.post("/bookings", with_mother, role=TO, expect=201)


async def test_the_gate_at_booking_names_for_each_what_is_missing(world: World) -> None:
    family = await Family(world, members=two_adults()).register()
    await family.decide()
    await family.declare(family.ids[0])
    flight = await schedule(world)
    problem = await refused(world, "/bookings", body(family, flight), "gate-not-passed", 409, role=TO)
    assert {key: [item["code"] for item in items] for key, items in problem["missing"].items()} == {
        str(family.ids[1]): ["not_declared"]
    }


async def test_a_case_that_has_not_arrived_yet_can_be_booked_later(world: World) -> None:
    family = Family(world)
    flight = await schedule(world)
    await refused(world, "/bookings", body(family, flight), "case-not-known-yet", 409, role=TO)
    await family.bookable()
    await family.book(flight, expect=201)


async def test_of_several_ids_in_a_request_the_refusal_says_which_is_not_known(world: World) -> None:
    family = await Family(world).bookable()
    problem = await refused(world, "/bookings", body(family, new_id()), "not-found", 404, role=TO)
    assert problem["detail"] == "No flight has that id."


async def test_somebody_of_another_case_is_refused(world: World) -> None:
    family, other = await Family(world).bookable(), await Family(world).bookable()
    flight = await schedule(world)
    problem = await refused(world, "/bookings", body(family, flight, other.ids[0]), "not-of-this-case", 422, role=TO)
    assert problem["individuals"] == [str(other.ids[0])]


async def test_a_withdrawal_before_any_booking_blocks_that_attempt_only(world: World) -> None:
    family = await Family(world, members=one_adult()).bookable()
    (who,) = family.ids
    await family.withdraw()
    flight = await schedule(world)
    await refused(world, "/bookings", body(family, flight), "nobody-to-book", 409, role=TO)
    problem = await refused(world, "/bookings", body(family, flight, who), "gate-not-passed", 409, role=TO)
    assert [item["code"] for item in problem["missing"][str(who)]] == ["withdrawn"]
    await family.declare(attempt=2)
    await family.decide({who: 2})
    made = await family.book(flight)
    assert made["passengers"][0]["attempt"] == 2
    await family.withdraw(who, attempt=1)  # said again about the first attempt: kept, and acts no more
    assert (await world.get(f"/bookings/{made['id']}", role=TO))["status"] == "confirmed"


async def test_those_who_withdrew_are_left_out_and_split_nobody(world: World) -> None:
    family = await Family(world, members=two_adults()).bookable()
    await family.withdraw(family.ids[0])
    made = await family.book(await schedule(world))
    assert [each["individual_id"] for each in made["passengers"]] == [str(family.ids[1])]


async def test_a_withdrawal_before_the_doors_close_frees_the_seat(world: World) -> None:
    family = await Family(world, members=two_adults()).bookable()
    flight = await schedule(world)
    made = await family.book(flight)
    await family.withdraw(family.ids[0])
    (told,) = await world.told(t.BookingCancelled, family.case)
    assert told.data["individuals"] == [str(family.ids[0])]
    assert (told.data["remaining"], told.data["reason"]) == ([str(family.ids[1])], "withdrawn")
    await family.withdraw(family.ids[1])
    assert (await world.get(f"/bookings/{made['id']}", role=TO))["status"] == "cancelled"
    assert (await world.get(f"/flights/{flight}", role=TO))["seats"]["left"] == 30
    assert len(await world.told(t.BookingCancelled, family.case)) == 2


async def test_when_both_parents_withdraw_the_children_lose_their_seats_with_them(world: World) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    await family.book(flight)
    await family.withdraw(family.adults[0])
    assert sorted((await statuses(world, flight)).values()) == ["booked", "booked", "booked", "cancelled"]
    await family.withdraw(family.adults[1])
    assert set((await statuses(world, flight)).values()) == {"cancelled"}


async def test_a_closed_case_loses_its_seats(world: World) -> None:
    family = await Family(world).bookable()
    await family.book(await schedule(world))
    await family.tell(r.CaseClosed(reason=r.CaseClosureReason.LOST_CONTACT))
    (told,) = await world.told(t.BookingCancelled)
    assert told.data["reason"] == "case_closed"


async def test_a_seat_given_back_after_the_airlines_cut_off_is_lost(world: World) -> None:
    early, late = (
        await Family(world, members=one_adult()).bookable(),
        await Family(world, members=one_adult()).bookable(),
    )
    flight = await schedule(world, seats=2)
    first, second = await early.book(flight), await late.book(flight)
    world.now = CUT_OFF - timedelta(seconds=1)
    await world.post(f"/bookings/{first['id']}/cancellation", {"reason": "by_officer"}, role=TO)
    world.now = CUT_OFF
    gone = await world.post(f"/bookings/{second['id']}/cancellation", {"reason": "by_officer"}, role=TO)
    assert (gone["status"], gone["passengers"][0]["seat"]) == ("cancelled", "lost")
    shown = await world.get(f"/flights/{flight}", role=TO)
    assert shown["seats"] == {"held": 2, "taken": 0, "lost": 1, "left": 1}
    assert shown["fares_lost"] == {"amount": "310.00", "currency": "EUR"}


async def test_cancelling_for_some_needs_the_word_of_all(world: World) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    made = await family.book(flight)
    path = f"/bookings/{made['id']}/cancellation"
    for_one = {"individuals": [str(family.children[0])], "reason": "by_officer"}
    await refused(world, path, for_one, "never-split-without-their-word", 409, role=TO)
    adults = {"individuals": [str(each) for each in family.adults], "reason": "by_officer"}
    await refused(world, path, {**adults, **agreed(*family.adults)}, "child-would-fly-alone", 409, role=TO)
    stranger = {"individuals": [str(new_id())], "reason": "by_officer"}
    await refused(world, path, stranger, "not-of-this-case", 422, role=TO)
    shown = await world.post(path, {**for_one, **agreed(*family.adults)}, role=TO)
    assert shown["status"] == "confirmed"
    await world.post(path, {"reason": "restriction"}, role=AD)
    await refused(world, path, {"reason": "by_officer"}, "not-possible-now", 409, role=TO)


@pytest.mark.parametrize("reason", ["no_show", "flight_cancelled", "because"])
async def test_an_officer_gives_seats_back_only_for_an_officers_reasons(world: World, reason: str) -> None:
    family = await Family(world, members=one_adult()).bookable()
    made = await family.book(await schedule(world))
    await refused(world, f"/bookings/{made['id']}/cancellation", {"reason": reason}, "invalid-body", 422, role=TO)


async def test_a_flight_with_closed_doors_takes_and_gives_back_no_seats(
    world: World, registration: Registration
) -> None:
    family, other = await Family(world, members=one_adult()).ready(), await Family(world).bookable()
    flight = await schedule(world)
    made = await family.book(flight)
    await to_the_door(world, flight, family)
    await close_doors(world, flight)
    for _ in range(2):  # while registration decides, and when it has
        await refused(world, "/bookings", body(other, flight), "flight-not-open", 409, role=TO)
        path = f"/bookings/{made['id']}/cancellation"
        await refused(world, path, {"reason": "by_officer"}, "doors-closed", 409, role=TO)
        await carry(world)


async def test_the_same_request_twice_books_once(world: World) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    first = await world.call("POST", "/bookings", body(family, flight), role=TO, key="booked-once-only")
    before = await snapshot(world)
    again = await world.call("POST", "/bookings", body(family, flight), role=TO, key="booked-once-only")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert await snapshot(world) == before
    listed = await world.get(f"/bookings?case_id={family.case}", role=TO)
    assert [each["id"] for each in listed["items"]] == [first.json()["id"]]


async def test_a_stale_version_cancels_no_booking(world: World) -> None:
    family = await Family(world, members=one_adult()).bookable()
    made = await family.book(await schedule(world))
    path = f"/bookings/{made['id']}/cancellation"
    await refused(world, path, {"reason": "by_officer"}, "stale-version", 412, role=TO, etag='"7"')
    await world.post(path, {"reason": "by_officer"}, role=TO, etag='"1"')


async def test_who_was_taken_off_can_be_booked_again_on_the_same_flight(world: World) -> None:
    family = await Family(world, members=one_adult()).bookable()
    flight = await schedule(world)
    await family.book(flight)
    await world.post(f"{seat(flight, family.ids[0])}/offload", {"reason": "airline"}, role=AD)
    await family.book(flight, expect=201)
    shown = await world.get(seat(flight, family.ids[0]), role=AD)
    assert shown["status"] == "booked"


def test_a_family_is_split_only_by_leaving_behind_who_could_come() -> None:
    go, stay, gone = (new_id() for _ in range(3))
    family = [Relative(go, True, True), Relative(stay, True, False), Relative(gone, True, False, elsewhere=True)]
    assert left_behind(family) == [stay]
    assert left_behind([Relative(stay, True, False)]) == [], "nobody goes: nobody is left behind"
    check_split(family, [go, stay])
    with pytest.raises(NeverSplitWithoutTheirWord):
        check_split(family, [go, gone])


async def test_listing_the_bookings_of_a_case_takes_as_many_queries_for_many_as_for_few(world: World) -> None:
    async def counted() -> tuple[int, int]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        engine = world.runtime.database._reader.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            items = (await world.get(f"/bookings?case_id={family.case}", role=TO))["items"]
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(items), sum(each.startswith("SELECT") for each in seen)

    family = await Family(world, members=one_adult()).bookable()
    found = []
    for _ in range(3):
        made = await family.book(await schedule(world))
        found.append(await counted())
        await world.post(f"/bookings/{made['id']}/cancellation", {"reason": "by_officer"}, role=TO)
    assert [items for items, _ in found] == [1, 2, 3]
    assert {queries for _, queries in found} == {3}
