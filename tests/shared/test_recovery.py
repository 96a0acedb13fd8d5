"""What an operator does with facts: replay in order, discard for good, rebuild without telling anything new."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from shared import recovery
from shared.auth import Role
from shared.brokers import Delivery
from shared.contracts.registration import CaseReopened
from shared.database import core, parked
from shared.events import Envelope, Event, EventUnreadable
from shared.recovery import TopicsFallShort, rebuild, replay
from tests.faults import contents, fail_next_commit
from tests.shared.test_consumer import CLOSED, REOPENED, aside, consumer_with, lifted, publish, reach, take
from tests.shared.toy import HANDLERS, POISON, Heard, facts, heard
from tests.world import World

OPERATOR = Role.ADMINISTRATOR


async def parked_line(world: World, key: UUID, count: int = 3) -> list[Delivery]:
    """So many facts of the key, on their topic and taken, of which the first failed; its cause is mended by now."""
    POISON.add(str(key))
    line = [world.delivery(CLOSED, key=key) for _ in range(count)]
    await arrive(world, *line)
    POISON.clear()
    assert len(await aside(world)) == count
    return line


async def arrive(world: World, *deliveries: Delivery) -> None:
    """On the topic, and from it to the consumer, with the places they have there."""
    await publish(world, deliveries)
    values = {each.value for each in deliveries}
    topics = sorted({each.topic for each in deliveries})
    found = [each for topic in topics async for each in world.runtime.broker.read(topic) if each.value in values]
    await take(world, *found)


async def listed(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await world.get("/operations/parked", role=OPERATOR)
    return found


async def fact_rows(world: World) -> list[tuple[Any, ...]]:
    return (await contents(world))["heard"]


async def test_a_replay_folds_and_reacts_in_order(world: World) -> None:
    key = uuid4()
    await parked_line(world, key)
    answer = await world.post("/operations/replays", role=OPERATOR)
    assert answer == {"applied": 3, "still_parked": 0}
    assert await heard(world) == [(str(key), n) for n in (1, 2, 3)]
    assert [e.sequence for e in await world.told(key=key)] == [1, 2, 3]
    assert await reach(world) == {("homeward/registration", str(key)): 3}
    after = await contents(world)
    assert await world.post("/operations/replays", role=OPERATOR) == {"applied": 0, "still_parked": 0}
    assert {**await contents(world), "audit": []} == {**after, "audit": []}


async def test_a_replay_that_fails_keeps_the_rest_of_its_key_waiting_and_no_other(world: World) -> None:
    bad, good = uuid4(), uuid4()
    await parked_line(world, bad)
    await parked_line_of(world, good)
    POISON.add(str(bad))
    assert await world.post("/operations/replays", role=OPERATOR) == {"applied": 3, "still_parked": 3}
    assert await heard(world) == [(str(good), n) for n in (1, 2, 3)]
    attempts = {row["sequence"]: row["attempts"] for row in await listed(world)}
    assert attempts == {1: 2, 2: 1, 3: 1}


async def parked_line_of(world: World, key: UUID) -> None:
    POISON.add(str(key))
    await arrive(world, *(world.delivery(CLOSED, key=key) for _ in range(3)))
    POISON.clear()


async def test_what_comes_while_its_key_is_replayed_is_replayed_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = uuid4()
    await parked_line(world, key)
    late = world.delivery(CLOSED, key=key)
    real = recovery._replay_one

    async def slow(consumer: Any, row: Any, by: str) -> bool:
        if row.id == 1:
            await take(world, late)
        return await real(consumer, row, by)

    monkeypatch.setattr(recovery, "_replay_one", slow)
    assert await world.post("/operations/replays", role=OPERATOR) == {"applied": 4, "still_parked": 0}
    assert await heard(world) == [(str(key), n) for n in (1, 2, 3, 4)]


async def test_a_replay_that_fails_at_a_commit_can_be_repeated(world: World) -> None:
    key = uuid4()
    await parked_line(world, key)
    with fail_next_commit(world):
        assert (await world.post("/operations/replays", role=OPERATOR))["applied"] == 0
    assert (await world.post("/operations/replays", role=OPERATOR))["applied"] == 3
    assert len(await world.told()) == 3


async def test_two_replays_at_once_are_one(world: World) -> None:
    key = uuid4()
    await parked_line(world, key)
    consumer = world.runtime.consumer
    await asyncio.gather(*(replay(consumer, f"operator-{n}") for n in range(4)))
    assert await heard(world) == [(str(key), n) for n in (1, 2, 3)]
    assert len(await world.told()) == 3


async def test_what_is_discarded_lets_the_rest_go_on(world: World) -> None:
    key = uuid4()
    await parked_line(world, key)
    first = (await listed(world))[0]["id"]
    await world.post(f"/operations/parked/{first}/discard", role=OPERATOR)
    assert await world.post("/operations/replays", role=OPERATOR) == {"applied": 2, "still_parked": 0}
    assert await heard(world) == [(str(key), 2), (str(key), 3)]
    async with world.runtime.database.reading() as session:
        rows = (await core(session, select(parked.c.settled_how, parked.c.settled_by).order_by(parked.c.id))).all()
    assert [tuple(row) for row in rows] == [("discarded", "administrator")] + [("replayed", "administrator")] * 2


async def test_what_was_discarded_does_not_take_effect_when_it_comes_again(world: World) -> None:
    key = uuid4()
    [only] = await parked_line(world, key, 1)
    await take(world, replace(only, offset=800))  # the relay sent it twice
    assert len(await aside(world)) == 2
    await world.post(f"/operations/parked/{(await listed(world))[0]['id']}/discard", role=OPERATOR)
    assert await aside(world) == []
    await take(world, only, replace(only, offset=801))
    assert (await heard(world), await aside(world), await world.told()) == ([], [], [])
    await take(world, world.delivery(REOPENED, key=key))
    assert await heard(world) == [(str(key), 2)]


async def test_facts_of_a_key_are_discarded_in_their_order(world: World) -> None:
    await parked_line(world, uuid4())
    first, second, _ = (row["id"] for row in await listed(world))
    answer = await world.call("POST", f"/operations/parked/{second}/discard", {}, role=OPERATOR)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-first-in-line")
    assert answer.json()["first"] == first
    await world.post(f"/operations/parked/{first}/discard", role=OPERATOR)
    await world.post(f"/operations/parked/{second}/discard", role=OPERATOR)


async def test_what_is_not_parked_cannot_be_discarded(world: World) -> None:
    await parked_line(world, uuid4())
    first = (await listed(world))[0]["id"]
    await world.post(f"/operations/parked/{first}/discard", role=OPERATOR)
    for each in (first, 77):
        answer = await world.call("POST", f"/operations/parked/{each}/discard", {}, role=OPERATOR)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/nothing-parked")


async def test_what_cannot_be_read_stays_until_it_is_discarded(world: World) -> None:
    key = uuid4()
    bad = replace(world.delivery(CLOSED, key=key), value=b"?")
    await arrive(world, bad, world.delivery(REOPENED, key=key))
    assert await world.post("/operations/replays", role=OPERATOR) == {"applied": 0, "still_parked": 2}
    unreadable, behind = await listed(world)
    assert unreadable["sequence"] is None
    answer = await world.call("POST", f"/operations/parked/{behind['id']}/discard", {}, role=OPERATOR)
    assert answer.json()["first"] == unreadable["id"]
    await world.post(f"/operations/parked/{unreadable['id']}/discard", role=OPERATOR)
    assert await world.post("/operations/replays", role=OPERATOR) == {"applied": 1, "still_parked": 0}


async def test_a_replay_takes_nothing_that_claims_to_be_anothers(world: World) -> None:
    key = uuid4()
    forged = world.delivery(CLOSED, key=key)
    await take(world, replace(forged, topic="homeward.eligibility"))
    assert await world.post("/operations/replays", role=OPERATOR) == {"applied": 0, "still_parked": 1}
    await take(world, forged)
    assert await heard(world) == [(str(key), 1)]


async def test_only_an_operator_replays_discards_and_rebuilds(world: World) -> None:
    for path in ("/operations/replays", "/operations/rebuilds", "/operations/parked/1/discard"):
        for role in Role:
            if role is not OPERATOR:
                assert (await world.call("POST", path, {}, role=role)).status_code == 403


async def test_a_rebuild_gives_the_same_rows_and_tells_nothing(world: World) -> None:
    one, two = uuid4(), uuid4()
    await arrive(world, *(world.delivery(kind, key=key) for key in (one, two) for kind in (CLOSED, REOPENED, CLOSED)))
    await arrive(world, world.delivery(lifted(), key="SYR"))
    before = await contents(world)
    async with world.runtime.database.transaction() as session:
        await core(session, delete(facts()[0]))
        session.add(Heard(source="homeward/registration", key="rubbish", sequence=1, type="x"))
    assert await world.post("/operations/rebuilds", role=OPERATOR) == {"folded": 7}
    after = await contents(world)
    assert {**after, "audit": []} == {**before, "audit": []}
    assert len(after["heard"]) == 7


async def test_a_rebuild_leaves_what_is_parked_and_what_was_not_taken_yet(world: World) -> None:
    good, bad = uuid4(), uuid4()
    await arrive(world, world.delivery(CLOSED, key=good))
    await parked_line(world, bad)
    await publish(world, [world.delivery(CLOSED, key=good)])
    before = await fact_rows(world)
    assert await rebuild(world.runtime.consumer, facts()) == 1
    assert await fact_rows(world) == before
    assert len(await aside(world)) == 3
    assert await world.post("/operations/replays", role=OPERATOR) == {"applied": 3, "still_parked": 0}
    assert await rebuild(world.runtime.consumer, facts()) == 4


async def discard_first(world: World) -> None:
    await world.post(f"/operations/parked/{(await listed(world))[0]['id']}/discard", role=OPERATOR)


async def test_a_rebuild_leaves_out_what_was_discarded_and_its_repeats(world: World) -> None:
    line = await parked_line(world, uuid4())
    await discard_first(world)
    await world.post("/operations/replays", role=OPERATOR)
    [alone] = await parked_line(world, uuid4(), 1)
    await discard_first(world)
    await arrive(world, line[0], alone)  # the relay sends them again
    before = await fact_rows(world)
    assert len(before) == 2
    assert await rebuild(world.runtime.consumer, facts()) == 2
    assert await fact_rows(world) == before


async def test_a_rebuild_leaves_out_what_was_discarded_unread(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    key = uuid4()

    def older_code(_delivery: Delivery) -> Envelope:
        raise EventUnreadable("a shape that only later code reads")

    with monkeypatch.context() as patched:
        patched.setattr("shared.consumer.envelope_in", older_code)
        await arrive(world, world.delivery(CLOSED, key=key))
    await discard_first(world)
    await arrive(world, world.delivery(REOPENED, key=key))
    before = await fact_rows(world)
    assert await heard(world) == [(str(key), 2)]
    assert await rebuild(world.runtime.consumer, facts()) == 1
    assert await fact_rows(world) == before


async def test_a_rebuild_passes_over_repeats_and_what_cannot_be_read(world: World) -> None:
    key = uuid4()
    one, two = world.delivery(CLOSED, key=key), world.delivery(CLOSED, key=key)
    await arrive(world, one, two)
    await publish(world, [one, two, replace(one, value=b"?")])
    before = await fact_rows(world)
    assert await rebuild(world.runtime.consumer, facts()) == 2
    assert await fact_rows(world) == before


async def test_a_rebuild_from_topics_that_lost_something_changes_nothing(world: World) -> None:
    await arrive(world, world.delivery(CLOSED, key=uuid4()))
    await take(world, world.delivery(CLOSED, key=uuid4()))  # applied, and not on the topic
    before = await contents(world)
    with pytest.raises(TopicsFallShort):
        await rebuild(world.runtime.consumer, facts())
    answer = await world.call("POST", "/operations/rebuilds", {}, role=OPERATOR)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/topics-fall-short")
    assert await contents(world) == before


async def test_a_rebuild_that_fails_leaves_the_rows_as_they_were(world: World) -> None:
    await arrive(world, *(world.delivery(CLOSED, key=uuid4()) for _ in range(3)))
    before = await contents(world)
    seen = 0

    async def fold(session: Any, envelope: Envelope, fact: Event) -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            raise ValueError
        await HANDLERS[CaseReopened].fold(session, envelope, fact)

    consumer = consumer_with(world, fold)
    consumer.handlers = dict.fromkeys(HANDLERS, consumer.handlers[CaseReopened])
    with pytest.raises(ValueError, match=r"^$"):
        await rebuild(consumer, facts())
    assert await contents(world) == before
