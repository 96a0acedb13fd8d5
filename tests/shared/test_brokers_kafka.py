"""What only Kafka does: it is away, says nothing, dies, and gives partitions to somebody else."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.brokers import BrokerUnavailable, Delivery, TopicSpec
from shared.brokers.kafka import KafkaBroker
from tests.shared.brokers_fixtures import BROKERS, Place, free_port, kafka_mock, message, number_of, take

BOUND = 1.0


@pytest.fixture(params=[kind for kind in BROKERS if kind != "embedded"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with BROKERS[request.param](tmp_path) as place:
        yield place


def servers(place: Place) -> list[str]:
    return place.url.removeprefix("kafka://").split(",")


async def everything_is_unavailable(broker: KafkaBroker) -> None:
    """Every question is answered within the bound, and the answer is that Kafka is away."""
    await broker.start()
    specs = [TopicSpec("events", 1)]

    async def read() -> list[Delivery]:
        return [each async for each in broker.read("events")]

    for question in (
        lambda: broker.publish([message("events", "a", 1)]),
        lambda: broker.create_topics(specs),
        lambda: broker.check_topics(specs),
        lambda: broker.lag("readers", ["events"]),
        read,
    ):
        begun = asyncio.get_running_loop().time()
        with pytest.raises(BrokerUnavailable):
            await question()
        assert asyncio.get_running_loop().time() - begun < BOUND + 1.5


async def test_a_broker_where_nobody_listens_is_unavailable_within_its_bound() -> None:
    broker = KafkaBroker([f"127.0.0.1:{free_port()}"], timeout=BOUND)
    await everything_is_unavailable(broker)
    async with broker.subscribe("readers", ["events"]) as subscription:
        with pytest.raises(BrokerUnavailable):
            await take(subscription, 1)
    await broker.stop()


async def test_a_broker_that_accepts_and_says_nothing_is_unavailable_within_its_bound() -> None:
    silent: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: silent.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    broker = KafkaBroker([f"127.0.0.1:{port}"], timeout=BOUND)
    await everything_is_unavailable(broker)
    async with broker.subscribe("readers", ["events"]) as subscription:
        assert await subscription.fetch(1, 0.2) == []
    await broker.stop()
    for writer in silent:
        writer.close()
    server.close()


async def test_a_broker_that_dies_is_unavailable_within_its_bound(tmp_path: Path) -> None:
    with kafka_mock(tmp_path) as place:
        broker = KafkaBroker(servers(place), timeout=BOUND)
        topic = await place.topic(broker)
        assert await broker.publish([message(topic, "a", 0)]) == [None]
        subscription = broker.subscribe(place.group, [topic])
        await subscription.__aenter__()
        await subscription.commit(found := await take(subscription, 1))
        assert [number_of(each) for each in found] == [0]
        place.prepare = lambda name: None
    gc.collect()  # the mock is gone with the last that knew it

    loop = asyncio.get_running_loop()
    for _ in range(3):
        begun = loop.time()
        with pytest.raises(BrokerUnavailable):
            await broker.publish([message(topic, "a", 1)])
        assert loop.time() - begun < BOUND + 1
    begun = loop.time()
    assert await subscription.fetch(10, 0.2) == []
    with pytest.raises(BrokerUnavailable):
        await subscription.commit(found)
    await subscription.rewind()
    await subscription.__aexit__(None, None, None)
    await broker.stop()
    assert loop.time() - begun < 4 * BOUND + 1


async def test_a_partition_is_given_up_only_when_the_batch_in_hand_is_finished(place: Place) -> None:
    first, second = KafkaBroker(servers(place)), KafkaBroker(servers(place))
    topic = await place.topic(first)
    numbers = list(range(40))
    await first.publish([message(topic, f"case-{number}", number) for number in numbers])
    async with first.subscribe(place.group, [topic]) as one, second.subscribe(place.group, [topic]) as two:
        in_hand = await take(one, 40)
        joining = asyncio.create_task(take(two, 1, seconds=60))
        await asyncio.sleep(5)  # the first has learnt by now that a second wants to join
        assert not joining.done()
        await one.commit(in_hand)

        # Both have a part now. The first must go on asking, since only a member that asks takes part.
        async def ask() -> list[int]:
            found = []
            while not joining.done():
                found += (taken := await one.fetch(10, 0.1))
                await one.commit(taken)
            return [number_of(each) for each in found]

        asking = asyncio.create_task(ask())
        later: set[int] = set()
        while not joining.done() and len(later) < 200:
            batch = [message(topic, f"case-{len(later) + n}", 100 + len(later) + n) for n in range(20)]
            await first.publish(batch)
            later |= {number_of_message(each.value) for each in batch}
            await asyncio.sleep(0.5)
        got = [number_of(each) for each in await joining]
        asked = await asking
        assert not set(numbers) & set(got + asked)
    await first.stop()
    await second.stop()


def number_of_message(value: bytes) -> int:
    return int(value)


async def test_a_commit_after_the_partitions_changed_hands_is_passed_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.brokers.kafka.FINISH_SECONDS", 0.1)
    first, second = KafkaBroker(servers(place)), KafkaBroker(servers(place))
    topic = await place.topic(first)
    await first.publish([message(topic, f"case-{number}", number) for number in range(40)])
    async with first.subscribe(place.group, [topic]) as one, second.subscribe(place.group, [topic]) as two:
        in_hand = await take(one, 40)
        theirs = await take(two, 1, seconds=60)
        await one.commit(in_hand)
        await one.rewind()
        moved = {each.partition for each in theirs}
        again = [each for each in await one.fetch(100, 2) if each.partition in moved]
        assert again == []
    await first.stop()
    await second.stop()
