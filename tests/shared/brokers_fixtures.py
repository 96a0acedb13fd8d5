"""Where the suite of the brokers finds its brokers. A further kind is a further entry in `BROKERS`."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import confluent_kafka

from shared.brokers import Broker, Delivery, Message, Subscription, TopicSpec
from tests.servers.plugin import real_kafka

PARTITIONS = 4
"""What librdkafka's mock gives a topic; the others make as many."""


@dataclass
class Place:
    """Where a broker is, what it can do, and names of its own for one test."""

    url: str
    makes_topics: bool = True
    shares_groups: bool = True
    wakes_within: float = 0.05
    prepare: Callable[[str], object] = lambda topic: None
    tag: str = field(default_factory=lambda: uuid4().hex[:8])

    @property
    def group(self) -> str:
        return f"readers-{self.tag}"

    async def topic(self, broker: Broker, name: str = "events") -> str:
        """Make a topic that no other test uses."""
        topic = f"{name}-{self.tag}"
        await asyncio.to_thread(self.prepare, topic)
        await broker.create_topics([TopicSpec(topic, PARTITIONS)])
        return topic


@contextmanager
def embedded(folder: Path) -> Iterator[Place]:
    yield Place(f"embedded:{folder / 'log' / 'events.db'}")


@contextmanager
def kafka_mock(folder: Path) -> Iterator[Place]:
    """librdkafka's broker in this process: it makes topics when asked after, ends no poll early, has no rebalance."""
    cluster = confluent_kafka.Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "mock", "log_level": 2})
    brokers = cluster.list_topics(timeout=10).brokers.values()
    address = ",".join(f"{each.host}:{each.port}" for each in brokers)
    yield Place(
        f"kafka://{address}",
        makes_topics=False,
        shares_groups=False,
        wakes_within=1.0,
        prepare=lambda topic: cluster.list_topics(topic, timeout=10),
    )


@contextmanager
def kafka(folder: Path) -> Iterator[Place]:
    """The run's real Kafka, or one that runs already at the address in KAFKA_FOR_TESTS."""
    address = os.environ.get("KAFKA_FOR_TESTS")
    yield Place(f"kafka://{address}" if address else real_kafka().url)


BROKERS = {"embedded": embedded, "kafka-mock": kafka_mock, "kafka": kafka}


def message(topic: str, key: str, number: int, size: int = 0) -> Message:
    return Message(topic, key, b"%d" % number + b"." * size, {"ce_type": b"tested", "ce_raw": bytes(range(256))})


def number_of(delivery: Delivery) -> int:
    return int(delivery.value.rstrip(b"."))


async def take(subscription: Subscription, count: int, seconds: float = 20) -> list[Delivery]:
    """Fetch until `count` messages are there."""
    found: list[Delivery] = []
    async with asyncio.timeout(seconds):
        while len(found) < count:
            found += await subscription.fetch(count - len(found), 0.5)
    return found


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - what is waited for happens elsewhere
            await asyncio.sleep(0.05)


def by_key(deliveries: Sequence[Delivery]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for each in deliveries:
        found.setdefault(each.key, []).append(number_of(each))
    return found
