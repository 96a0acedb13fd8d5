"""Leaving in batches: their order, their size on a narrow link, and what a failure between two of them keeps back."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import func, select

from shared.brokers import BrokerUnavailable, Message
from shared.contracts.travel import FlightCancelled
from shared.database import StoreAway, core, outbox
from shared.events import Envelope
from shared.outbox import stage
from shared.relay import BATCH
from tests.shared.test_outbox import an_act
from tests.shared.test_relay import Broker, relay_to, rows, turn
from tests.world import World


async def many_of(world: World, total: int) -> None:
    keys = [UUID(int=n) for n in range(3)]
    async with world.runtime.database.transaction() as session:
        for number in range(total):
            key = keys[number % 3]
            await stage(session, an_act(), FlightCancelled(flight=key), key=key)


async def test_more_than_a_batch_leaves_in_order(world: World) -> None:
    total = 2 * BATCH + 10
    await many_of(world, total)
    broker = Broker()
    await turn(world, relay_to(world, broker))
    assert broker.calls == 3
    assert [Envelope.parse(message.value).position for message in broker.sent] == list(range(1, total + 1))
    assert all(sent for _, sent in await rows(world))
    async with world.runtime.database.reading() as session:
        assert (await core(session, select(func.max(outbox.c.position)))).scalar() == total


@pytest.mark.parametrize("acknowledged", [0, 3])
async def test_a_link_that_carries_few_facts_in_time_carries_all_of_them(world: World, acknowledged: int) -> None:
    await many_of(world, BATCH)
    narrow = True

    def in_time(messages: Sequence[Message]) -> list[Exception | None]:
        if not narrow or len(messages) <= 40:
            return [None] * len(messages)
        late = BrokerUnavailable("TimeoutError")
        if not acknowledged:
            raise late
        return [None if number < acknowledged else late for number in range(len(messages))]

    broker = Broker(in_time)
    relay = relay_to(world, broker)
    for _ in range(40):
        with suppress(BrokerUnavailable):
            await turn(world, relay)
            break
    assert [Envelope.parse(message.value).position for message in broker.sent] == list(range(1, BATCH + 1))
    assert all(sent for _, sent in await rows(world))
    narrow = False
    await many_of(world, 3 * BATCH)
    await turn(world, relay)
    assert relay.batch == BATCH, "a link that is well again takes whole batches"


async def test_a_slow_answer_lets_the_batch_grow_by_little(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.relay.QUICK", 0.0)
    await many_of(world, 16)
    relay = relay_to(world, Broker())
    relay.batch = 16
    await turn(world, relay)
    assert relay.batch == 19


@pytest.mark.parametrize("batch", [1, 2, 3])
async def test_a_batch_that_fails_keeps_back_the_next_and_not_the_one_before(world: World, batch: int) -> None:
    total = 2 * BATCH + 10
    await many_of(world, total)

    def fails_once(messages: Sequence[Message]) -> list[Exception | None]:
        if broker.calls == batch:
            raise BrokerUnavailable("away")
        return [None] * len(messages)

    broker = Broker(fails_once)
    with pytest.raises(BrokerUnavailable):
        await turn(world, relay_to(world, broker))
    before = (batch - 1) * BATCH
    assert [sent for _, sent in await rows(world)] == [True] * before + [False] * (total - before)
    await turn(world, relay_to(world, broker))
    assert [Envelope.parse(message.value).position for message in broker.sent] == list(range(1, total + 1))
    assert all(sent for _, sent in await rows(world))


async def test_a_process_that_dies_between_batches_sends_again_what_was_not_marked(world: World) -> None:
    total = 2 * BATCH
    await many_of(world, total)

    def dies(messages: Sequence[Message]) -> list[Exception | None]:
        if broker.calls == 2:
            raise StoreAway("the process dies here")
        return [None] * len(messages)

    broker = Broker(dies)
    with pytest.raises(StoreAway):
        await turn(world, relay_to(world, broker))
    broker.judge = Broker().judge
    await turn(world, relay_to(world, broker))
    assert all(sorted(set(seen)) == list(range(1, max(seen) + 1)) for seen in broker.sequences().values())
    assert len({message.headers["ce_id"] for message in broker.sent}) == total
