"""Kafka, through aiokafka; only this module, `kafka_topics` and `kafka_subscription` import it.

aiokafka waits for a broker that is away without end, in several places. Here every wait has a limit, and what is in
an unknown state (a producer with anything unsent, a consumer that reported an error) is thrown away and made anew.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    ProducerClosed,
    RecordListTooLargeError,
    UnknownTopicOrPartitionError,
)
from aiokafka.partitioner import murmur2

from shared.brokers import (
    NOTHING,
    BrokerUnavailable,
    Delivery,
    Message,
    MessageRefused,
    Places,
    TopicSpec,
    first_verdicts,
    kafka_topics,
    raise_if_away,
)
from shared.brokers.kafka_subscription import KafkaSubscription, delivery_of
from shared.clock import monotonic

BATCH_BYTES = 512 * 1024
"""Half of what a broker takes as it comes: it judges whole batches, and one message too many must not refuse all."""

FETCH_BYTES = 256 * 1024
"""Asked for at once, of each partition: a narrow link brings no more in time. A larger batch comes all the same."""


class KafkaBroker:
    """The cluster that `servers` ("host:port") belong to.

    Args:
        servers: some of its brokers.
        timeout: seconds after which a broker that does not answer is away.
        replication: copies of each topic that is created; three, or as many as there are brokers, where not given.
        options: what each client is told besides, by aiokafka's names: certificates, and how it signs in.
    """

    def __init__(
        self,
        servers: Sequence[str],
        *,
        timeout: float = 5.0,
        replication: int | None = None,
        options: Mapping[str, Any] = NOTHING,
    ) -> None:
        self.servers = list(servers)
        self._options = dict(options)
        self.timeout = timeout
        self._replication = replication
        self._producer: Any = None
        self._publishing = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Nothing to do: producer and consumers are made when they are needed, whenever Kafka is there."""

    async def stop(self) -> None:
        self._throw_away()
        if self._ending:
            await asyncio.wait(self._ending, timeout=self.timeout)

    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        verdicts = first_verdicts(messages)
        unsent = [number for number, verdict in enumerate(verdicts) if verdict is None]
        if not unsent:
            return verdicts
        async with self._publishing:
            for number in unsent:
                verdicts[number] = BrokerUnavailable("not sent")
            try:
                async with self.within_limits():
                    too_large = await self._send(messages, unsent, verdicts)
                    if too_large:
                        # The refused batch left a hole in the producer's numbering; nothing passes behind it.
                        self._throw_away()
                        await self._send(messages, too_large, verdicts, at_most=1)
            except BrokerUnavailable as error:
                for number in unsent:
                    if isinstance(verdicts[number], BrokerUnavailable):
                        verdicts[number] = error
            finally:
                if any(verdicts[number] is not None for number in unsent):
                    self._throw_away()
        raise_if_away(verdicts)
        return verdicts

    def subscribe(self, group: str, topics: Sequence[str]) -> "KafkaSubscription":
        return KafkaSubscription(self, group, topics)

    async def read(self, topic: str, *, last: int | None = None, after: Places = NOTHING) -> AsyncIterator[Delivery]:
        consumer = self.consumer()
        try:
            async with self.within_limits():
                if (partitions := (await self._partitions()).get(topic)) is None:
                    raise BrokerUnavailable(f"there is no topic {topic}")
                await consumer.start()
                places = [TopicPartition(topic, number) for number in range(partitions)]
                ends = await consumer.end_offsets(places)
                starts = await consumer.beginning_offsets(places)
            for place in places:
                offset = max(starts[place], after.get(place.partition, 0), 0 if last is None else ends[place] - last)
                if offset >= ends[place]:
                    continue
                consumer.assign([place])
                consumer.seek(place, offset)
                moved = monotonic()
                while offset < ends[place]:
                    before = offset
                    async with self.within_limits():
                        records = await consumer.getmany(timeout_ms=500)
                        offset = await consumer.position(place)
                    for record in records.get(place, ()):
                        if record.offset < ends[place]:
                            yield delivery_of(record)
                    if offset > before:
                        moved = monotonic()
                    elif monotonic() - moved > self.timeout:
                        raise BrokerUnavailable(f"Kafka is away: nothing more of {topic} comes")
        finally:
            await self.end(consumer.stop())

    async def create_topics(self, topics: Sequence[TopicSpec]) -> None:
        async with self.within_limits(), self._admin() as admin:
            await kafka_topics.create(admin, topics, self._replication)

    async def check_topics(self, topics: Sequence[TopicSpec]) -> list[str]:
        async with self.within_limits(), self._admin() as admin:
            return await kafka_topics.wrong_with(admin, topics)

    async def risks(self, topics: Sequence[TopicSpec]) -> list[str]:
        async with self.within_limits(), self._admin() as admin:
            return await kafka_topics.risks_of(admin, topics)

    async def begin_again(self, group: str, topics: Sequence[str]) -> None:
        consumer = self.consumer(group_id=group)
        try:
            async with self.within_limits():
                there = await self._partitions()
                places = [TopicPartition(topic, number) for topic in topics for number in range(there.get(topic, 0))]
                await consumer.start()
                consumer.assign(places)
                await consumer.commit(dict(await consumer.beginning_offsets(places)))
        finally:
            await self.end(consumer.stop())

    async def lag(self, group: str, topics: Sequence[str]) -> dict[tuple[str, int], int]:
        consumer = self.consumer(group_id=group)
        try:
            async with self.within_limits():
                there = await self._partitions()
                places = [TopicPartition(topic, number) for topic in topics for number in range(there.get(topic, 0))]
                await consumer.start()
                ends = await consumer.end_offsets(places)
                starts = await consumer.beginning_offsets(places)
                committed = await asyncio.gather(*(consumer.committed(place) for place in places))
        finally:
            await self.end(consumer.stop())
        return {
            (place.topic, place.partition): ends[place] - (starts[place] if done is None else done)
            for place, done in zip(places, committed, strict=True)
        }

    @asynccontextmanager
    async def within_limits(self) -> AsyncIterator[None]:
        """Give what is inside `timeout` seconds, and say what fails there as BrokerUnavailable."""
        try:
            async with asyncio.timeout(self.timeout):
                yield
        except (KafkaError, OSError) as error:  # TimeoutError is an OSError
            raise BrokerUnavailable(f"Kafka is away: {type(error).__name__}") from error

    async def end(self, ending: Coroutine[Any, Any, Any]) -> None:
        """Let `ending` (the stop of a client) finish, but wait for it no longer than `timeout`; it goes on behind."""
        await asyncio.wait([self.behind(ending)], timeout=self.timeout)

    def behind(self, ending: Coroutine[Any, Any, Any]) -> asyncio.Task[None]:
        """Let `ending` finish in a task of its own, that `stop` waits for."""

        async def quietly() -> None:
            with suppress(KafkaError, OSError):  # it was to end, and it has
                await ending

        task = asyncio.get_running_loop().create_task(quietly())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task

    def consumer(self, *, request_seconds: float | None = None, **settings: Any) -> Any:
        """Return a consumer, not yet started, that commits only what it is told to."""
        return AIOKafkaConsumer(
            bootstrap_servers=self.servers,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=FETCH_BYTES,
            request_timeout_ms=int((request_seconds or self.timeout) * 1000),
            **self._options,
            **settings,
        )

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[Any]:
        admin = AIOKafkaAdminClient(
            bootstrap_servers=self.servers, request_timeout_ms=int(self.timeout * 1000), **self._options
        )
        try:
            await admin.start()
            yield admin
        finally:
            await admin.close()

    async def _partitions(self) -> dict[str, int]:
        async with self._admin() as admin:
            return await kafka_topics.partitions(admin)

    async def _send(
        self,
        messages: Sequence[Message],
        unsent: Iterable[int],
        verdicts: list[Exception | None],
        at_most: int | None = None,
    ) -> list[int]:
        """Send those of `messages` that `unsent` numbers, in batches of `at_most`, and write what became of each.

        Returns those that were not sent because a batch of several was too large as a whole.
        """
        producer = await self._ready()
        lanes: dict[tuple[str, int], list[int]] = {}
        counts: dict[str, int] = {}
        for number in unsent:
            message = messages[number]
            if message.topic not in counts:
                counts[message.topic] = await _count(producer, message.topic)
            if counts[message.topic]:
                lane = (message.topic, _hash(message.key) % counts[message.topic])
                lanes.setdefault(lane, []).append(number)
            else:
                verdicts[number] = BrokerUnavailable(f"there is no topic {message.topic}")
        sent = await asyncio.gather(
            *(_send_lane(producer, lane, messages, numbers, verdicts, at_most) for lane, numbers in lanes.items())
        )
        return sorted(number for too_large in sent for number in too_large)

    async def _ready(self) -> Any:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self.servers,
                enable_idempotence=True,
                acks="all",
                max_batch_size=BATCH_BYTES,
                # Two attempts fit into the limit of a publish.
                request_timeout_ms=int(self.timeout * 500),
                **self._options,
            )
            try:
                await producer.start()
            except BaseException:
                self.behind(producer.stop())
                raise
            self._producer = producer
        return self._producer

    def _throw_away(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            # At once, before another producer sends the same messages again.
            producer._sender.sender_task.cancel()
            self.behind(_end_producer(producer))


async def _end_producer(producer: Any) -> None:
    # stop() flushes first, which never ends while Kafka is away: an idempotent producer tries for ever. aiokafka
    # has no public way to give up, so its sender is ended (cancelled by the caller) and what it still held failed.
    await asyncio.wait([producer._sender.sender_task])
    held = producer._message_accumulator
    left = [*(batch for queue in held._batches.values() for batch in queue), *held._pending_batches]
    held.fail_all(ProducerClosed())
    for batch in left:
        for future in (batch.future, batch._drain_waiter):
            if future.done() and not future.cancelled():
                future.exception()  # asked for, so that asyncio does not complain that nobody did
    await producer.stop()


async def _send_lane(
    producer: Any,
    lane: tuple[str, int],
    messages: Sequence[Message],
    numbers: list[int],
    verdicts: list[Exception | None],
    at_most: int | None,
) -> list[int]:
    """Send to one partition, a batch at a time: what follows a failed batch is never under way already."""
    topic, partition = lane
    while numbers:
        batch = producer.create_batch()
        taken = []
        for number in numbers[:at_most]:
            message = messages[number]
            headers = list(message.headers.items())
            if batch.append(timestamp=None, key=message.key.encode(), value=message.value, headers=headers) is None:
                break
            taken.append(number)
        batch.close()
        try:
            await (await producer.send_batch(batch, topic, partition=partition))
        except (MessageSizeTooLargeError, RecordListTooLargeError) as error:
            if len(taken) > 1:
                return numbers
            verdicts[taken[0]] = MessageRefused(f"Kafka refused a message: {type(error).__name__}")
            return []
        except KafkaError as error:
            for number in numbers:
                verdicts[number] = BrokerUnavailable(f"Kafka is away: {type(error).__name__}")
            return []
        for number in taken:
            verdicts[number] = None
        numbers = numbers[len(taken) :]
    return []


async def _count(producer: Any, topic: str) -> int:
    """Return the number of partitions of `topic`, 0 when there is none such."""
    try:
        return len(await producer.partitions_for(topic))
    except UnknownTopicOrPartitionError:
        return 0


@lru_cache(maxsize=16_384)
def _hash(key: str) -> int:
    """Kafka's own way from a key to its partition; cached, since it takes 10 µs in Python and keys come again."""
    return int(murmur2(key.encode())) & 0x7FFFFFFF
