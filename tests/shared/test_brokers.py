"""One suite for every broker: what is true of one is true of the others."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from shared.brokers import (
    MAX_MESSAGE_BYTES,
    Broker,
    BrokerUnavailable,
    Delivery,
    HeldBack,
    MessageRefused,
    TopicSpec,
    open_broker,
)
from tests.shared.brokers_fixtures import BROKERS, PARTITIONS, Place, by_key, message, number_of, take

KEYS = [f"case-{number}" for number in range(12)]


@pytest.fixture(params=BROKERS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with BROKERS[request.param](tmp_path) as place:
        yield place


@pytest.fixture
async def broker(place: Place) -> AsyncIterator[Broker]:
    broker = open_broker(place.url)
    await broker.start()
    yield broker
    await broker.stop()


async def test_what_is_published_arrives_whole_and_in_order_within_its_key(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    sent = [message(topic, KEYS[number % 12], number) for number in range(600)]
    for start in range(0, 600, 200):
        assert await broker.publish(sent[start : start + 200]) == [None] * 200

    async with broker.subscribe(place.group, [topic]) as subscription:
        found = await take(subscription, 600)
        assert await subscription.fetch(10, 0.2) == []

    assert by_key(found) == {key: [n for n in range(600) if KEYS[n % 12] == key] for key in KEYS}
    assert len({delivery.partition for delivery in found}) > 1
    for key in KEYS:
        assert len({delivery.partition for delivery in found if delivery.key == key}) == 1
    for partition in range(PARTITIONS):
        offsets = [delivery.offset for delivery in found if delivery.partition == partition]
        assert offsets == list(range(len(offsets)))
    assert found[0].topic == topic
    assert dict(found[0].headers) == dict(sent[0].headers)


async def test_a_fetch_takes_no_more_than_it_was_asked_for(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(50)])
    async with broker.subscribe(place.group, [topic]) as subscription:
        found = await take(subscription, 7)
        assert len(found) == 7
        rest = await take(subscription, 43)
    assert sorted(number_of(each) for each in found + rest) == list(range(50))


async def test_a_message_that_is_too_large_is_refused_and_holds_back_only_its_own_key(
    broker: Broker, place: Place
) -> None:
    topic = await place.topic(broker)
    batch = [
        message(topic, "large", 0),
        message(topic, "large", 1, MAX_MESSAGE_BYTES),
        message(topic, "other", 2),
        message(topic, "large", 3),
    ]
    first, second, third, fourth = await broker.publish(batch)
    assert first is None
    assert isinstance(second, MessageRefused)
    assert third is None
    assert isinstance(fourth, HeldBack)
    assert by_key([each async for each in broker.read(topic)]) == {"large": [0], "other": [2]}


async def test_a_message_just_below_the_limit_goes_through(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    sizes = [900_000, 10, 900_000, 900_000]
    assert await broker.publish([message(topic, "k", n, size) for n, size in enumerate(sizes)]) == [None] * 4
    assert by_key([each async for each in broker.read(topic)]) == {"k": [0, 1, 2, 3]}
    async with broker.subscribe(place.group, [topic]) as subscription:
        assert [number_of(each) for each in await take(subscription, 4)] == [0, 1, 2, 3]


async def test_nothing_to_publish_is_nothing_to_do(broker: Broker) -> None:
    assert await broker.publish([]) == []


async def test_a_group_goes_on_behind_what_it_committed(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(40)])
    async with broker.subscribe(place.group, [topic]) as subscription:
        done = await take(subscription, 15)
        await subscription.commit(done)
        await take(subscription, 10)  # and not committed
    assert sum((await broker.lag(place.group, [topic])).values()) == 25

    again = open_broker(place.url)
    await again.start()
    async with again.subscribe(place.group, [topic]) as subscription:
        rest = await take(subscription, 25)
        await subscription.commit(rest)
        assert await subscription.fetch(10, 0.2) == []
    await again.stop()
    assert sorted(number_of(each) for each in done + rest) == list(range(40))


async def test_what_is_done_is_remembered_at_the_latest_when_the_place_is_left(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(10)])
    async with broker.subscribe(place.group, [topic]) as subscription:
        await subscription.done(await take(subscription, 4))
        await subscription.done(await take(subscription, 4))
        await take(subscription, 2)  # and not done
        await subscription.rewind()
    assert sum((await broker.lag(place.group, [topic])).values()) == 2


async def test_what_is_done_is_remembered_soon_though_nothing_comes_after_it(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(10)])
    async with broker.subscribe(place.group, [topic]) as subscription:
        await subscription.done(await take(subscription, 10))
        for _ in range(2):
            assert await subscription.fetch(10, 1.1) == []
        assert sum((await broker.lag(place.group, [topic])).values()) == 0


async def test_a_rewind_goes_back_to_what_was_committed(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(40)])
    async with broker.subscribe(place.group, [topic]) as subscription:
        done = await take(subscription, 10)
        await subscription.commit(done)
        for _ in range(2):
            await take(subscription, 20)
            await subscription.rewind()
        rest = await take(subscription, 30)
        await subscription.commit(rest)
        await subscription.rewind()
        assert await broker.publish([message(topic, "case-0", 40)]) == [None]
        assert [number_of(each) for each in await take(subscription, 1)] == [40]
    assert sorted(number_of(each) for each in done + rest) == list(range(40))


async def test_a_batch_may_be_committed_in_part(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, "a", number) for number in range(10)])
    async with broker.subscribe(place.group, [topic]) as subscription:
        found = await take(subscription, 10)
        await subscription.commit(found[:4])
        await subscription.rewind()
        assert [number_of(each) for each in await take(subscription, 6)] == [4, 5, 6, 7, 8, 9]
        await subscription.commit(found[:2])  # late and lower
        await subscription.commit(found)
    assert sum((await broker.lag(place.group, [topic])).values()) == 0


async def test_two_groups_each_get_everything(broker: Broker, place: Place) -> None:
    first, second = await place.topic(broker, "first"), await place.topic(broker, "second")
    await broker.publish([message(first, "a", 1), message(second, "a", 2), message(first, "b", 3)])
    async with (
        broker.subscribe(f"{place.group}-1", [first, second]) as one,
        broker.subscribe(f"{place.group}-2", [first]) as two,
    ):
        theirs, others = await asyncio.gather(take(one, 3), take(two, 2))
    assert sorted(number_of(each) for each in theirs) == [1, 2, 3]
    assert sorted(number_of(each) for each in others) == [1, 3]


async def test_reading_everything_ends_where_the_topic_ended_when_it_began(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(2_500)])
    found: list[Delivery] = []
    async for delivery in broker.read(topic):
        if not found:
            await broker.publish([message(topic, key, 9_999) for key in KEYS])
        found.append(delivery)
    assert sorted(number_of(each) for each in found) == list(range(2_500))
    assert [(each.partition, each.offset) for each in found] == sorted((each.partition, each.offset) for each in found)


async def test_an_empty_topic_is_read_to_its_end_at_once(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    assert [each async for each in broker.read(topic)] == []


async def test_lag_counts_what_a_group_has_not_committed(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(30)])
    before = await broker.lag(place.group, [topic, "no-such-topic"])
    assert set(before) == {(topic, partition) for partition in range(PARTITIONS)}
    assert sum(before.values()) == 30
    async with broker.subscribe(place.group, [topic]) as subscription:
        await subscription.commit(await take(subscription, 30))
    assert set((await broker.lag(place.group, [topic])).values()) == {0}


async def test_a_fetch_waits_for_news_and_wakes_when_it_comes(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    loop = asyncio.get_running_loop()
    async with broker.subscribe(place.group, [topic]) as subscription:
        await broker.publish([message(topic, "a", 0)])
        await subscription.commit(await take(subscription, 1))

        begun = loop.time()
        assert await subscription.fetch(10, 0.3) == []
        assert 0.2 < loop.time() - begun < 1.5

        waits = []
        for number in range(8):
            fetching = asyncio.create_task(subscription.fetch(10, 10))
            await asyncio.sleep(0.02)
            begun = loop.time()
            await broker.publish([message(topic, "a", number)])
            found = await fetching
            waits.append(loop.time() - begun)
            assert [number_of(each) for each in found] == [number]
    assert sorted(waits)[4] < place.wakes_within


async def test_a_cancelled_fetch_loses_nothing(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    async with broker.subscribe(place.group, [topic]) as subscription:
        await broker.publish([message(topic, "a", 0)])
        found = await take(subscription, 1)
        for number in range(1, 60):
            fetching = asyncio.create_task(subscription.fetch(10, 10))
            publishing = asyncio.create_task(broker.publish([message(topic, KEYS[number % 12], number)]))
            await asyncio.sleep(number % 10 / 2_000)
            fetching.cancel()
            await publishing
            for result in await asyncio.gather(fetching, return_exceptions=True):
                if isinstance(result, list):
                    found += result
        found += await take(subscription, 60 - len(found))
    assert sorted(number_of(each) for each in found) == list(range(60))


async def test_a_cancelled_publish_leaves_the_broker_usable(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    for number in range(20):
        publishing = asyncio.create_task(broker.publish([message(topic, "a", number)]))
        await asyncio.sleep(number / 5_000)
        publishing.cancel()
        await asyncio.gather(publishing, return_exceptions=True)
        assert await broker.publish([message(topic, "a", number)]) == [None]
    found = [number_of(each) async for each in broker.read(topic)]
    assert set(found) == set(range(20))


async def test_what_is_wrong_with_topics_is_said_in_sentences(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.create_topics([TopicSpec(topic, PARTITIONS)])
    assert await broker.check_topics([TopicSpec(topic, PARTITIONS)]) == []
    few, absent = await broker.check_topics([TopicSpec(topic, 6), TopicSpec("absent", 1)])
    assert few.startswith(f"Topic {topic} has 4 partitions and should have 6.")
    assert "order" in few
    assert absent == "Topic absent is missing: run `homeward migrate`."
    assert await broker.risks([TopicSpec(topic, PARTITIONS)]) == []


async def test_a_topic_that_is_missing_is_waited_for(broker: Broker, place: Place) -> None:
    if not place.makes_topics:
        pytest.skip("this broker makes every topic it is asked for")
    topic = f"late-{place.tag}"
    there = await place.topic(broker)
    with pytest.raises(BrokerUnavailable):
        await broker.publish([message(topic, "a", 1)])
    missing, fine = await broker.publish([message(topic, "a", 1), message(there, "a", 1)])
    assert isinstance(missing, BrokerUnavailable)
    assert fine is None
    with pytest.raises(BrokerUnavailable):
        [each async for each in broker.read(topic)]
    async with broker.subscribe(place.group, [topic, there]) as subscription:
        found = await subscription.fetch(10, 0.1)
        await broker.create_topics([TopicSpec(topic, 2)])
        assert await broker.publish([message(topic, "a", 1)]) == [None]
        found += await take(subscription, 2 - len(found))
    assert {each.topic for each in found} == {topic, there}


def test_a_broker_is_named_by_its_url() -> None:
    for url in ("", "embedded:", "kafka://", "amqp://somewhere"):
        with pytest.raises(ValueError, match="a broker is"):
            open_broker(url)


async def test_the_end_of_a_topic_can_be_read_alone(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(120)])
    everything = [delivery async for delivery in broker.read(topic)]
    ends = [delivery async for delivery in broker.read(topic, last=3)]
    assert ends == [
        each
        for partition in range(PARTITIONS)
        for each in [delivery for delivery in everything if delivery.partition == partition][-3:]
    ]
    assert [delivery async for delivery in broker.read(topic, last=1_000)] == everything


async def test_what_came_behind_a_place_can_be_read_alone(broker: Broker, place: Place) -> None:
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(120)])
    everything = [delivery async for delivery in broker.read(topic)]
    assert {delivery.partition for delivery in everything} == set(range(PARTITIONS))
    after = {0: 5, 1: 10_000}  # of the others nothing is known yet
    behind = [delivery async for delivery in broker.read(topic, after=after)]
    assert behind == [each for each in everything if each.offset >= after.get(each.partition, 0)]
    assert 0 < len(behind) < len(everything)


async def test_a_group_that_forgets_begins_again(broker: Broker, place: Place) -> None:
    if not place.shares_groups:
        return  # librdkafka's mock takes a commit from none but a member
    topic = await place.topic(broker)
    await broker.publish([message(topic, KEYS[number % 12], number) for number in range(30)])
    async with broker.subscribe(place.group, [topic]) as subscription:
        await subscription.commit(await take(subscription, 30))
        with pytest.raises(BrokerUnavailable):  # somebody of the group is reading
            await broker.begin_again(place.group, [topic])
    await broker.begin_again(place.group, [topic])
    assert sum((await broker.lag(place.group, [topic])).values()) == 30
    async with broker.subscribe(place.group, [topic]) as subscription:
        assert len(await take(subscription, 30)) == 30
