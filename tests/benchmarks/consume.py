"""How fast facts are taken from real Kafka and applied to PostgreSQL, beside one transaction a message."""

import asyncio
import time
from typing import Any

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import BigInteger, Column, MetaData, String, Table, func, select, text
from sqlalchemy.dialects import sqlite

from shared.brokers import Message, TopicSpec, open_broker
from shared.consumer import Consumer
from shared.contracts.registration import DocumentRecorded
from shared.database import Database, Session, core
from shared.events import Envelope, topic_of
from shared.folding import Keeping, from_arrays, keep_row
from shared.inbox import Handler
from shared.wiring import PARTITIONS
from tests.benchmarks.facts import documents
from tests.benchmarks.real_parts import Parts, Row, in_turns, real_parts

EVENTS = 30_000
ONE_BY_ONE = 3_000
KEYS = 3_000
ROUNDS = 3
TIMES = 10

COUNTED = MetaData()
counted = Table(
    "counted",
    COUNTED,
    Column("key", String(80), primary_key=True),
    Column("facts", BigInteger, nullable=False),
    Column("document", String(40), nullable=False),
)


COLUMNS = ("key", "facts", "document")


def _counting(row: Any) -> Any:
    more = {"facts": counted.c.facts + 1, "document": row.excluded.document}
    return row.on_conflict_do_update(index_elements=["key"], set_=more)


COUNT = Keeping(COLUMNS, _counting(from_arrays(counted, COLUMNS)), _counting(sqlite.insert(counted)), ("key",))
"""The body of both: a row that counts what was told of a case, and keeps the last document."""

LOOK = "SELECT sequence FROM inbox WHERE source = $1 AND key = $2 FOR UPDATE"
TICK = """INSERT INTO inbox (source, key, sequence) VALUES ($1, $2, $3)
          ON CONFLICT (source, key) DO UPDATE SET sequence = excluded.sequence"""
UPSERT = """INSERT INTO counted (key, facts, document) VALUES ($1, 1, $2)
            ON CONFLICT (key) DO UPDATE SET facts = counted.facts + 1, document = excluded.document"""


async def keep_count(session: Session, envelope: Envelope, fact: DocumentRecorded) -> None:
    keep_row(session, COUNT, {"key": envelope.key, "facts": 1, "document": str(fact.document)})


async def consumed(parts: Parts, database: Database, events: int) -> float:
    """Events a second through the house's consumer, from the topic to the last commit of an offset."""
    await _emptied(database)
    broker = open_broker(parts.kafka.url)
    consumer = Consumer("eligibility", database, broker, {DocumentRecorded: Handler(keep_count)})
    taken = 0
    async with broker.subscribe(f"bench-{time.time_ns()}", [topic_of("registration")]) as subscription:
        while not (first := await subscription.fetch(1, 1.0)):  # joining the group is not part of it
            pass
        await subscription.rewind()
        begun = time.perf_counter()
        while taken < events:
            batch = await subscription.fetch(500, 1.0)
            if batch:
                await consumer.take(batch)
                await subscription.commit(batch)
            taken += len(batch)
        took = time.perf_counter() - begun
    assert first
    await broker.stop()
    await _checked(database, events)
    return events / took


async def one_by_one(parts: Parts, database: Database, url: str, events: int) -> float:
    """Events a second where each message is a transaction of its own, written by hand with asyncpg."""
    await _emptied(database)
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=f"127.0.0.1:{parts.kafka.port}", enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    consumer.assign([TopicPartition(topic_of("registration"), number) for number in range(PARTITIONS)])
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    taken = 0
    begun = time.perf_counter()
    while taken < events:
        message = await consumer.getone()
        document = orjson.loads(message.value)
        source, key, sequence = document["source"], document["partitionkey"], document["sequence"]
        async with connection.transaction():
            last = await connection.fetchval(LOOK, source, key)
            if last is None or sequence > last:
                await connection.execute(UPSERT, key, document["data"]["document"])
                await connection.execute(TICK, source, key, sequence)
        taken += 1
    took = time.perf_counter() - begun
    await connection.close()
    await consumer.stop()
    await _checked(database, events)
    return events / took


async def _emptied(database: Database) -> None:
    async with database.transaction() as session:
        await core(session, text("TRUNCATE inbox, counted"))


async def _checked(database: Database, events: int) -> None:
    async with database.reading() as session:
        total = (await core(session, select(func.sum(counted.c.facts)))).scalar()
    assert (total or 0) >= events, f"{total} of {events} took effect"


async def measured(parts: Parts, events: int, few: int, rounds: int) -> list[Row]:
    topic = topic_of("registration")
    broker = open_broker(parts.kafka.url)
    await broker.create_topics([TopicSpec(topic, PARTITIONS)])
    facts = documents(events, KEYS)
    for start in range(0, events, 500):
        batch = [Message(topic, e.key, e.body(), {"ce_type": e.type.encode()}) for e in facts[start : start + 500]]
        assert not any(await broker.publish(batch))
    await broker.stop()
    async with parts.standing(COUNTED) as database:
        ours, reference = await in_turns(
            rounds,
            lambda: consumed(parts, database, events),
            lambda: one_by_one(parts, database, database.url, few),
        )
    return [
        {
            "what": f"consume {events:,} facts about {KEYS:,} cases from real Kafka and apply them to PostgreSQL",
            "beside": "one transaction a message, asyncpg by hand",
            "ours": round(ours),
            "reference": round(reference),
            "ratio": round(ours / reference, 1),
            "bar": f"{TIMES}",
            "kept": ours >= TIMES * reference,
            "unit": "events/s",
        }
    ]


def run() -> list[Row]:
    with real_parts() as parts:
        return asyncio.run(measured(parts, EVENTS, ONE_BY_ONE, ROUNDS))


if __name__ == "__main__":
    for line in run():
        print(line)
