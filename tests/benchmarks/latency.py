"""From a commit in one service to its effect in the next, each part a process of its own, beside bare aiokafka.

What commits, the relay, and the consumer of the other service are three processes, as an API and two workers are. The
machine's monotonic clock is the same in all of them. Beside it: a process that sends the same bytes, and one that
takes them.
"""

import asyncio
import gc
import multiprocessing
import random
import time
from collections.abc import Callable, Coroutine, Mapping
from multiprocessing.queues import Queue
from typing import Any
from uuid import UUID, uuid4

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.act import Act
from shared.brokers import TopicSpec, open_broker
from shared.consumer import Consumer
from shared.contracts.registration import DocumentRecorded
from shared.database import Database, Session
from shared.events import Envelope, topic_of
from shared.folding import keep_row
from shared.hints import Hints
from shared.inbox import Handler
from shared.outbox import stage
from shared.relay import Relay
from shared.wiring import PARTITIONS
from tests.benchmarks.consume import COUNT, COUNTED
from tests.benchmarks.facts import document, documents
from tests.benchmarks.real_parts import Parts, Row, real_parts
from tests.world import STORY_TIME

EVENTS = 1_500
RATE = 100.0
TURNS = 2
MORE_MS = 20.0
WARM = 100
PLAIN = "bench-plain"
SPAWN = multiprocessing.get_context("spawn")
Moments = Mapping[UUID, float]


def relaying(url: str, kafka: str) -> None:
    """A worker's relay, for as long as the process lasts."""

    async def run() -> None:
        database = Database(url)
        relay = Relay("registration", database, open_broker(kafka))
        await asyncio.gather(relay.run(), Hints(database).run())

    _as_a_worker(run())


def consuming(url: str, kafka: str, done: "Queue[list[tuple[UUID, float]]]") -> None:
    """The next service's consumer; says when each fact's effect was committed."""

    async def run() -> None:
        database = Database(url)
        folded: list[UUID] = []

        async def keep_count(session: Session, envelope: Envelope, fact: DocumentRecorded) -> None:
            folded.append(envelope.id)
            keep_row(session, COUNT, {"key": envelope.key, "facts": 1, "document": str(fact.document)})

        def committed(_staged: bool, _wished: bool) -> None:
            now = time.monotonic()
            done.put([(each, now) for each in folded])
            folded.clear()

        database.on_commit = committed
        await Consumer("eligibility", database, open_broker(kafka), {DocumentRecorded: Handler(keep_count)}).run()

    _as_a_worker(run())


def taking(server: str, done: "Queue[list[tuple[UUID, float]]]") -> None:
    """Bare aiokafka on the other side."""

    async def run() -> None:
        consumer: Any = AIOKafkaConsumer(
            PLAIN, bootstrap_servers=server, group_id="plain", auto_offset_reset="earliest"
        )
        await consumer.start()
        while True:
            message = await consumer.getone()
            done.put([(UUID(bytes=message.headers[0][1]), time.monotonic())])

    _as_a_worker(run())


def _as_a_worker(work: Coroutine[Any, Any, None]) -> None:
    """On the loop that `homeward work` runs on, with what start-up made kept out of the collector's way, as there."""
    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def _paced(count: int, seed: int, send: Callable[[], Any]) -> dict[UUID, float]:
    """Calls `send` at random moments, `RATE` times a second; gives what it says to have sent, and when it had."""
    chance = random.Random(seed)
    sent: dict[UUID, float] = {}
    due = time.monotonic()
    for _ in range(count):
        due += chance.expovariate(RATE)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        sent[await send()] = time.monotonic()
    return sent


