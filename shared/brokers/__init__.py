"""The log between the services: what a broker must do, and what travels through it.

A *topic* is divided into *partitions*; a message goes to the partition its key belongs to, so that what concerns one
key stays in order. A *group* (one per service) remembers how far it has read. Nothing is ever removed from a topic.

Two adapters: `embedded` (one SQLite file, for one machine) and `kafka`. One suite, `tests/shared/test_brokers.py`,
judges both.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Any, Protocol, Self

MAX_MESSAGE_BYTES = 1024 * 1024
"""Largest message (key, value and headers together). Kafka's own default, for a batch, is 12 bytes more."""


NOTHING: Mapping[Any, Any] = MappingProxyType({})
Places = Mapping[int, int]
"""Of partitions of one topic, by number: the offset that comes next."""


class BrokerUnavailable(Exception):
    """The broker is away, full, locked or lacks the topic: the caller waits and tries the same again."""


class HeldBack(BrokerUnavailable):
    """Not sent, because an earlier message of its key in the same batch was not; it goes after that one."""


class MessageRefused(Exception):
    """This one message can never be sent (it is too large); the broker itself is well."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent. `value` and the header values are bytes the broker never looks into."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of key, value and headers."""
        return len(self.key.encode()) + len(self.value) + sum(len(k) + len(v) for k, v in self.headers.items())


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrived, and where it lies: `offset` counts from 0 within (`topic`, `partition`)."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes
    headers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it should be. The number of partitions is for good: another number would break the order of keys."""

    name: str
    partitions: int


class Subscription(Protocol):
    """A group's place in its topics. One task uses it at a time. Opening it never waits for the broker."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def fetch(self, limit: int, wait: float) -> list[Delivery]:
        """Return up to `limit` messages, waiting at most `wait` seconds for the first; `[]` when none came.

        Per partition in order of offset, and none twice unless rewound, rebalanced or opened again. A cancelled fetch
        loses nothing.

        Raises:
            BrokerUnavailable: the broker is away; fetch again later.
        """
        ...

    async def commit(self, deliveries: Sequence[Delivery]) -> None:
        """Remember for the group, per partition, the highest offset of `deliveries` plus one.

        What was taken away by a rebalance in between is passed over: it comes again, to whoever reads it now.

        Raises:
            BrokerUnavailable: not remembered; the messages come again after the next opening.
        """
        ...

    async def done(self, deliveries: Sequence[Delivery]) -> None:
        """As `commit`, but it may wait a second or two for others, or for the closing, to be remembered with.

        Raises:
            BrokerUnavailable: these, or earlier ones, are not remembered.
        """
        ...

    async def rewind(self) -> None:
        """Make the next fetch start again behind what was last committed. Needs no broker."""
        ...


