"""Leaving: positions, order, and nothing lost or out of turn when the broker or the process goes away in between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from shared.brokers import BrokerUnavailable, Message, MessageRefused
from shared.contracts.travel import FlightCancelled
from shared.database import Database, StoreAway, core, outbox, transaction_is_open
from shared.events import Envelope
from shared.outbox import stage
from shared.relay import Relay
from tests.servers.databases import Databases
from tests.shared.test_outbox import an_act, tell
from tests.shared.toy import until
from tests.world import World

Verdicts = Callable[[Sequence[Message]], list[Exception | None]]


@dataclass
class Broker:
    """Keeps what it is sent, judges it as it is told to, and notices a transaction that is open meanwhile."""

    judge: Verdicts = lambda messages: [None] * len(messages)
    sent: list[Message] = field(default_factory=list)
    calls: int = 0
    hang: asyncio.Event | None = None

    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        assert not transaction_is_open(), "a transaction was open while the broker was asked"
        self.calls += 1
        if self.hang is not None:
            await self.hang.wait()
        verdicts = self.judge(messages)
        self.sent += [message for message, verdict in zip(messages, verdicts, strict=True) if verdict is None]
        return verdicts

    def sequences(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for message in self.sent:
            found.setdefault(message.key, []).append(Envelope.parse(message.value).sequence)
        return found


def away(_messages: Sequence[Message]) -> list[Exception | None]:
    raise BrokerUnavailable("away")


def relay_to(world: World, broker: Any) -> Relay:
    return Relay("travel", world.runtime.database, broker, world.runtime.metrics, poll=0.02)


async def turn(world: World, relay: Relay) -> None:
    async with world.runtime.database.leading("relay") as leader:
        assert leader is not None
        await relay.turn(leader)
        await relay.settle(leader)


async def rows(world: World) -> list[tuple[int | None, bool]]:
    """Position, and whether it was marked as sent, of each row."""
    async with world.runtime.database.reading() as session:
        found = (await core(session, select(outbox.c.position, outbox.c.sent_at).order_by(outbox.c.id))).all()
        return [(row.position, row.sent_at is not None) for row in found]


async def placed(world: World, count: int) -> bool:
    return [position for position, _ in await rows(world)] == list(range(1, count + 1))


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_what_is_sent_carries_its_position_and_its_headers(world: World) -> None:
    key = uuid4()
    told = await tell(world, key)
    broker = Broker()
    await turn(world, relay_to(world, broker))
    [message] = broker.sent
    assert (message.topic, message.key) == ("homeward.travel", str(key))
    assert message.headers["ce_type"] == b"homeward.travel.flight.cancelled.v1"
    assert message.headers["ce_id"] == str(told).encode()
    assert Envelope.parse(message.value).position == 1
    assert await rows(world) == [(1, True)]
    await turn(world, relay_to(world, broker))
    assert len(broker.sent) == 1


async def test_only_what_lies_before_the_first_failure_of_its_key_is_marked(world: World) -> None:
    good, bad = uuid4(), uuid4()
    for key in (good, bad, good, bad, bad, good):
        await tell(world, key)

    def second_of_bad(messages: Sequence[Message]) -> list[Exception | None]:
        seen = 0
        verdicts: list[Exception | None] = []
        for message in messages:
            seen += message.key == str(bad)
            failed = message.key == str(bad) and seen == 2
            verdicts.append(BrokerUnavailable("no") if failed else None)  # the third of bad is "sent", out of turn
        return verdicts

    broker = Broker(second_of_bad)
    with pytest.raises(BrokerUnavailable):
        await turn(world, relay_to(world, broker))
    assert [sent for _, sent in await rows(world)] == [True, True, True, False, False, True]
    broker.judge = Broker().judge
    await turn(world, relay_to(world, broker))
    assert all(sent for _, sent in await rows(world))
    assert broker.sequences()[str(good)] == [1, 2, 3]
    assert broker.sequences()[str(bad)] == [1, 3, 2, 3]


async def test_any_verdict_but_sent_keeps_the_row(world: World) -> None:
    await tell(world, uuid4())
    with pytest.raises(BrokerUnavailable, match="MessageRefused"):
        await turn(world, relay_to(world, Broker(lambda messages: [MessageRefused("no") for _ in messages])))
    assert await rows(world) == [(1, False)]


async def test_a_broker_that_is_away_and_comes_back_loses_nothing(world: World) -> None:
    key = uuid4()
    broker = Broker(away)
    async with running(relay_to(world, broker)):
        await tell(world, key)
        await until(lambda: broker.calls > 1)
        await tell(world, key)
        broker.judge = Broker().judge
        await until(lambda: len(broker.sent) >= 2)
    assert broker.sequences() == {str(key): [1, 2]}


async def test_facts_get_their_positions_while_the_broker_is_away(world: World) -> None:
    await tell(world, uuid4())
    broker = Broker(away)
    async with running(relay_to(world, broker)):
        await until(lambda: broker.calls > 5)  # the pause is long by now
        calls = broker.calls
        for _ in range(3):
            await tell(world, uuid4())
        await until(lambda: placed(world, 4), seconds=1)
        assert broker.calls == calls, "the positions did not wait for the next try"
    assert [position for position, _ in await rows(world)] == [1, 2, 3, 4]


async def test_facts_get_their_positions_while_the_broker_hangs(world: World) -> None:
    await tell(world, uuid4())
    broker = Broker(hang=asyncio.Event())
    async with running(relay_to(world, broker)):
        await until(lambda: broker.calls == 1)
        await tell(world, uuid4())  # the only write lock of SQLite is free
        await until(lambda: placed(world, 2), seconds=1)
        assert broker.hang is not None
        broker.hang.set()
        await until(lambda: len(broker.sent) == 2)


async def test_a_store_that_goes_away_stops_the_sending(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await tell(world, uuid4())
    broker = Broker(hang=asyncio.Event())
    sending = asyncio.create_task(turn(world, relay_to(world, broker)))
    await until(lambda: broker.calls == 1)

    async def gone(_session: Any) -> int:
        raise StoreAway("gone")

    monkeypatch.setattr("shared.relay.place", gone)
    with pytest.raises(StoreAway):
        await asyncio.wait_for(sending, 5)
    assert broker.hang is not None
    broker.hang.set()
    await asyncio.sleep(0.05)  # what still hung would be sent by now
    assert broker.sent == []


class DiesAfterSending:
    """The real broker, in a process that dies when it has sent and not yet marked."""

    def __init__(self, real: Any) -> None:
        self.real = real

    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        await self.real.publish(messages)
        raise StoreAway("the process dies here")


async def test_what_was_sent_and_not_marked_is_sent_again(world: World) -> None:
    await tell(world, uuid4())
    broker = world.runtime.broker
    with pytest.raises(StoreAway):
        await turn(world, relay_to(world, DiesAfterSending(broker)))
    assert await rows(world) == [(1, False)]
    await turn(world, relay_to(world, broker))
    assert await rows(world) == [(1, True)]
    first, second = [each async for each in broker.read("homeward.travel")]
    assert first.value == second.value


async def test_a_relay_with_nothing_to_do_rests(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = 0
    real = Relay.turn

    async def counted(self: Relay, leader: Any, **said: Any) -> None:
        nonlocal turns
        turns += 1
        await real(self, leader, **said)

    monkeypatch.setattr(Relay, "turn", counted)
    relay = relay_to(world, Broker())
    relay.poll = 10
    async with running(relay):
        await asyncio.sleep(0.2)
        assert turns == 1
        await tell(world, uuid4())
        await until(lambda: turns == 2)


async def test_on_postgresql_what_was_sent_is_marked_with_the_next_turn_or_at_the_end(databases: Databases) -> None:
    """A mark by itself would be a commit more for each turn; sent again it would only be dropped by the inbox."""
    broker: Any = Broker()
    async with databases.standing() as url:
        database = Database(url)
        relay = Relay("travel", database, broker, poll=60)
        try:
            async with running(relay):
                for number in range(1, 4):
                    flight = uuid4()
                    async with database.transaction() as session:
                        await stage(session, an_act(), FlightCancelled(flight=flight), key=flight)
                    await until(lambda: len(broker.sent) == number)  # noqa: B023 - it is asked in this round alone
                    if number > 1:  # the first may be met by the turn that a relay begins with, and marked by the next
                        assert await _marked(database) == number - 1
            assert await _marked(database) == 3
            relay.poll = 0.02
            async with running(relay):
                flight = uuid4()
                async with database.transaction() as session:
                    await stage(session, an_act(), FlightCancelled(flight=flight), key=flight)
                await until(lambda: _are_marked(database, 4))
        finally:
            await database.close()
    assert [Envelope.parse(message.value).position for message in broker.sent] == [1, 2, 3, 4]


async def _marked(database: Database) -> int:
    async with database.reading() as session:
        asked = select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_not(None))
        return int((await core(session, asked)).scalar_one())


async def _are_marked(database: Database, count: int) -> bool:
    return await _marked(database) == count


async def test_anything_unforeseen_does_not_end_the_relay(world: World) -> None:
    await tell(world, uuid4())

    def broken(_messages: Sequence[Message]) -> list[Exception | None]:
        raise ValueError("a bug in the adapter")

    broker = Broker(broken)
    async with running(relay_to(world, broker)):
        await until(lambda: broker.calls > 1)
        broker.judge = Broker().judge
        await until(lambda: broker.sent)