async def committing(database: Database, count: int, seed: int) -> dict[UUID, float]:
    """Commits facts as an API does, and lets the hints say so."""
    hints = asyncio.create_task(Hints(database).run())
    await asyncio.sleep(0.5)

    async def commit() -> UUID:
        act = Act("bench", frozenset(), STORY_TIME, uuid4(), uuid4(), "registration")
        fact, case = document(), uuid4()
        async with database.transaction() as session:
            return await stage(session, act, fact, key=case, subject=fact.individual, attempt=1)

    sent = await _paced(count, seed, commit)
    await asyncio.sleep(0.1)  # an API does not end with its last commit
    hints.cancel()
    return sent


async def sending(server: str, count: int, seed: int) -> dict[UUID, float]:
    """Sends the same bytes with aiokafka; the moment is the one before the sending."""
    bodies = [(uuid4(), each.key.encode(), each.body()) for each in documents(count, count)]
    producer = AIOKafkaProducer(bootstrap_servers=server, enable_idempotence=True, acks="all")
    await producer.start()
    begun: dict[UUID, float] = {}

    async def send() -> UUID:
        name, key, body = bodies[len(begun)]
        begun[name] = time.monotonic()
        await producer.send(PLAIN, body, key=key, headers=[("id", name.bytes)])
        return name

    await _paced(count, seed, send)
    await producer.stop()
    return begun


def _waits(sent: Moments, done: "Queue[list[tuple[UUID, float]]]") -> list[float]:
    """Milliseconds from each sent to done, the first few left out: processes warm up."""
    left = set(sent)
    waits: dict[UUID, float] = {}
    while left:
        for name, moment in done.get(timeout=60):
            if name in left:
                left.discard(name)
                waits[name] = (moment - sent[name]) * 1_000
    return [waits[name] for name in list(sent)[WARM:]]


def _part(found: list[float], share: float) -> float:
    return round(sorted(found)[int(len(found) * share)], 1)


async def measured(parts: Parts, count: int, turns: int) -> list[Row]:
    broker = open_broker(parts.kafka.url)
    await broker.create_topics([TopicSpec(topic_of("registration"), PARTITIONS), TopicSpec(PLAIN, PARTITIONS)])
    await broker.stop()
    server = f"127.0.0.1:{parts.kafka.port}"
    ours: list[float] = []
    bare: list[float] = []
    async with parts.standing() as teller, parts.standing(COUNTED) as listener:
        effects, taken = SPAWN.Queue(), SPAWN.Queue()
        children = [
            SPAWN.Process(target=relaying, args=(teller.url, parts.kafka.url), daemon=True),
            SPAWN.Process(target=consuming, args=(listener.url, parts.kafka.url, effects), daemon=True),
            SPAWN.Process(target=taking, args=(server, taken), daemon=True),
        ]
        for child in children:
            child.start()
        # They import, connect and join their groups; what is measured begins when each has taken something.
        await asyncio.to_thread(_waits, await sending(server, WARM + 1, -1), taken)
        await asyncio.to_thread(_waits, await committing(teller, WARM + 1, -1), effects)
        for turn in range(turns):
            sent = await sending(server, count, turn)
            bare += await asyncio.to_thread(_waits, sent, taken)
            told = await committing(teller, count, turn)
            ours += await asyncio.to_thread(_waits, told, effects)
        for child in children:
            child.kill()
            child.join()
    p99, bare_p99 = _part(ours, 0.99), _part(bare, 0.99)
    return [
        {
            "what": f"commit to effect in the next service, real Kafka, {RATE:.0f}/s, p99 (p50 {_part(ours, 0.5)})",
            "beside": f"bare aiokafka, from before the sending to the taking (p50 {_part(bare, 0.5)})",
            "ours": p99,
            "reference": bare_p99,
            "ratio": round(p99 / bare_p99, 2),
            "bar": f"within {MORE_MS:.0f} ms",
            "kept": p99 <= bare_p99 + MORE_MS,
            "unit": "ms",
        }
    ]


def run() -> list[Row]:
    with real_parts() as parts, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(measured(parts, EVENTS, TURNS))


if __name__ == "__main__":
    for line in run():
        print(line)
