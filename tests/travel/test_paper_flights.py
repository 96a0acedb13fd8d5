"""A flight worked on paper is entered afterwards: what happened is kept, marked as such, and never silently."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.travel.paper_flights.rules import (
    CannotBeUndone,
    Recorded,
    Written,
    departed_too,
    differences,
    not_in_order,
    seats_beyond,
)
from shared.auth import Role
from shared.contracts import travel as t
from shared.database import new_id
from shared.relay import place
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    CUT_OFF,
    DEPARTS,
    TO,
    Family,
    boarded,
    close_doors,
    one_adult,
    schedule,
    seat,
    statuses,
    two_adults,
)
from tests.travel.watch import refused, snapshot
from tests.world import World

AU = Role.AUDITOR
AFTER = DEPARTS + timedelta(hours=9)
LEFT_AT = DEPARTS + timedelta(minutes=5)


def line(who: UUID, outcome: str = "departed", **said: Any) -> dict[str, Any]:
    return {"individual_id": str(who), "outcome": outcome, **said}


def yes(who: UUID, **said: Any) -> dict[str, Any]:
    return line(who, willingness="yes", asked_alone=True, language="ckb", **said)


def paper(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "departed_at": LEFT_AT.isoformat(),
        "reason": "power_down",
        "worked_by": "desk-2",
        "lines": list(lines),
        **more,
    }


def everyone(family: Family) -> list[dict[str, Any]]:
    return [yes(each) if each in family.adults else line(each) for each in family.ids]


async def booked(world: World, *families: Family, **changes: Any) -> UUID:
    flight = await schedule(world, **changes)
    for family in families:
        await family.ready()
        await family.book(flight)
    world.now = AFTER
    return flight


async def entered(world: World, flight: UUID, *lines: dict[str, Any], **more: Any) -> Any:
    return await world.post(f"/flights/{flight}/paper-manifests", paper(*lines, **more), role=AD)


async def test_a_flight_worked_on_paper_is_entered_and_everyone_departed_is_marked_as_such(world: World) -> None:
    family = Family(world)
    other = Family(world, members=two_adults())
    flight = await booked(world, family, other)
    late, _ = other.ids
    stayed = [line(late, "no_show"), line(other.ids[1], "left_behind", willingness="no", asked_alone=True)]
    said = await entered(world, flight, *everyone(family), *stayed)
    assert (said["status"], said["persons"], said["not_in_order"]) == ("entered", 4, 0)
    now = await statuses(world, flight)
    assert [now[each] for each in family.ids] == ["departed"] * 4
    assert [now[each] for each in other.ids] == ["no_show", "offloaded"]
    told = await world.told(t.PassengerDeparted)
    assert {(each.data["on_paper"], each.data.get("in_order", True)) for each in told} == {(True, True)}
    assert {each.data["clearance"] for each in told} == {said["id"]}
    assert {each.time for each in told} == {LEFT_AT}
    assert {each.data["entered_at"] for each in told} == {AFTER.isoformat().replace("+00:00", "Z")}
    answers = {(UUID(each.data["individual"]), each.data["answer"]) for each in await world.told(t.WillingnessStated)}
    assert answers == {*((each, "yes") for each in family.adults), (other.ids[1], "no")}
    shown = await world.get(f"/flights/{flight}", role=AD)
    assert (shown["status"], shown["seats"]["taken"], shown["seats"]["lost"]) == ("departed", 4, 2)


async def test_the_same_paper_twice_changes_nothing(world: World) -> None:
    family = Family(world)
    flight = await booked(world, family)
    first = await entered(world, flight, *everyone(family))
    before = await snapshot(world)
    second = await entered(world, flight, *reversed(everyone(family)))
    assert second == first
    after = await snapshot(world)
    assert {name for name in after if after[name] != before[name]} <= {"audit"}


async def test_who_should_not_have_flown_is_kept_as_departed_and_told_as_not_in_order(world: World) -> None:
    pressed, silent, overheard, left = (Family(world, members=one_adult()) for _ in range(4))
    family = Family(world)
    flight = await booked(world, pressed, silent, overheard, left, family)
    await left.withdraw()
    assert (await statuses(world, flight))[left.ids[0]] == "cancelled"
    said = await entered(
        world,
        flight,
        line(pressed.ids[0], willingness="pressed"),
        line(silent.ids[0]),
        line(overheard.ids[0], willingness="yes"),
        yes(left.ids[0]),
        *(line(each, "left_behind") for each in family.adults),
        *(line(each) for each in family.children),
    )
    assert said["not_in_order"] == 5
    told = {UUID(each.data["individual"]): each.data["in_order"] for each in await world.told(t.PassengerDeparted)}
    assert told == {
        **dict.fromkeys([pressed.ids[0], silent.ids[0], overheard.ids[0], *family.children], False),
        left.ids[0]: True,  # that he withdrew is registration's to see
    }
    shown = await world.get(f"/flights/{flight}", role=AD)
    assert shown["seats"]["taken"] == 6
    assert (await world.get(seat(flight, left.ids[0]), role=AD))["taken_off_for"] is None


async def test_an_adult_who_flew_after_a_no_is_told_to_registration_before_the_departure(world: World) -> None:
    family = Family(world, members=one_adult())
    flight = await booked(world, family)
    await entered(world, flight, line(family.ids[0], willingness="no"))
    kinds = [each.type.split(".")[3] for each in await world.told() if each.key == str(family.case)]
    assert kinds[-2:] == ["stated", "departed"]


async def test_more_flew_than_seats_were_held_and_each_is_counted_once(world: World) -> None:
    first, second = Family(world, members=one_adult()), Family(world, members=one_adult())
    flight = await schedule(world, 1)
    await first.ready()
    await first.book(flight)
    await first.withdraw()
    await second.ready()
    await second.book(flight)
    world.now = AFTER
    await entered(world, flight, yes(first.ids[0]), yes(second.ids[0]))
    seats = (await world.get(f"/flights/{flight}", role=AD))["seats"]
    assert (seats["held"], seats["taken"], seats["lost"], seats["left"]) == (2, 2, 0, 0)


async def test_a_seat_counted_as_lost_is_lost_no_more_when_its_passenger_flew_after_all(world: World) -> None:
    family = Family(world, members=one_adult())
    flight = await schedule(world, 1)
    await family.ready()
    await family.book(flight)
    world.now = CUT_OFF
    await family.withdraw()
    assert (await world.get(f"/flights/{flight}", role=AD))["seats"]["lost"] == 1
    world.now = AFTER
    await entered(world, flight, yes(family.ids[0]))
    seats = (await world.get(f"/flights/{flight}", role=AD))["seats"]
    assert (seats["held"], seats["taken"], seats["lost"], seats["left"]) == (1, 1, 0, 0)


async def test_a_paper_says_of_everyone_what_became_of_them_or_is_refused(world: World) -> None:
    family, other = Family(world, members=two_adults()), Family(world, members=one_adult())
    flight = await booked(world, family)
    path = f"/flights/{flight}/paper-manifests"
    first, second = family.ids
    problem = await refused(world, path, paper(yes(first)), "paper-incomplete", 422, role=AD)
    assert problem["individuals"] == [str(second)]
    stranger = [*everyone(family), yes(other.ids[0])]
    await refused(world, path, paper(*stranger), "not-on-this-flight", 422, role=AD)
    early = (DEPARTS - timedelta(days=1)).isoformat()
    before = paper(*everyone(family), departed_at=early)
    await refused(world, path, before, "departed-before-check-in", 422, role=AD)
    coming = paper(*everyone(family), departed_at=(AFTER + timedelta(days=1)).isoformat())
    await refused(world, path, coming, "in-the-future", 422, role=AD)
    await refused(world, path, paper(yes(first), yes(first)), "invalid-body", 422, role=AD)
    late = paper(*everyone(family))
    await refused(world, path, late, "evidence-missing", 422, role=AD, now=AFTER + timedelta(days=9))
    await refused(world, path.replace(str(flight), str(new_id())), late, "not-found", 404, role=AD)


async def test_nobody_leaves_by_a_paper_who_has_a_seat_on_another_flight(world: World) -> None:
    family = Family(world, members=one_adult())
    flight = await booked(world, family)
    world.now = DEPARTS - timedelta(days=2)
    booking = (await world.get(f"/bookings?case_id={family.case}", role=TO))["items"][0]["id"]
    other = await schedule(world, departs=DEPARTS + timedelta(days=3))
    await world.post(f"/bookings/{booking}/rebooking", {"flight_id": str(other)}, role=TO)
    world.now = AFTER
    path = f"/flights/{flight}/paper-manifests"
    problem = await refused(world, path, paper(yes(family.ids[0])), "seat-elsewhere", 409, role=AD)
    assert problem["seats"] == [{"individual_id": str(family.ids[0]), "flight_id": str(other)}]


async def test_a_flight_that_waited_for_registration_is_settled_by_its_paper_and_asks_no_more(
    world: World, registration: Registration
) -> None:
    family, other = Family(world, members=two_adults()), Family(world, members=one_adult())
    flight = await boarded(world, family, other)
    registration.away = True
    clearance = (await close_doors(world, flight))["clearance_id"]
    world.now = AFTER
    await entered(world, flight, *everyone(family), line(other.ids[0], "left_behind"))
    told = await world.told(t.PassengerDeparted)
    assert {(each.data["clearance"], each.data["on_paper"]) for each in told} == {(clearance, True)}
    registration.away = False
    before = await snapshot(world)
    await carry(world)
    assert await snapshot(world) == before
    assert registration.asked == []


async def test_a_second_paper_that_contradicts_is_kept_as_a_correction_that_a_person_resolves(world: World) -> None:
    family = Family(world, members=two_adults())
    flight = await booked(world, family)
    first, second = family.ids
    await entered(world, flight, yes(first), line(second, "left_behind"))
    before = await statuses(world, flight)
    said = await entered(world, flight, yes(first), yes(second))
    assert said["status"] == "contradicts"
    assert {(each["individual_id"], each["what"], each["written"]) for each in said["differs"]} == {
        (str(second), "outcome", "departed"),
        (str(second), "answer", "yes"),
    }
    assert await statuses(world, flight) == before
    assert (await entered(world, flight, yes(first), yes(second)))["id"] == said["id"]
    path = f"/flights/{flight}/paper-manifests"
    listed = (await world.get(path, role=AU))["items"]
    assert [each["status"] for each in listed] == ["entered", "contradicts"]
    resolution = f"{path}/{said['id']}/resolution"
    await world.post(resolution, {"resolution": "departed_too"}, role=AD, expect=403)
    done = await world.post(resolution, {"resolution": "departed_too"}, role=TO)
    assert (done["status"], done["resolution"]) == ("resolved", "departed_too")
    assert set((await statuses(world, flight)).values()) == {"departed"}
    assert len(await world.told(t.PassengerDeparted)) == 2
    await refused(world, resolution, {"resolution": "record_stands"}, "not-possible-now", 409, role=TO)


async def test_a_paper_that_takes_a_departure_back_undoes_nothing_and_a_no_on_it_is_told(world: World) -> None:
    family = Family(world, members=two_adults())
    flight = await booked(world, family)
    first, second = family.ids
    await entered(world, flight, *everyone(family))
    said = await entered(world, flight, line(first, willingness="no"), line(second, "left_behind"))
    assert said["status"] == "contradicts"
    answers = [(UUID(each.data["individual"]), each.data["answer"]) for each in await world.told(t.WillingnessStated)]
    assert answers[-1] == (first, "no")
    path = f"/flights/{flight}/paper-manifests/{said['id']}/resolution"
    await refused(world, path, {"resolution": "departed_too"}, "cannot-be-undone", 409, role=TO)
    await world.post(path, {"resolution": "record_stands"}, role=TO)
    assert set((await statuses(world, flight)).values()) == {"departed"}
    assert (await world.get(seat(flight, first), role=AD))["willingness"] == "yes"


async def test_the_report_of_13_december_as_known_that_day_is_the_same_after_a_flight_on_paper_is_entered_late(
    world: World,
) -> None:
    day, of_the_13th = date(2021, 12, 13), DEPARTS - timedelta(days=1)
    known, on_paper = Family(world, members=one_adult()), Family(world)
    first = await booked(world, known, departs=of_the_13th)
    world.now = DEPARTS - timedelta(days=5)
    second = await booked(world, on_paper, departs=of_the_13th)
    world.now = of_the_13th + timedelta(hours=12)
    then = {"departed_at": of_the_13th.isoformat()}

    async def report(more: str = "") -> Any:
        async with world.runtime.database.transaction() as session:
            await place(session)
        return await world.get(f"/reports/returns?since=2021-12-01&as_of={day}{more}", role=AU)

    await entered(world, first, yes(known.ids[0]), **then)
    given = await report()
    assert given["count"] == 1
    world.now = of_the_13th + timedelta(days=7, hours=1)
    path = f"/flights/{second}/paper-manifests"
    await refused(world, path, paper(*everyone(on_paper), **then), "evidence-missing", 422, role=AD)
    await entered(world, second, *everyone(on_paper), evidence="folder 12, sheet 3", **then)
    assert (await report(f"&as_known_at={given['as_known_at']}")) == given, "as it was known on that day"
    assert (await report())["count"] == 5, "as it is known now"


def test_what_a_paper_shows_to_be_amiss() -> None:
    adult, child = new_id(), new_id()

    def amiss(*lines: Written, alone: tuple[UUID, ...] = ()) -> set[UUID]:
        return not_in_order(lines, {adult}, lambda flown: set(alone) & set(flown))

    assert amiss(Written(adult, True, "yes", True), Written(child, True, None, False)) == set()
    assert amiss(Written(adult, True, "yes", False)) == {adult}
    assert amiss(Written(adult, True, "not_sure", True)) == {adult}
    assert amiss(Written(adult, False, "no", True)) == set(), "he stayed"
    assert amiss(Written(child, True, "no", False)) == {child}
    assert amiss(Written(child, True, None, False), alone=(child,)) == {child}


def test_two_records_of_one_flight_are_compared_line_by_line() -> None:
    one, two = sorted((new_id(), new_id()))
    record = {one: Recorded(True, "yes"), two: Recorded(False, None)}
    same = [Written(one, True, None, False), Written(two, False, None, False)]
    assert differences(same, record, DEPARTS, DEPARTS) == []
    other = [Written(one, False, "no", False), Written(two, True, "yes", False)]
    found = differences(other, record, DEPARTS, LEFT_AT)
    assert [(each.individual, each.what, each.recorded, each.written) for each in found] == [
        (None, "departed_at", LEFT_AT.isoformat(), DEPARTS.isoformat()),
        (one, "outcome", "departed", "stayed"),
        (one, "answer", "yes", "no"),
        (two, "outcome", "stayed", "departed"),
    ]
    more = [each.as_told() for each in differences([same[0], other[1]], record, DEPARTS, DEPARTS)]
    assert departed_too(more) == [two]
    with pytest.raises(CannotBeUndone) as problem:
        departed_too([each.as_told() for each in found])
    assert problem.value.members["individuals"] == [str(one)]


def test_seats_the_airline_gave_at_the_gate_are_counted_beyond_those_that_were_held() -> None:
    assert (seats_beyond(3, 4), seats_beyond(3, 3)) == (1, 0)
