"""A back-up was restored: the service takes back what it told since, gives nothing out twice, and hears all again."""

import asyncio
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from services.command.catch_up import catch_up
from services.command.checks import CannotStart
from services.travel.app import create_app as create_travel
from shared import recovery
from shared.brokers import BrokerUnavailable, Message
from shared.contracts.registration import CaseClosed, CaseClosureReason
from shared.database import core, inbox, outbox, stream
from shared.events import Envelope, topic_of, with_position
from shared.folder import FolderInUse, owned
from shared.lifetime import look_for_a_back_up
from shared.logs import configure
from shared.outbox import depth
from shared.relay import RelayRefused
from shared.restored import TakenBack, Told, look, take_back
from tests.shared import toy
from tests.world import World, contents, start

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

    # it comes back, and nobody has thought of the topic
    async with toy.playing(files, workers=True, migrate=False, database_url=None) as world:
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
        await world.runtime.relay.settle(leader)
    async with world.runtime.database.transaction() as session:
        await core(session, update(outbox).values(sent_at=None))
    assert not await refused(world)


async def test_what_is_taken_back_stands_as_it_was_told(world: World) -> None:
    """On whichever database: rows are taken away by hand, as if from a back-up."""
    runtime = world.runtime
    made = await note(world, "note-that-is-kept")
    for _ in range(3):
        await tell_of(world, made)
    async with runtime.database.leading("relay:travel") as leader:
        assert leader is not None
        await runtime.relay.turn(leader)
        await runtime.relay.settle(leader)
    whole = (await contents(world))["outbox"]
    async with runtime.database.transaction() as session:
        await core(session, delete(outbox).where(outbox.c.sequence > 2))
        await core(session, update(stream).where(stream.c.key == made).values(sequence=2))
        await core(session, update(outbox).where(outbox.c.sequence == 2).values(sent_at=None, position=None))
    await tell_of(world, made)  # and takes the place of one that was told
    assert await refused(world)
    looking = asyncio.create_task(look_for_a_back_up(runtime))
    await toy.until(lambda: runtime.restored is not None)
    ready = await world.call("GET", "/health/ready")
    assert ready.status_code == 503
    assert "homeward catch-up travel" in ready.json()["reasons"][0]
    done = await recovery.catch_up(runtime.consumer)
    await asyncio.wait_for(looking, 10)
    assert (await world.call("GET", "/health/ready")).status_code == 200
    assert (sum(done.added.values()), done.keys, done.known, done.renumbered, done.lost) == (2, [made], 1, 1, 0)
    then = (await contents(world))["outbox"]
    names = [column.name for column in outbox.columns]
    plain = [{**dict(zip(names, row, strict=True)), "id": 0, "sent_at": 0} for row in whole]
    after = sorted((dict(zip(names, row, strict=True)) for row in then), key=lambda row: row["sequence"])
    assert [{**row, "id": 0, "sent_at": 0} for row in after[:4]] == plain
    assert (after[4]["sequence"], after[4]["position"], after[4]["sent_at"]) == (5, None, None)
    assert Envelope.parse(after[4]["body"]).sequence == 5
    async with runtime.database.reading() as session:
        [head] = (await core(session, select(stream).where(stream.c.key == made))).all()
        newest = select(func.max(outbox.c.recorded)).where(outbox.c.key == made)
        assert (head.sequence, head.recorded) == (5, (await core(session, newest)).scalar_one())
    assert not await refused(world)
    await tell_of(world, made)
    assert [fact.sequence for fact in await world.told(key=made)][-1] == 6


async def test_places_that_were_given_and_never_sent_are_counted_as_lost(world: World) -> None:
    made = await note(world, "a-note-of-ours")
    [ours] = await world.told(key=made)
    async with world.runtime.database.transaction() as session:
        await core(session, delete(outbox))
        done = await take_back(session, {ours.id: Told(ours, 3, ours.body())})
    assert (dict(done.added), done.keys, done.lost) == ({ours.type: 1}, [made], 2)


