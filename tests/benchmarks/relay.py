"""How fast facts leave: the relay from PostgreSQL to real Kafka, beside aiokafka sending the same bytes from memory."""

import asyncio
import time
from datetime import date
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from sqlalchemy import func, select, text

from shared.act import Act
from shared.brokers import TopicSpec, open_broker
from shared.contracts.registration import DocumentKind, DocumentRecorded
from shared.database import Database, core, outbox
from shared.events import topic_of
from shared.outbox import stage
from shared.relay import Relay
from shared.wiring import PARTITIONS
from tests.benchmarks.real_parts import Parts, Row, in_turns, real_parts
from tests.world import STORY_TIME

EVENTS = 60_000
KEYS = 3_000
ROUNDS = 3
SHARE, LEAST = 0.5, 10_000
PATTERNS = 200

MULTIPLY = text(
    """
    INSERT INTO outbox (event_id, key, sequence, type, occurred, recorded, body)
    SELECT gen_random_uuid(), 'k' || (n % :keys), n / :keys + 1, type, occurred, recorded, body
    FROM generate_series(0, :events - 1) AS n
    JOIN (SELECT row_number() OVER () - 1 AS number, pattern.* FROM pattern) AS pattern
        ON pattern.number = n % :patterns
    ORDER BY n
    """
)


async def fill(database: Database, events: int) -> None:
    """As many facts in the outbox as were never sent: real ones, multiplied by the database."""
    async with database.transaction() as session:
        await core(session, text("TRUNCATE outbox RESTART IDENTITY"))
        for _ in range(PATTERNS):
            case = uuid4()
            fact = DocumentRecorded(
                individual=uuid4(),
                document=uuid4(),
                kind=DocumentKind.PASSPORT,
                issuing_country="IRQ",
                valid_from=date(2020, 1, 1),
                valid_until=date(2030, 1, 1),
                for_country=None,
                single_journey=False,
            )
            act = Act("bench", frozenset(), STORY_TIME, uuid4(), uuid4(), "registration")
            await stage(session, act, fact, key=case, subject=fact.individual, attempt=1)
    async with database.transaction() as session:  # another one: what is staged is there when its transaction ends
        await core(session, text("CREATE TEMPORARY TABLE pattern ON COMMIT DROP AS SELECT * FROM outbox"))
        await core(session, text("TRUNCATE outbox RESTART IDENTITY"))
        await core(session, MULTIPLY, {"events": events, "keys": KEYS, "patterns": PATTERNS})
    async with database.schema_connection() as connection:
        await connection.execute(text("ANALYZE outbox"))
        there = (await connection.execute(select(func.count()).select_from(outbox))).scalar()
    assert there == events, f"{there} facts are in the outbox, and not {events}"


async def relayed(parts: Parts, database: Database, events: int) -> float:
    """Events a second, from the first look to the last mark."""
    await fill(database, events)
    broker = open_broker(parts.kafka.url)
    relay = Relay("registration", database, broker)
    begun = time.perf_counter()
    async with database.leading("relay:registration") as leader:
        assert leader is not None
        await relay.turn(leader)
        await relay.settle(leader)
    took = time.perf_counter() - begun
    await broker.stop()
    async with database.reading() as session:
        sent = (await core(session, select(func.count()).where(outbox.c.sent_at.is_not(None)))).scalar()
    assert sent == events, f"{sent} were sent, and not {events}"
    return events / took


async def sent_from_memory(parts: Parts, bodies: list[tuple[bytes, bytes, list[tuple[str, bytes]]]]) -> float:
    """Events a second through aiokafka alone, with the settings that lose nothing."""
    producer = AIOKafkaProducer(
        bootstrap_servers=f"127.0.0.1:{parts.kafka.port}", enable_idempotence=True, acks="all", linger_ms=5
    )
    await producer.start()
    topic = topic_of("registration")
    begun = time.perf_counter()
    waiting = []
    for key, body, headers in bodies:
        waiting.append(await producer.send(topic, body, key=key, headers=headers))
    await asyncio.gather(*waiting)
    took = time.perf_counter() - begun
    await producer.stop()
    return len(bodies) / took


async def bodies_of(database: Database) -> list[tuple[bytes, bytes, list[tuple[str, bytes]]]]:
    async with database.reading() as session:
        columns = (outbox.c.key, outbox.c.body, outbox.c.type, outbox.c.event_id)
        rows = (await core(session, select(*columns).order_by(outbox.c.id))).all()
    return [
        (
            row.key.encode(),
            bytes(row.body),
            [
                ("content-type", b"application/cloudevents+json"),
                ("ce_type", row.type.encode()),
                ("ce_id", str(UUID(str(row.event_id))).encode()),
            ],
        )
        for row in rows
    ]


async def measured(parts: Parts, events: int, rounds: int) -> list[Row]:
    broker = open_broker(parts.kafka.url)
    await broker.create_topics([TopicSpec(topic_of("registration"), PARTITIONS)])
    await broker.stop()
    async with parts.standing() as database:
        await fill(database, events)
        bodies = await bodies_of(database)
        size = sum(len(body) for _, body, _ in bodies) // len(bodies)
        ours, reference = await in_turns(
            rounds,
            lambda: relayed(parts, database, events),
            lambda: sent_from_memory(parts, bodies),
        )
    return [
        {
            "what": f"relay from outbox to real Kafka, {events:,} events of {size} bytes, {KEYS:,} keys",
            "beside": "aiokafka producing the same bytes from memory",
            "ours": round(ours),
            "reference": round(reference),
            "ratio": round(ours / reference, 2),
            "bar": f"{SHARE}, and {LEAST:,}/s",
            "kept": ours >= SHARE * reference and ours > LEAST,
            "unit": "events/s",
        }
    ]


def run() -> list[Row]:
    with real_parts() as parts:
        return asyncio.run(measured(parts, EVENTS, ROUNDS))


if __name__ == "__main__":
    for line in run():
        print(line)
