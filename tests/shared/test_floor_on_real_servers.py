"""The floor on a real PostgreSQL and a real Kafka: what is told arrives, in order and once, whatever stops."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from shared.act import Act
from shared.brokers import Broker, open_broker
from shared.contracts.registration import CaseClosed, CaseClosureReason
from shared.database import STANDING, Database, StoreAway, core, outbox
from shared.events import Envelope, event_id, topic_of
from shared.outbox import depth, stage
from shared.relay import Relay
from shared.wiring import TOPICS
from tests.servers.kafka import Kafka
from tests.servers.postgres import ROLES, Postgres
from tests.servers.test_servers import PASSWORDS
from tests.shared import toy
from tests.world import World

FACT = CaseClosed(reason=CaseClosureReason.ASSISTANCE_CLOSED)
NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)


@asynccontextmanager
async def registration(url: str, broker: Broker) -> AsyncIterator[Database]:
    """As much of another service as tells something: a database with an outbox, and a relay."""
    database = Database(url)
    async with database.schema_connection() as connection:
        await connection.run_sync(STANDING.create_all)
    relaying = asyncio.create_task(Relay("registration", database, broker).run())
    yield database
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    await database.close()


async def tell(database: Database, case: UUID) -> None:
    """Tells of a case, once, though the database may go away in the middle of it."""
    act = Act("somebody", frozenset(), NOW, uuid4(), uuid4(), "registration")
    async with asyncio.timeout(60):
        while True:
            try:
                async with database.transaction() as session:
                    ours = select(outbox.c.id).where(outbox.c.event_id == event_id(act.cause, FACT.type, f"{case}|"))
                    if (await core(session, ours)).first() is None:
                        await stage(session, act, FACT, key=case)
                return
            except StoreAway:
                await asyncio.sleep(0.05)


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - what is waited for happens elsewhere
            await asyncio.sleep(0.05)


async def told_by_travel(broker: Broker) -> list[Envelope]:
    return [Envelope.parse(delivery.value) async for delivery in broker.read(topic_of("travel"))]


async def everything_left(database: Database) -> bool:
    async with database.reading() as session:
        return (await depth(session))[0] == 0


@pytest.mark.parametrize("trouble", [False, True], ids=["nothing stops", "Kafka is killed and PostgreSQL restarted"])
async def test_what_is_told_arrives_once_and_in_order_on_real_servers(
    own_postgres: Postgres, own_kafka: Kafka, tmp_path: Path, trouble: bool
) -> None:
    own_postgres.run_script(ROLES, PASSWORDS)
    cases = [uuid4() for _ in range(6)]
    acknowledged: dict[UUID, int] = {}
    broker = open_broker(own_kafka.url)
    await broker.create_topics(TOPICS)
    password = {role: PASSWORDS[f"{role.upper()}_PASSWORD"] for role in ("travel", "registration")}
    urls = {role: own_postgres.url(role, role, password=word) for role, word in password.items()}
    async with (
        registration(urls["registration"], broker) as other,
        toy.playing(tmp_path, workers=True, database_url=urls["travel"], broker_url=own_kafka.url) as world,
    ):
        over = asyncio.Event()
        writing = asyncio.create_task(write_notes(world, acknowledged, over))
        telling = asyncio.create_task(tell_in_turn(other, cases, over))
        await asyncio.sleep(0.5)
        if trouble:
            await asyncio.to_thread(own_kafka.kill)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(own_postgres.stop)
            await asyncio.to_thread(own_postgres.start)
            await asyncio.to_thread(own_kafka.start)
            await asyncio.sleep(0.5)
        over.set()
        await writing
        rounds = await telling

        async def all_heard() -> bool:
            return len(await toy.heard(world)) == rounds * len(cases)

        await until(all_heard)
        await until(lambda: everything_left(world.runtime.database))
        assert await toy.heard(world) == sorted((str(case), n) for case in cases for n in range(1, rounds + 1))
        assert len(await toy.notes(world)) == len(acknowledged)
        assert await world.parked() == []
        committed = await world.told()
        told = await told_by_travel(broker)
    await broker.stop()

    expected = {str(note): count for note, count in acknowledged.items()} | {str(case): rounds for case in cases}
    assert {key: len(found) for key, found in sequences_in(committed).items()} == expected
    by_position = {envelope.position or 0: envelope.id for envelope in told}
    assert sorted(by_position) == list(range(1, len(committed) + 1))
    assert set(by_position.values()) == {envelope.id for envelope in committed}
    for key, found in sequences_in(told).items():
        first_time = list(dict.fromkeys(found))  # what was sent and not marked is sent again; there are no gaps
        assert first_time == list(range(1, expected[key] + 1))


def sequences_in(told: Sequence[Envelope]) -> dict[str, list[int]]:
    """The sequences of each key, as they came."""
    found = defaultdict(list)
    for envelope in told:
        found[envelope.key].append(envelope.sequence)
    return dict(found)


async def write_notes(world: World, acknowledged: dict[UUID, int], over: asyncio.Event) -> None:
    """Writes notes and tells of them, of every third twice; what is not answered is asked again with the same key."""
    while not over.is_set():
        answer = await asked(world, "/notes", {"text": "a note"})
        note = UUID(answer.json()["id"])
        acknowledged[note] = 1
        if len(acknowledged) % 3 == 0:
            await asked(world, f"/notes/{note}/events", None)
            acknowledged[note] += 1


async def asked(world: World, path: str, body: dict[str, str] | None) -> httpx.Response:
    key = str(uuid4())
    async with asyncio.timeout(60):
        while True:
            answer = await world.call("POST", path, body, role=toy.ROLE, key=key)
            if answer.status_code != 503:
                assert answer.status_code in (200, 201), answer.text
                return answer
            await asyncio.sleep(0.05)


async def tell_in_turn(database: Database, cases: Sequence[UUID], over: asyncio.Event) -> int:
    """Tells of each case in turn, and gives how often. What cannot be known to be told is told with the same id."""
    rounds = 0
    while not over.is_set():
        rounds += 1
        for case in cases:
            await tell(database, case)
        await asyncio.sleep(0.01)
    return rounds