async def test_what_a_fact_led_to_before_is_not_told_again(world: World) -> None:
    """On whichever database: what was heard and answered after the back-up is heard again, and answered once."""
    runtime, case = world.runtime, uuid4()
    heard = await world.hear(FACT, key=case)
    async with runtime.database.leading("relay:travel") as leader:
        assert leader is not None
        await runtime.relay.turn(leader)
        await runtime.relay.settle(leader)
    async with runtime.database.transaction() as session:
        for table in (outbox, stream, inbox, *toy.facts()):
            await core(session, delete(table))
    await recovery.catch_up(runtime.consumer)
    before = await world.told()
    await runtime.consumer.take([heard])
    assert await world.parked() == []
    assert await toy.heard(world) == [(str(case), 1)]
    assert await world.told() == before
    assert len(before) == 1


def test_the_command_refuses_a_database_that_is_not_migrated(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="run `homeward migrate travel`"):
        catch_up("travel", tmp_path)
    configure("test", "WARNING")


async def test_an_api_that_tells_on_meanwhile_waits_and_loses_nothing(world: World) -> None:
    """On PostgreSQL the API's transaction has its key's row, and the taking back waits for its commit."""
    runtime = world.runtime
    made = await note(world, "note-that-is-kept")
    await tell_of(world, made)
    async with runtime.database.leading("relay:travel") as leader:
        assert leader is not None
        await runtime.relay.turn(leader)
        await runtime.relay.settle(leader)
    async with runtime.database.transaction() as session:
        await core(session, delete(outbox).where(outbox.c.sequence > 1))
        await core(session, update(stream).where(stream.c.key == made).values(sequence=1))
    async with asyncio.TaskGroup() as group:
        telling = [group.create_task(tell_of(world, made)) for _ in range(8)]
        catching = group.create_task(recovery.catch_up(runtime.consumer))
        telling += [group.create_task(tell_of(world, made)) for _ in range(8)]
    assert sum(catching.result().added.values()) == 1
    rows = sorted((await world.told(key=made)), key=lambda fact: fact.sequence)
    assert [fact.sequence for fact in rows] == list(range(1, 19))
    assert len({fact.id for fact in rows}) == 18


async def test_nothing_is_taken_back_before_all_is_heard_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off in between, the service must not look whole: the relay still refuses, and the command is run again."""
    runtime = world.runtime
    await note(world, "note-that-was-told")
    async with runtime.database.leading("relay:travel") as leader:
        assert leader is not None
        await runtime.relay.turn(leader)
        await runtime.relay.settle(leader)
    async with runtime.database.transaction() as session:
        await core(session, delete(outbox))
        await core(session, delete(stream))

    async def away(*_: Any) -> None:
        raise BrokerUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr(runtime.broker, "begin_again", away)
        with pytest.raises(BrokerUnavailable):
            await recovery.catch_up(runtime.consumer)
    assert await refused(world)
    assert sum((await recovery.catch_up(runtime.consumer)).added.values()) == 1
    assert not await refused(world)


async def test_a_race_that_taking_back_lost_is_run_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Deadlock(Exception):
        sqlstate = "40P01"

    tries: list[int] = []
    real = take_back

    async def slow(*args: Any) -> TakenBack:
        tries.append(1)
        if len(tries) < 3:
            raise DBAPIError("", None, Deadlock())
        return await real(*args)

    monkeypatch.setattr(recovery, "take_back", slow)
    assert (await recovery.catch_up(world.runtime.consumer)).added == {}
    assert len(tries) == 3


def test_the_command_says_what_it_did_and_waits_its_turn(tmp_path: Path) -> None:
    async def lay_out() -> None:
        async with start(create_travel, tmp_path, database_url=None):
            return

    asyncio.run(lay_out())
    [said] = catch_up("travel", tmp_path)
    assert said.startswith("travel knows again of 0 facts")
    with owned(tmp_path), pytest.raises(FolderInUse):
        catch_up("travel", tmp_path)
    configure("test", "WARNING")
