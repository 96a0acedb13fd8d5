"""Facts of different services in every order give the same state; a rebuild gives it again and tells nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from services.reintegration.app import WIRING
from shared.brokers import Message
from shared.contracts.registration import CaseClosureReason, ReturnKind
from shared.contracts.reintegration import AssistanceClosed
from shared.contracts.travel import BookingReason
from shared.database import core, new_id
from shared.recovery import rebuild
from tests.reintegration.story import RE, Family, Told, at_home
from tests.world import World

Story = Callable[[Family], list[list[Told]]]
"""Per source, its facts in their order."""


def withdrawn_before_departure(f: Family) -> list[list[Told]]:
    return [[f.registered(), f.withdrawn()], [f.decided()], [f.booked(), f.cancelled(BookingReason.WITHDRAWN)]]


def mother_stays(f: Family) -> list[list[Told]]:
    left = (f.mother, f.daughter, f.son)
    travel = [f.booked(), f.cancelled(BookingReason.WITHDRAWN, who=left), f.departed(f.father), f.arrived(f.father)]
    return [[f.registered(), f.member_withdrawn(f.mother)], travel]


def flight_cancelled_and_booked_again(f: Family) -> list[list[Told]]:
    again = f.flight
    return [[f.registered()], [f.booked(), f.cancelled(), f.booked(booking=again)]]


def withdrawn_and_declared_again(f: Family) -> list[list[Told]]:
    travel = [f.booked(), f.cancelled(BookingReason.WITHDRAWN), f.booked(attempt=2, booking=f.flight)]
    return [[f.registered(), f.withdrawn(), f.declared(f.father, 2)], travel]


def stated_too_late(f: Family) -> list[list[Told]]:
    one = (f.father,)
    travel = [f.booked(who=one), f.departed(f.father), f.arrived(f.father)]
    return [[f.registered(), f.stated_late(f.father)], travel]


def refused_entry(f: Family) -> list[list[Told]]:
    one = (f.father,)
    return [[f.registered()], [f.booked(who=one), f.departed(f.father), f.not_admitted(f.father)]]


def closed_by_mistake(f: Family) -> list[list[Told]]:
    closed = f.closed_there(CaseClosureReason.DUPLICATE)
    return [[f.registered(), closed, f.reopened_there()], [f.booked()]]


def home_before_anybody_knew(f: Family) -> list[list[Told]]:
    return [[f.registered(), f.went_home(ReturnKind.RETROACTIVE)], [f.decided()]]


def home_with_their_own_government(f: Family) -> list[list[Told]]:
    return [[f.registered(), f.went_home(ReturnKind.OWN_GOVERNMENT)], [f.booked(), f.cancelled()]]


def missed_and_their_booking_fell(f: Family) -> list[list[Told]]:
    one = (f.father,)
    travel = [f.booked(who=one), f.missed(f.father), f.cancelled(BookingReason.NO_SHOW, who=one)]
    return [[f.registered()], travel]


def missed_and_booked_again(f: Family) -> list[list[Told]]:
    one, again = (f.father,), f.flight
    travel = [f.booked(who=one), f.missed(f.father), f.booked(who=one, booking=again)]
    travel += [f.departed(f.father, booking=again), f.arrived(f.father, booking=again)]
    return [[f.registered()], travel]


STORIES: list[tuple[Story, str]] = [
    (withdrawn_before_departure, "cancelled"),
    (mother_stays, "arrived"),
    (flight_cancelled_and_booked_again, "expected"),
    (withdrawn_and_declared_again, "expected"),
    (stated_too_late, "arrived"),
    (refused_entry, "expected"),
    (closed_by_mistake, "expected"),
    (home_before_anybody_knew, "arrived"),
    (home_with_their_own_government, "cancelled"),
    (missed_and_their_booking_fell, "expected"),
    (missed_and_booked_again, "arrived"),
]


def orders(lengths: list[int]) -> Iterator[tuple[int, ...]]:
    """Every way to take the next fact of one of the sources until all are taken."""
    if not any(lengths):
        yield ()
    for source, left in enumerate(lengths):
        if left:
            rest = [n - (at == source) for at, n in enumerate(lengths)]
            yield from ((source, *order) for order in orders(rest))


async def seen(world: World, family: Family) -> Any:
    """The case as anyone can read it, without what differs from family to family."""
    case = await world.get(f"/cases/{family.case}", role=RE)
    names = {str(getattr(family, name)): name for name in ("father", "mother", "daughter", "son")}
    people = [{**each, "individual_id": names[each["individual_id"]]} for each in case["individuals"]]
    marks = [{**each, "individual_id": names.get(each["individual_id"] or "")} for each in case["marks"]]
    actions = [each["action"] for each in case["actions"]]
    money = case["money"] and case["money"]["ceiling"]
    people.sort(key=lambda each: each["individual_id"])
    return case["status"], people, marks, actions, money, case["eligible"]


async def told_in(world: World, story: Story, order: tuple[int, ...]) -> Family:
    """A family of whom the story's facts were handled in that order, and then all once more."""
    family = Family()
    sources = [iter(facts) for facts in story(family)]
    facts = [next(sources[source]) for source in order]
    deliveries = [world.delivery(fact, key=family.case, **about) for fact, about in facts]
    await world.runtime.consumer.take(deliveries)
    told = await world.count_told()
    await world.runtime.consumer.take(deliveries)
    assert await world.count_told() == told, "handling facts twice told something new"
    assert await world.parked() == []
    return family