class Broker(Protocol):
    """A log of topics. Everything that waits for the broker is bounded in time."""

    async def start(self) -> None:
        """Open it. A networked broker that is away is no error here; it is looked for when it is needed."""
        ...

    async def stop(self) -> None:
        """Close it; it may be started again."""
        ...

    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        """Send `messages` and return one verdict for each, in their order: `None` is "sent and safe".

        Order within (topic, key) is kept: behind one that was not sent, none of the same key is. A verdict is
        `MessageRefused`, `HeldBack` or `BrokerUnavailable`.

        Raises:
            BrokerUnavailable: the broker is the reason that not one of them is known to be sent. Some may
                have arrived all the same: sent again, they are there twice, and the inbox drops the second.
        """
        ...

    def subscribe(self, group: str, topics: Sequence[str]) -> Subscription:
        """Return the place of `group` in `topics`, to be used with `async with`; a new group starts at the start."""
        ...

    def read(self, topic: str, *, last: int | None = None, after: Places = NOTHING) -> AsyncIterator[Delivery]:
        """Yield everything that is in `topic` now, from the start, partition after partition, then end. No group.

        With `last`, at most so many messages from the end of each partition; with `after`, those at its places and
        behind them, and all of a partition that it does not name.

        Raises:
            BrokerUnavailable: the broker is away, or there is no such topic.
        """
        ...

    async def create_topics(self, topics: Sequence[TopicSpec]) -> None:
        """Make those that are missing. One that exists is left as it is, whatever its partitions.

        Raises:
            BrokerUnavailable: the broker is away, or it refused to make one.
        """
        ...

    async def check_topics(self, topics: Sequence[TopicSpec]) -> list[str]:
        """Say in sentences what is missing, has too few partitions, or would lose events; `[]` is good.

        Raises:
            BrokerUnavailable: the broker is away.
        """
        ...

    async def risks(self, topics: Sequence[TopicSpec]) -> list[str]:
        """Say in sentences what works and would not survive the loss of a broker; `[]` is good.

        Raises:
            BrokerUnavailable: the broker is away.
        """
        ...

    async def begin_again(self, group: str, topics: Sequence[str]) -> None:
        """Let the group forget how far it has read: who subscribes next begins at the start.

        Raises:
            BrokerUnavailable: the broker is away, or somebody of the group is reading.
        """
        ...

    async def lag(self, group: str, topics: Sequence[str]) -> dict[tuple[str, int], int]:
        """Return, per (topic, partition), how many messages the group has not committed. Missing topics are left out.

        Raises:
            BrokerUnavailable: the broker is away.
        """
        ...


def first_verdicts(messages: Sequence[Message]) -> list[Exception | None]:
    """Judge what needs no broker: too large is `MessageRefused`, later ones of its key are `HeldBack`."""
    verdicts: list[Exception | None] = []
    stopped: set[tuple[str, str]] = set()
    for message in messages:
        lane = (message.topic, message.key)
        if lane in stopped:
            verdicts.append(HeldBack("an earlier message of its key was not sent"))
        elif (size := message.size) > MAX_MESSAGE_BYTES:
            stopped.add(lane)
            verdicts.append(MessageRefused(f"a message of {size} bytes is larger than {MAX_MESSAGE_BYTES}"))
        else:
            verdicts.append(None)
    return verdicts


def raise_if_away(verdicts: Sequence[Exception | None]) -> None:
    """Raise the first verdict where every one is `BrokerUnavailable`: not one message is known to be sent."""
    if verdicts and all(isinstance(verdict, BrokerUnavailable) for verdict in verdicts):
        raise next(verdict for verdict in verdicts if verdict is not None)


def what_is_wrong(topics: Sequence[TopicSpec], partitions: Mapping[str, int]) -> list[str]:
    """Compare `topics` with the number of `partitions` that each existing topic has; return sentences."""
    sentences = []
    for topic in topics:
        there = partitions.get(topic.name)
        if there is None:
            sentences.append(f"Topic {topic.name} is missing: run `homeward migrate`.")
        elif there < topic.partitions:
            sentences.append(
                f"Topic {topic.name} has {there} partitions and should have {topic.partitions}. Adding some would "
                "break the order of what concerns one case: while it is empty, delete it and run `homeward "
                "migrate`; later, copy it into one that was made so."
            )
    return sentences


def open_broker(url: str, options: Mapping[str, Any] = NOTHING) -> Broker:
    """Return the broker at `url`: `embedded:/path/to/file.db` or `kafka://host:port[,host:port]`; not yet started.

    `options`: what Kafka's clients are told besides the addresses (certificates, a password).

    Raises:
        ValueError: the URL is of neither kind.
    """
    kind, _, rest = url.partition(":")
    if kind == "embedded" and rest:
        from shared.brokers.embedded import EmbeddedBroker

        return EmbeddedBroker(rest)
    if kind == "kafka" and rest.startswith("//") and rest.strip("/"):
        from shared.brokers.kafka import KafkaBroker

        return KafkaBroker(rest.strip("/").split(","), options=options)
    raise ValueError("a broker is embedded:/path/to/file.db or kafka://host:port[,host:port]")
