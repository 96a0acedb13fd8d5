"""What only Kafka does: it is away, says nothing, dies, and gives partitions to somebody else."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from shared.brokers import BrokerUnavailable, Delivery, TopicSpec
from shared.brokers.kafka import KafkaBroker
from tests.servers.processes import free_port
from tests.shared.brokers_fixtures import BROKERS, Place, kafka_mock, message, number_of, take

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


class Stuck:
    """A consumer to which Kafka answers everything, and sends nothing."""

    async def nothing(self, *_: object, **__: object) -> dict[TopicPartition, list[object]]:
        await asyncio.sleep(0.01)
        return {}

    start = stop = getmany = nothing

    async def end_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 9)

    async def beginning_offsets(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(places, 0)

    async def position(self, _place: TopicPartition) -> int:
        return 4

    def assign(self, places: list[TopicPartition]) -> None: ...

    def seek(self, place: TopicPartition, offset: int) -> None: ...


async def test_reading_a_topic_that_stands_still_ends_within_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = KafkaBroker(["127.0.0.1:1"], timeout=0.2)
    monkeypatch.setattr(broker, "consumer", Stuck)
    monkeypatch.setattr(broker, "_partitions", AsyncMock(return_value={"events": 1}))
    with pytest.raises(BrokerUnavailable, match="nothing more"):
        async with asyncio.timeout(3):
            assert [each async for each in broker.read("events")] == []
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


async def test_partitions_are_kept_back_until_the_batch_in_hand_is_committed_or_rewound(place: Place) -> None:
    broker = KafkaBroker(servers(place))
    topic = await place.topic(broker)
    await broker.publish([message(topic, f"case-{number}", number) for number in range(10)])
    async with broker.subscribe(place.group, [topic]) as subscription:
        await subscription.on_partitions_revoked(set())  # nothing in hand: nothing to wait for
        for finish in ("rewind", "commit"):
            in_hand = await take(subscription, 10)
            revoking = asyncio.create_task(subscription.on_partitions_revoked(set()))
            await asyncio.sleep(0.1)
            assert not revoking.done()
            await (subscription.rewind() if finish == "rewind" else subscription.commit(in_hand))
            await asyncio.wait_for(revoking, 1)
    await broker.stop()


async def test_a_commit_that_is_refused_after_a_rebalance_is_passed_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = KafkaBroker(servers(place))
    topic = await place.topic(broker)
    await broker.publish([message(topic, "a", 1)])
    async with broker.subscribe(place.group, [topic]) as subscription:
        in_hand = await take(subscription, 1)
        for refusal in (CommitFailedError(), IllegalStateError()):
            with monkeypatch.context() as patch:
                patch.setattr(AIOKafkaConsumer, "commit", AsyncMock(side_effect=refusal))
                await subscription.commit(in_hand)
    assert sum((await broker.lag(place.group, [topic])).values()) == 1
    await broker.stop()


async def test_a_second_member_takes_over_only_what_the_first_has_finished(place: Place) -> None:
    if not place.shares_groups:
        pytest.skip("this broker has no rebalance that works")
    first, second = KafkaBroker(servers(place)), KafkaBroker(servers(place))
    topic = await place.topic(first)
    await first.publish([message(topic, f"case-{number}", number) for number in range(40)])
    async with first.subscribe(place.group, [topic]) as one, second.subscribe(place.group, [topic]) as two:
        in_hand = await take(one, 40)
        assert await two.fetch(1, 0.1) == []
        await asyncio.sleep(4)  # a heartbeat later the first knows that a second wants to join
        assert await two.fetch(1, 0.1) == []
        await one.commit(in_hand)

        await first.publish([message(topic, f"case-{number}", number) for number in range(40, 80)])
        found: dict[str, list[int]] = {"one": [], "two": []}
        while sum(map(len, found.values())) < 40:
            for name, member in (("one", one), ("two", two)):
                taken = await member.fetch(40, 0.2)
                await member.commit(taken)
                found[name] += [number_of(each) for each in taken]
    assert sorted(found["one"] + found["two"]) == list(range(40, 80))
    assert found["one"]
    assert found["two"]
    await first.stop()
    await second.stop()


async def test_a_batch_that_is_never_finished_does_not_stop_the_others_for_ever(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not place.shares_groups:
        pytest.skip("this broker has no rebalance that works")
    monkeypatch.setattr("shared.brokers.kafka_subscription.FINISH_SECONDS", 0.1)
    first, second = KafkaBroker(servers(place)), KafkaBroker(servers(place))
    topic = await place.topic(first)
    await first.publish([message(topic, f"case-{number}", number) for number in range(40)])
    async with first.subscribe(place.group, [topic]) as one, second.subscribe(place.group, [topic]) as two:
        in_hand = await take(one, 40)
        theirs = await take(two, 1, seconds=60)
        await one.commit(in_hand)  # too late for what is the other's now, and no error
        assert not {each.partition for each in await one.fetch(100, 1)} & {each.partition for each in theirs}
    await first.stop()
    await second.stop()
