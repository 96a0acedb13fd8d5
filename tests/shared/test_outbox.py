"""Staging a fact: counted per key, in the caller's transaction, with an id that its cause decides."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shared.act import Act
from shared.contracts.registration import CaseWithdrawn
from shared.contracts.travel import FlightCancelled
from shared.database import StoreAway, core, outbox, stream
from shared.events import LARGEST_COUNT, Envelope, EventUnreadable
from shared.outbox import EventTooLarge, depth, made_here, stage, waiting
from shared.relay import BATCH, place
from tests.faults import contents, fail_next_commit
from tests.world import STORY_TIME, World


def an_act(cause: UUID | None = None, **changes: Any) -> Act:
    cause = cause or uuid4()
    known = {"by": "t", "roles": frozenset(), "now": STORY_TIME, "cause": cause, "correlation": cause}
    return Act(**{**known, "service": "travel", **changes})


async def tell(world: World, key: UUID, act: Act | None = None, **options: Any) -> UUID:
    async with world.runtime.database.transaction() as session:
        return await stage(session, act or an_act(), FlightCancelled(flight=key), key=key, **options)


async def test_sequences_count_per_key_without_gaps(world: World) -> None:
    one, two = uuid4(), uuid4()
    for key in (one, two, one, one, two):
        await tell(world, key)
    assert [e.sequence for e in await world.told(key=one)] == [1, 2, 3]
    assert [e.sequence for e in await world.told(key=two)] == [1, 2]


async def test_a_transaction_that_fails_leaves_no_gap(world: World) -> None:
    key = uuid4()
    await tell(world, key)
    before = await contents(world)
    with pytest.raises(StoreAway), fail_next_commit(world, StoreAway()):
        await tell(world, key)
    assert await contents(world) == before
    await tell(world, key)
    assert [e.sequence for e in await world.told(key=key)] == [1, 2]


async def test_the_same_cause_type_and_subject_make_the_same_id(world: World) -> None:
    key, cause, subject = uuid4(), uuid4(), uuid4()
    first = await tell(world, key, an_act(cause), subject=subject)
    async with world.runtime.database.transaction() as session:
        await core(session, outbox.delete())
    assert await tell(world, key, an_act(cause), subject=subject) == first
    others = {
        await tell(world, key, an_act(cause), subject=uuid4()),
        await tell(world, key, an_act(cause)),
        await tell(world, key, an_act(), subject=subject),
        await tell(world, uuid4(), an_act(cause), subject=subject),
    }
    assert len(others | {first}) == 5


async def test_one_cause_tells_a_fact_once(world: World) -> None:
    key, act = uuid4(), an_act()
    await tell(world, key, act)
    with pytest.raises(IntegrityError):
        await tell(world, key, act)
    assert [e.sequence for e in await world.told()] == [1]


async def test_a_fact_that_no_topic_would_take_fails_where_it_is_staged(world: World) -> None:
    people = tuple(uuid4() for _ in range(7_000))
    fact = CaseWithdrawn(individuals=people, attempts={}, withdrawn_at=STORY_TIME)
    with pytest.raises(EventTooLarge, match="bytes"):
        async with world.runtime.database.transaction() as session:
            await stage(session, an_act(), fact, key=uuid4())
    assert await world.count_told() == 0


@pytest.mark.parametrize("key", ["", "x" * 81])
async def test_a_key_without_measure_is_refused(world: World, key: str) -> None:
    with pytest.raises(ValueError, match="80 characters"):
        async with world.runtime.database.transaction() as session:
            await stage(session, an_act(), FlightCancelled(flight=uuid4()), key=key)


async def test_writers_of_one_key_at_once_are_put_in_one_order(world: World) -> None:
    key = uuid4()
    await asyncio.gather(*(tell(world, key) for _ in range(40)))
    assert [e.sequence for e in await world.told(key=key)] == list(range(1, 41))


async def test_the_facts_of_what_a_transaction_makes_are_counted_from_one_and_go_on_afterwards(world: World) -> None:
    made, known = uuid4(), uuid4()
    await tell(world, known)
    async with world.runtime.database.transaction() as session:
        made_here(session, made)
        for key in (made, known, made):
            await stage(session, an_act(), FlightCancelled(flight=key), key=key)
    await tell(world, made, an_act(now=STORY_TIME + timedelta(days=1)))
    await tell(world, made)
    assert [e.sequence for e in await world.told(key=made)] == [1, 2, 3, 4]
    assert [e.recorded - STORY_TIME for e in await world.told(key=made)][2:] == [timedelta(1), timedelta(1)]
    assert [e.sequence for e in await world.told(key=known)] == [1, 2]


async def test_what_happened_and_what_was_recorded_are_two_times(world: World) -> None:
    key = uuid4()
    await tell(world, key, occurred=STORY_TIME - timedelta(days=2))
    [event] = await world.told()
    assert (event.time, event.recorded) == (STORY_TIME - timedelta(days=2), STORY_TIME)


async def test_recorded_time_of_one_key_does_not_hold_back_another(world: World) -> None:
    one, two = uuid4(), uuid4()
    await tell(world, one, an_act(now=STORY_TIME + timedelta(days=9)))
    await tell(world, two)
    await tell(world, one)
    assert [e.recorded - STORY_TIME for e in await world.told()] == [timedelta(9), timedelta(0), timedelta(9)]
    async with world.runtime.database.reading() as session:
        kept = (await core(session, select(stream.c.recorded).where(stream.c.key == str(one)))).scalar_one()
    assert kept == STORY_TIME + timedelta(days=9)


async def test_positions_have_no_gaps_and_follow_the_rows(world: World) -> None:
    for _ in range(5):
        await tell(world, uuid4())
    with pytest.raises(StoreAway), fail_next_commit(world, StoreAway()):
        await tell(world, uuid4())
    async with world.runtime.database.transaction() as session:
        assert await place(session) == 5
    for _ in range(3):
        await tell(world, uuid4())
    async with world.runtime.database.transaction() as session:
        assert await place(session) == 3
        assert await place(session) == 0
        rows = (await core(session, select(outbox.c.position).order_by(outbox.c.id))).scalars().all()
    assert list(rows) == list(range(1, 9))
    assert BATCH > 8


async def test_the_depth_of_the_outbox_is_what_has_not_left(world: World) -> None:
    async with world.runtime.database.reading() as session:
        assert await depth(session) == (0, None)
        assert await waiting(session) == (0, 0.0)
    await tell(world, uuid4())
    async with world.runtime.database.reading() as session:
        assert await depth(session) == (1, STORY_TIME)
        count, age = await waiting(session)
    assert (count, age < 5) == (1, True)


async def test_an_envelope_comes_back_as_it_was_sent(world: World) -> None:
    await tell(world, uuid4(), subject="S", attempt=2)
    [event] = await world.told()
    assert Envelope.parse(event.body()) == event
    assert (event.subject, event.attempt, event.source) == ("S", 2, "homeward/travel")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("specversion", "2.0"),
        ("id", "7"),
        ("source", ""),
        ("source", "x" * 81),
        ("partitionkey", "a\0b"),
        ("partitionkey", 7),
        ("subject", 7),
        ("subject", ""),
        ("sequence", 0),
        ("sequence", -1),
        ("sequence", True),
        ("sequence", 1.5),
        ("sequence", LARGEST_COUNT + 1),
        ("position", 2**80),
        ("attempt", "one"),
        ("time", "yesterday"),
        ("time", "2021-12-09T09:00:00"),
        ("recordedtime", None),
        ("data", []),
    ],
)
async def test_an_envelope_that_could_not_be_kept_is_unreadable(world: World, field: str, value: object) -> None:
    await tell(world, uuid4())
    [event] = await world.told()
    document = orjson.loads(event.body())
    body = json.dumps({**document, field: value}).encode()  # orjson would not write a number that large
    with pytest.raises(EventUnreadable):
        Envelope.parse(body)
    del document["data"]
    with pytest.raises(EventUnreadable):
        Envelope.parse(orjson.dumps(document))
