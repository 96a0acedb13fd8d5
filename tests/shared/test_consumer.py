"""Arriving: repeats dropped, a batch whole or one by one, poison put aside with what waits behind it, nothing else."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from shared.brokers import Delivery, Message
from shared.consumer import RACES, Consumer, topics_heard
from shared.contracts.eligibility import RestrictionLifted
from shared.contracts.registration import CaseClosed, CaseClosureReason, CaseReopened, ProtectionCleared
from shared.database import StoreAway, core, inbox, parked
from shared.events import Envelope, Event
from shared.inbox import Handler
from tests.faults import contents, fail_next_commit
from tests.shared.toy import HANDLERS, POISON, heard, until
from tests.world import World

CLOSED = CaseClosed(reason=CaseClosureReason.DIED)
REOPENED = CaseReopened()


class Lost(Exception):
    sqlstate = "40001"


def lost_race() -> OperationalError:
    return OperationalError("UPDATE", {}, Lost())


def lifted() -> RestrictionLifted:
    return RestrictionLifted(restriction=UUID(int=1), country="SYR", area=None, lifted_on=date(2021, 12, 1))


async def take(world: World, *deliveries: Delivery) -> None:
    await world.runtime.consumer.take(deliveries)


async def reach(world: World) -> dict[tuple[str, str], int]:
    """The last sequence applied per source and key, where there is one."""
    async with world.runtime.database.reading() as session:
        rows = (await core(session, select(inbox))).all()
        return {(row.source, row.key): row.sequence for row in rows if row.sequence}


async def aside(world: World) -> list[tuple[str, int | None, str]]:
    """Key, sequence and reason of what is parked, in order."""
    async with world.runtime.database.reading() as session:
        rows = (await core(session, select(parked).where(parked.c.settled_at.is_(None)).order_by(parked.c.id))).all()
        return [(row.key, row.sequence, row.reason) for row in rows]


def elsewhere(delivery: Delivery, offset: int) -> Delivery:
    """The same message, sent a second time."""
    return replace(delivery, offset=offset)


async def test_a_fact_is_folded_and_reacted_to_once(world: World) -> None:
    key = uuid4()
    one = world.delivery(CLOSED, key=key)
    await take(world, one)
    once = await contents(world)
    await take(world, one)
    await take(world, elsewhere(one, 900))
    await take(world, one, one, elsewhere(one, 901))
    assert await contents(world) == once
    assert await heard(world) == [(str(key), 1)]
    [told] = await world.told()
    assert (told.cause, told.key) == (Envelope.parse(one.value).id, str(key))


async def test_a_reaction_happens_at_the_time_of_its_fact_and_keeps_the_thread(world: World) -> None:
    cause = uuid4()
    await take(world, world.delivery(CLOSED, key=uuid4(), cause=cause))
    [told] = await world.told()
    assert (told.time, told.recorded, told.correlation) == (world.now, world.now, cause)


async def test_a_type_that_is_not_asked_for_is_skipped_unread(world: World) -> None:
    key = uuid4()
    other = world.delivery(ProtectionCleared(individual=key), key=key)
    newer = replace(
        world.delivery(CLOSED, key=key), headers={"ce_type": b"homeward.registration.case.closed.v2"}, value=b"\xff"
    )
    unknown = replace(newer, headers={"ce_type": b"homeward.registration.moon.landed.v1"})
    foreign = replace(newer, headers={"ce_type": b"\xff\xfe"})
    bare = replace(other, headers={})
    await take(world, other, newer, unknown, foreign, bare)
    assert (await heard(world), await aside(world), await reach(world)) == ([], [], {})
    await take(world, world.delivery(REOPENED, key=key))
    assert await reach(world) == {("homeward/registration", str(key)): 3}, "gaps are normal: others' types lie there"


async def test_a_type_is_found_in_the_body_where_the_header_is_missing(world: World) -> None:
    await take(world, replace(world.delivery(REOPENED, key=uuid4()), headers={}))
    assert len(await heard(world)) == 1


async def test_what_comes_out_of_order_is_a_repeat(world: World) -> None:
    key = uuid4()
    one, two, three = (world.delivery(REOPENED, key=key) for _ in range(3))
    await take(world, one)
    await take(world, three)
    await take(world, two)
    assert [sequence for _, sequence in await heard(world)] == [1, 3]
    assert await aside(world) == []


async def test_sequences_of_two_sources_are_counted_apart(world: World) -> None:
    await take(world, world.delivery(lifted(), key="SYR"), world.delivery(REOPENED, key="SYR"))
    assert await reach(world) == {("homeward/eligibility", "SYR"): 1, ("homeward/registration", "SYR"): 1}


async def test_facts_of_two_sources_give_the_same_rows_in_either_order(world: World) -> None:
    key = uuid4()
    both = [world.delivery(lifted(), key=key), world.delivery(REOPENED, key=key)]
    await take(world, both[0])
    await take(world, both[1])
    found = await heard(world)
    async with world.runtime.database.transaction() as session:
        for table in (*world.runtime.wiring.facts, inbox):
            await core(session, table.delete())
    await take(world, both[1])
    await take(world, both[0])
    assert await heard(world) == found


async def test_poison_parks_its_own_key_and_nothing_else(world: World) -> None:
    good, bad = uuid4(), uuid4()
    POISON.add(str(bad))
    batch = [world.delivery(REOPENED, key=key) for key in (good, bad, good, bad, good)]
    await take(world, *batch)
    assert await heard(world) == [(str(good), n) for n in (1, 2, 3)]
    waiting = "waits behind an earlier fact of its key"
    [first, second] = await aside(world)
    assert first[:2] == (str(bad), 1)
    assert first[2].startswith("ValueError at keep:")
    assert str(bad) not in first[2], "the message of someone else's error could carry anything"
    assert second == (str(bad), 2, waiting)
    POISON.clear()
    await take(world, world.delivery(REOPENED, key=bad), world.delivery(REOPENED, key=good))
    assert [row[:2] for row in await aside(world)] == [(str(bad), n) for n in (1, 2, 3)]
    assert (await heard(world))[-1][0] == str(good)
    assert (await reach(world)) == {("homeward/registration", str(good)): 4}


async def test_poison_of_one_source_does_not_hold_up_another(world: World) -> None:
    key = uuid4()
    POISON.add(str(key))
    await take(world, world.delivery(REOPENED, key=key))
    POISON.clear()
    await take(world, world.delivery(lifted(), key=key))
    assert await heard(world) == [(str(key), 1)]


async def test_parking_twice_is_parking_once(world: World) -> None:
    key = uuid4()
    POISON.add(str(key))
    one = world.delivery(REOPENED, key=key)
    await take(world, one)
    await take(world, one)
    assert len(await aside(world)) == 1


async def test_a_batch_that_fails_at_its_commit_is_taken_one_by_one(world: World) -> None:
    keys = [uuid4() for _ in range(3)]
    with fail_next_commit(world):
        await take(world, *(world.delivery(CLOSED, key=key) for key in keys))
    assert len(await heard(world)) == 3
    assert len(await world.told()) == 3
    assert await aside(world) == []


async def test_a_store_that_is_away_parks_nothing(world: World) -> None:
    batch = [world.delivery(CLOSED, key=uuid4()) for _ in range(3)]
    before = await contents(world)
    with pytest.raises(StoreAway), fail_next_commit(world, StoreAway("gone")):
        await take(world, *batch)
    assert await contents(world) == before
    await take(world, *batch)
    assert len(await heard(world)) == 3


async def test_a_store_that_goes_away_between_two_facts_parks_nothing(
    world: World,
) -> None:
    bad, good, away = (UUID(int=number) for number in (1, 2, 3))
    POISON.add(str(bad))

    async def fold(session: Any, envelope: Envelope, fact: Event) -> None:
        if envelope.key == str(away):
            raise StoreAway("gone")
        await HANDLERS[CaseReopened].fold(session, envelope, fact)

    consumer = consumer_with(world, fold)
    batch = [world.delivery(REOPENED, key=key) for key in (good, bad, away)]
    with pytest.raises(StoreAway):
        await consumer.take(batch)
    assert [row[0] for row in await aside(world)] == [str(bad)]
    await take(world, *batch)
    assert [key for key, _ in await heard(world)] == sorted([str(good), str(away)])


def consumer_with(world: World, fold: Any) -> Consumer:
    return Consumer("travel", world.runtime.database, world.runtime.broker, {CaseReopened: Handler(fold)}, poll=0.02)


@pytest.mark.parametrize("error", [lost_race(), StaleDataError()])
async def test_a_lost_race_is_run_again_and_parks_nothing(world: World, error: Exception) -> None:
    lost = 0

    async def fold(session: Any, envelope: Envelope, fact: Event) -> None:
        nonlocal lost
        lost += 1
        if lost < RACES:
            raise error
        await HANDLERS[CaseReopened].fold(session, envelope, fact)

    await consumer_with(world, fold).take([world.delivery(REOPENED, key=uuid4())])
    assert len(await heard(world)) == 1
    assert await aside(world) == []


async def test_races_without_end_pause_and_park_nothing(world: World) -> None:
    async def fold(*_: Any) -> None:
        raise lost_race()

    with pytest.raises(StoreAway):
        await consumer_with(world, fold).take([world.delivery(REOPENED, key=uuid4())])
    assert await aside(world) == []


async def test_an_error_of_the_code_that_looks_like_one_of_the_network_is_parked(world: World) -> None:
    async def fold(*_: Any) -> None:
        raise TimeoutError

    await consumer_with(world, fold).take([world.delivery(REOPENED, key=uuid4())])
    assert len(await aside(world)) == 1


async def test_what_was_applied_is_counted(world: World) -> None:
    def handled() -> float:
        return (
            world.runtime.metrics.registry.get_sample_value("homeward_consumer_handled_total", {"service": "travel"})
            or 0.0
        )

    key = uuid4()
    one = world.delivery(REOPENED, key=key)
    await take(world, one, world.delivery(REOPENED, key=key))
    await take(world, one)
    assert handled() == 2


def test_a_consumer_listens_to_the_topics_of_what_it_handles() -> None:
    assert topics_heard(HANDLERS) == ["homeward.eligibility", "homeward.registration"]


async def publish(world: World, deliveries: Sequence[Delivery]) -> None:
    """Puts them on their topics, as the relay of their service would."""
    messages = [Message(each.topic, each.key, each.value, each.headers) for each in deliveries]
    assert await world.runtime.broker.publish(messages) == [None] * len(messages)


async def test_the_whole_way_through_the_log(world: World) -> None:
    good, bad = uuid4(), uuid4()
    POISON.add(str(bad))
    consumer = world.runtime.consumer
    consumer.poll = 0.02
    running = asyncio.create_task(consumer.run())
    try:
        await publish(world, [world.delivery(CLOSED, key=key) for key in (good, bad, good, bad)])
        await publish(world, [world.delivery(lifted(), key="SYR")])
        await until(lambda: _count(world, 3, 2))
        with fail_next_commit(world, StoreAway("gone")):
            await publish(world, [world.delivery(CLOSED, key=good)])
            await until(lambda: _count(world, 4, 2))
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    behind = await world.runtime.broker.lag(consumer.group, topics_heard(HANDLERS))
    assert sum(behind.values()) == 0
    assert sorted(key for key, _ in await heard(world)) == sorted([str(good)] * 3 + ["SYR"])
    assert len(await world.told()) == 3


async def _count(world: World, folded: int, waiting: int) -> bool:
    return (len(await heard(world)), len(await aside(world))) == (folded, waiting)


async def test_a_place_that_was_not_remembered_is_read_again_and_changes_nothing(world: World) -> None:
    key = uuid4()
    await publish(world, [world.delivery(CLOSED, key=key) for _ in range(3)])
    consumer = world.runtime.consumer
    async with world.runtime.broker.subscribe("someone", topics_heard(HANDLERS)) as subscription:
        first = await subscription.fetch(10, 1)
        await consumer.take(first)
        await subscription.rewind()
        again = await subscription.fetch(10, 1)
        assert again == first
        before = await contents(world)
        await consumer.take(again)
        assert await contents(world) == before
