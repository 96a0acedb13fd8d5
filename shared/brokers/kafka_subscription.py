"""A group's place in Kafka's topics: joining, giving partitions up, and what is in hand meanwhile."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from shared.brokers import BrokerUnavailable, Delivery

if TYPE_CHECKING:
    from shared.brokers.kafka import KafkaBroker

REBALANCE_SECONDS = 20.0
"""How long the members of a group wait for each other when partitions change hands."""

FINISH_SECONDS = 10.0
"""How long a partition is kept back for the batch in hand to be finished; well below `REBALANCE_SECONDS`."""

REMEMBERED_EVERY = 1.0
"""Seconds after which the group's place is written: one trip for all batches meanwhile. What was finished and not
remembered when a process dies comes again."""

SESSION_SECONDS = 6.0
"""How long a member that fell silent (its process was killed) keeps its partitions; the least that Kafka takes."""

log = logging.getLogger(__name__)


class KafkaSubscription(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka carries no types
    """A group's place in Kafka's topics. The consumer is made behind the first fetch, and anew after an error."""

    def __init__(self, broker: "KafkaBroker", group: str, topics: Sequence[str]) -> None:
        self.group = group
        self.topics = tuple(topics)
        self._broker = broker
        self._opening: asyncio.Task[Any] | None = None
        # Where a rewind goes back to, and where the fetched messages end, for each partition with a batch in hand.
        self._in_hand: dict[TopicPartition, tuple[int, int]] = {}
        # Finished, and not yet remembered for the group; since when by the loop's clock.
        self._owed: dict[TopicPartition, int] = {}
        self._owed_since = 0.0
        self._finished = asyncio.Event()
        self._finished.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, BrokerUnavailable):
            with suppress(BrokerUnavailable):
                await self._remember()
        await self._close()

    async def fetch(self, limit: int, wait: float) -> list[Delivery]:
        loop = asyncio.get_running_loop()
        await self._remember_in_time()
        deadline = loop.time() + wait
        if self._opening is None:
            self._opening = loop.create_task(self._open())
        await asyncio.wait([self._opening], timeout=wait)
        if not self._opening.done():  # joining the group goes on behind
            return []
        try:
            found = await self._take(self._opening.result(), limit, max(0.0, deadline - loop.time()))
        except (KafkaError, OSError) as error:
            await self._close()
            raise BrokerUnavailable(f"Kafka is away: {type(error).__name__}") from error
        deliveries = []
        for place, records in found.items():
            start, _ = self._in_hand.get(place, (records[0].offset, 0))
            self._in_hand[place] = (start, records[-1].offset + 1)
            deliveries += [delivery_of(record) for record in records]
        if deliveries:
            self._finished.clear()
        return deliveries

    async def commit(self, deliveries: Sequence[Delivery]) -> None:
        places = _reached(deliveries)
        await self._tell(places)
        self._put_away(places)

    async def done(self, deliveries: Sequence[Delivery]) -> None:
        places = _reached(deliveries)
        if not self._owed:
            self._owed_since = asyncio.get_running_loop().time()
        self._owed.update(places)
        self._put_away(places)
        await self._remember_in_time()

    async def _remember_in_time(self) -> None:
        if self._owed and asyncio.get_running_loop().time() - self._owed_since >= REMEMBERED_EVERY:
            await self._remember()

    async def _remember(self) -> None:
        places, self._owed = self._owed, {}
        await self._tell(places)

    async def _tell(self, places: Mapping[TopicPartition, int]) -> None:
        """Let the group remember these places, where they are still ours."""
        consumer = self._consumer()
        if consumer is None:
            return
        mine = {place: offset for place, offset in places.items() if place in consumer.assignment()}
        try:
            async with self._broker.within_limits():
                if mine:
                    await consumer.commit(mine)
        except BrokerUnavailable as error:
            if not isinstance(error.__cause__, CommitFailedError | IllegalStateError):
                raise
            log.info("a commit came after the partitions had changed hands; the messages come again")

    def _put_away(self, places: Mapping[TopicPartition, int]) -> None:
        """What lies before these places is no longer in hand."""
        for place, offset in places.items():
            if place in self._in_hand and self._in_hand[place][1] > offset:
                self._in_hand[place] = (offset, self._in_hand[place][1])
            else:
                self._in_hand.pop(place, None)
        if not self._in_hand:
            self._finished.set()

    async def rewind(self) -> None:
        consumer = self._consumer()
        if consumer is not None:
            for place, (start, _) in self._in_hand.items():
                if place in consumer.assignment():
                    consumer.seek(place, start)
        self._put_down()

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Keep the partitions until the batch in hand is committed or rewound: else it would be handled twice."""
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                await self._finished.wait()
        except TimeoutError:
            log.warning("partitions change hands before their batch is finished; its messages come again")
        with suppress(BrokerUnavailable):
            await self._remember()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        # aiokafka begins behind what is committed, so what was in hand comes again.
        self._owed.clear()
        self._put_down()

    def _put_down(self) -> None:
        self._in_hand.clear()
        self._finished.set()

    def _consumer(self) -> Any:
        """The consumer, where it is open."""
        opening = self._opening
        if opening is None or not opening.done() or opening.cancelled() or opening.exception():
            return None
        return opening.result()

    async def _take(self, consumer: Any, limit: int, wait: float) -> dict[TopicPartition, list[Any]]:
        # While partitions change hands getmany() waits without end. Cancelled there, it has taken nothing yet.
        with suppress(TimeoutError):
            async with asyncio.timeout(wait + 0.5):
                found: dict[TopicPartition, list[Any]] = await consumer.getmany(
                    timeout_ms=int(wait * 1000), max_records=limit
                )
                return found
        return {}

    async def _open(self) -> Any:
        consumer = self._broker.consumer(
            group_id=self.group,
            rebalance_timeout_ms=int(REBALANCE_SECONDS * 1000),
            session_timeout_ms=int(SESSION_SECONDS * 1000),
            heartbeat_interval_ms=int(SESSION_SECONDS * 1000 / 4),
            # Joining is answered only when all members have joined.
            request_seconds=REBALANCE_SECONDS + self._broker.timeout,
        )
        try:
            consumer.subscribe(self.topics, listener=self)
            await consumer.start()
        except BaseException:
            self._broker.behind(consumer.stop())
            raise
        return consumer

    async def _close(self) -> None:
        self._owed.clear()
        self._put_down()
        opening, self._opening = self._opening, None
        if opening is None:
            return
        opening.cancel()
        await asyncio.wait([opening])
        if not opening.cancelled() and not opening.exception():
            await self._broker.end(opening.result().stop())


def _reached(deliveries: Sequence[Delivery]) -> dict[TopicPartition, int]:
    """Behind the last of these, by partition."""
    places: dict[TopicPartition, int] = {}
    for each in deliveries:
        place = TopicPartition(each.topic, each.partition)
        places[place] = max(places.get(place, 0), each.offset + 1)
    return places


def delivery_of(record: Any) -> Delivery:
    # Foreign messages may lack a key or a value, or have a key that is no text; they are the reader's to refuse.
    key = (record.key or b"").decode(errors="backslashreplace")
    headers = {name: value or b"" for name, value in record.headers}
    return Delivery(record.topic, record.partition, record.offset, key, record.value or b"", headers)