@pytest.mark.parametrize(("story", "status"), STORIES, ids=[story.__name__ for story, _ in STORIES])
async def test_every_order_of_the_sources_gives_the_same_case(world: World, story: Story, status: str) -> None:
    first = None
    for order in orders([len(each) for each in story(Family())]):
        family = await told_in(world, story, order)
        state = await seen(world, family)
        first = first or state
        assert state == first, f"another state in the order {order}"
        assert state[0] == status
        if story is withdrawn_before_departure:
            (end,) = [envelope.event() for envelope in await world.told(AssistanceClosed, family.case)]
            assert isinstance(end, AssistanceClosed)
            assert end.reason == "withdrawn_before_departure"
            assert end.attempts == dict.fromkeys(family.everyone, 1)
        if story in (flight_cancelled_and_booked_again, mother_stays, stated_too_late, refused_entry):
            assert await world.told(key=family.case) == []


async def fact_rows(world: World) -> dict[str, list[Any]]:
    async with world.runtime.database.reading() as session:
        found = {}
        for table in WIRING.facts:
            rows = (await core(session, select(table).order_by(*table.primary_key.columns))).all()
            found[table.name] = [tuple(row) for row in rows]
        return found


async def test_a_rebuild_gives_the_same_facts_and_tells_nothing(world: World) -> None:
    family = Family()
    facts = [
        *(fact for source in stated_too_late(family) for fact in source),
        family.decided(),
        family.allowance(family.father),
        family.member_withdrawn(family.mother),
        family.withdrawn(),
        family.went_home(ReturnKind.ON_THEIR_OWN, who=(family.mother,)),
        family.linked(new_id(), new_id(), new_id()),
    ]
    deliveries = [world.delivery(fact, key=family.case, **about) for fact, about in facts]
    messages = [Message(d.topic, d.key, d.value, dict(d.headers)) for d in deliveries]
    assert await world.runtime.broker.publish(messages) == [None] * len(messages)
    await world.runtime.consumer.take(deliveries)
    assert await world.parked() == []
    rows, case, told = await fact_rows(world), await seen(world, family), await world.count_told()
    assert all(rows[name] for name in rows), "every fact table is put to the test"
    assert await rebuild(world.runtime.consumer, WIRING.facts) == len(facts)
    assert await fact_rows(world) == rows
    assert await seen(world, family) == case
    assert await world.count_told() == told


async def test_a_batch_of_facts_of_many_cases_is_applied_whole(world: World) -> None:
    families = [Family() for _ in range(5)]
    deliveries = []
    for each in families:
        facts = (each.booked(), each.registered(), each.departed(each.father), each.arrived(each.father))
        deliveries += [world.delivery(fact, key=each.case, **about) for fact, about in facts]
    await world.runtime.consumer.take(deliveries)
    assert await world.parked() == []
    listed = await world.get("/cases?status=arrived", role=RE)
    assert {each["case_id"] for each in listed["items"]} == {str(each.case) for each in families}


async def test_an_arrival_that_is_told_twice_changes_nothing_the_second_time(world: World) -> None:
    family = await at_home(world)
    before = await world.get(f"/cases/{family.case}", role=RE)
    fact, about = family.arrived(family.father)
    await world.hear(fact, key=family.case, **about)
    assert await world.get(f"/cases/{family.case}", role=RE) == before
