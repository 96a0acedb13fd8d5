"""A back-up was restored: the service takes back what it told since, gives nothing out twice, and hears all again."""

import asyncio
import shutil
from collections import defaultdict
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from shared import recovery
from shared.brokers import BrokerUnavailable, Message
from shared.contracts.registration import CaseClosed, CaseClosureReason
from shared.database import core, outbox
from shared.events import Envelope, topic_of, with_position
from shared.outbox import depth
from shared.relay import RelayRefused
from shared.restored import look
from tests.shared import toy
from tests.world import World

FACT = CaseClosed(reason=CaseClosureReason.DIED)


async def told(world: World) -> list[Envelope]:
    """What the topic holds, each fact once, by position."""
    found: dict[int, Envelope] = {}
    async for delivery in world.runtime.broker.read(topic_of("travel")):
        fact = Envelope.parse(delivery.value)
        assert found.setdefault(fact.position or 0, fact).id == fact.id, "a position was given twice"
    return [found[position] for position in sorted(found)]


async def all_sent(world: World) -> bool:
    async with world.runtime.database.reading() as session:
        return (await depth(session))[0] == 0


async def hears(world: World, key: UUID) -> None:
    """Registration tells of a case, on its topic."""
    delivery = world.delivery(FACT, key=key)
    message = Message(delivery.topic, delivery.key, delivery.value, dict(delivery.headers))
    assert await world.runtime.broker.publish([message]) == [None]
    await toy.until(lambda: heard_of(world, key))


async def heard_of(world: World, key: UUID) -> bool:
    return str(key) in {each for each, _ in await toy.heard(world)}


async def note(world: World, key: str) -> str:
    answer = await world.call("POST", "/notes", {"text": key}, role=toy.ROLE, key=key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def tell_of(world: World, made: str) -> None:
    answer = await world.call("POST", f"/notes/{made}/events", role=toy.ROLE)
    assert answer.status_code == 200, answer.text


async def refused(world: World) -> bool:
    try:
        await look("travel", world.runtime.broker, world.runtime.database)
    except RelayRefused:
        return True
    return False


async def test_a_restored_service_gives_no_place_out_twice_and_forgets_nothing_it_told(tmp_path: Path) -> None:
    files, kept = tmp_path / "data", tmp_path / "kept.db"
    before, after = uuid4(), uuid4()
    async with toy.playing(files, workers=True, database_url=None) as world:
        old = await note(world, "old-note")
        await hears(world, before)
        await toy.until(lambda: all_sent(world))
        assert not await refused(world)
    shutil.copyfile(files / "travel.db", kept)

    async with toy.playing(files, workers=True, migrate=False, database_url=None) as world:
        young = await note(world, "young-note")
        await tell_of(world, old)
        await tell_of(world, young)
        await hears(world, after)
        await toy.until(lambda: all_sent(world))
        then = await told(world)
        assert len(then) == 6
    for leftover in files.glob("travel.db-*"):
        leftover.unlink()
    shutil.copyfile(kept, files / "travel.db")

    async with toy.playing(files, workers=True, migrate=False, database_url=None) as world:  # it comes back, and nobody has thought of the topic
        assert await refused(world)
        await tell_of(world, old)
        fresh = await note(world, "fresh-note")
        await toy.until(lambda: world.runtime.relay.pulse.waits_for is not None)
        assert await told(world) == then
        ready = (await world.call("GET", "/health/ready")).json()
        assert any("relay waits" in each for each in ready["degraded"])
        with pytest.raises(BrokerUnavailable):  # a worker is at work
            await recovery.catch_up(world.runtime.consumer)

    async with toy.playing(files, migrate=False, database_url=None) as world:
        done = await recovery.catch_up(world.runtime.consumer)
        assert sum(done.added.values()) == 4
        assert set(done.keys) == {old, young, str(after)}
        assert (done.known, done.renumbered, done.lost) == (0, 1, 0)
        again = await recovery.catch_up(world.runtime.consumer)
        assert (again.added, again.known, again.renumbered) == ({}, 0, 0)

    async with toy.playing(files, workers=True, migrate=False, database_url=None) as world:
        assert not await refused(world)
        # the facts of others that came after the back-up come again, and what they led to is not told again
        await toy.until(lambda: heard_of(world, after))
        # and so with a request that is repeated, since nobody here knows any more that it was answered
        assert (await world.call("POST", "/notes", {"text": "young-note"}, role=toy.ROLE, key="young-note")).is_success
        await tell_of(world, fresh)
        await toy.until(lambda: all_sent(world))
        assert await world.parked() == []
        now = await told(world)
    assert now[: len(then)] == then
    assert [fact.position for fact in now] == list(range(1, len(now) + 1))
    assert len({fact.id for fact in now}) == len(now)
    sequences = defaultdict(list)
    for fact in now:
        sequences[fact.key].append(fact.sequence)
    assert {key: list(range(1, len(found) + 1)) for key, found in sequences.items()} == dict(sequences)
    # the repeated request made another note, whose fact is a new one: only the toy's ids are its own each time
    assert len(sequences[old]) == 3
    assert len(sequences[fresh]) == 2


async def test_what_others_put_on_the_topic_stops_no_relay(world: World) -> None:
    await note(world, "a-note-of-ours")
    tasks = [asyncio.create_task(job) for job in world.runtime.work()]
    await toy.until(lambda: all_sent(world))
    [ours] = await told(world)
    foreign = Envelope.parse(with_position(ours.body().replace(str(ours.id).encode(), str(uuid4()).encode()), 10**6))
    for value in (with_position(foreign.body(), 10**6), b'{"position":99,"nothing":1}', b"\x00", b""):
        assert await world.runtime.broker.publish([Message(topic_of("travel"), "k", value, {})]) == [None]
    assert not await refused(world)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_was_sent_and_not_marked_is_no_sign_of_a_back_up(world: World) -> None:
    for number in range(3):
        await note(world, f"note-number-{number}")
    async with world.runtime.database.leading("relay:travel") as leader:
        assert leader is not None
        await world.runtime.relay.turn(leader)
    async with world.runtime.database.transaction() as session:
        await core(session, update(outbox).values(sent_at=None))
    assert not await refused(world)
