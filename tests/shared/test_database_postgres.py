"""The database on a real PostgreSQL: types, races, leads, and a server that goes and comes back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from shared.act import Act
from shared.contracts.travel import FlightCancelled
from shared.database import (
    Database,
    StoreAway,
    core,
    is_lost_race,
    outbox,
)
from shared.events import Envelope
from shared.outbox import stage
from shared.relay import place
from tests.servers.databases import Databases
from tests.shared.things import count, fresh, raise_count, thing, with_things

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
async def url(databases: Databases) -> AsyncIterator[str]:
    async with databases.standing() as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await with_things(url)
    yield database
    await database.close()


def act() -> Act:
    return Act("somebody", frozenset(), NOW, uuid4(), uuid4(), "travel")


async def test_what_a_column_holds_comes_back_as_it_was(database: Database) -> None:
    moments = [
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(2021, 12, 9, 12, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        datetime(9999, 12, 30, 23, 59, 59, 999999, tzinfo=UTC),
    ]
    amounts = [Decimal("0.01"), Decimal("-12.50"), Decimal("1.2345"), Decimal("99999999999999.99")]
    told: list[Any] = [{"a": [1, None, "é\U0001f600"]}, [], "text", None, {"n": 2**53}]
    for number in range(5):
        values: dict[str, Any] = {"id": 10 + number, "told": told[number]}
        if number < 3:
            values["moment"] = moments[number]
        if number < 4:
            values["money"] = amounts[number]
        async with database.transaction() as session:
            await core(session, insert(thing).values(**values))
    async with database.reading() as session:
        rows: Any = (await core(session, select(thing).where(thing.c.id >= 10).order_by(thing.c.id))).all()
    assert [row.moment for row in rows] == [*moments, None, None]
    assert all(row.moment.utcoffset() == timedelta(0) for row in rows[:3])
    assert [row.money for row in rows] == [*amounts, None]
    assert [row.told for row in rows] == told


async def test_a_moment_without_its_offset_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="a moment needs its offset"):
        async with database.transaction() as session:
            await core(session, insert(thing).values(id=20, moment=datetime(2021, 12, 9)))


async def test_reading_cannot_write_and_sees_one_moment(database: Database) -> None:
    async with database.reading() as session:
        assert (await core(session, select(thing.c.count).where(thing.c.id == 1))).one()[0] == 0
        await asyncio.create_task(raise_count(database))
        assert (await core(session, select(thing.c.count).where(thing.c.id == 1))).one()[0] == 0
    assert await count(database) == 1
    with pytest.raises(DBAPIError, match="read-only"):
        async with database.reading() as session:
            await core(session, thing.update().values(count=5))
    await raise_count(database)  # and the connection that only read may write again


async def test_sixteen_who_read_and_then_write_lose_nothing(database: Database) -> None:
    async def many() -> None:
        for _ in range(20):
            await raise_count(database)

    await asyncio.gather(*(many() for _ in range(16)))
    assert await count(database) == 320


async def test_a_pool_that_is_used_up_says_that_the_store_is_away(url: str) -> None:
    database = await with_things(url, pool=2)
    database._writer.sync_engine.pool._timeout = 0.2  # type: ignore[attr-defined]  # five seconds are long in a test
    try:
        async with database.transaction() as one:
            await core(one, select(1))
            await fresh(with_another(database))
        await raise_count(database)
    finally:
        await database.close()


async def with_another(database: Database) -> None:
    async with database.transaction() as session:
        await core(session, select(1))
        with pytest.raises(StoreAway):
            await fresh(raise_count(database))


async def test_a_deadlock_is_a_lost_race(database: Database) -> None:
    both_hold = asyncio.Barrier(2)

    async def take(first: int, second: int) -> BaseException | None:
        try:
            async with database.transaction() as session:
                await core(session, thing.update().where(thing.c.id == first).values(count=1))
                await both_hold.wait()
                await core(session, thing.update().where(thing.c.id == second).values(count=1))
        except DBAPIError as error:
            return error
        return None

    ends = await asyncio.gather(take(1, 2), take(2, 1))
    lost = [end for end in ends if end is not None]
    assert len(lost) == 1
    assert is_lost_race(lost[0])


async def test_a_serialization_failure_is_a_lost_race(database: Database) -> None:
    async def too_late() -> None:
        async with database.transaction() as session:
            await core(session, text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            await core(session, select(thing))
            await fresh(raise_count(database))
            await core(session, thing.update().where(thing.c.id == 1).values(count=7))

    with pytest.raises(DBAPIError) as failed:
        await too_late()
    assert is_lost_race(failed.value)
    assert await count(database) == 1


async def test_a_lock_that_is_not_given_up_is_a_lost_race(database: Database) -> None:
    async def impatient() -> None:
        async with database.transaction() as session:
            await core(session, text("SET LOCAL lock_timeout = '100ms'"))
            await core(session, thing.update().where(thing.c.id == 1).values(count=7))

    async with database.transaction() as session:
        await core(session, thing.update().where(thing.c.id == 1).values(count=5))
        with pytest.raises(DBAPIError) as failed:
            await fresh(impatient())
    assert is_lost_race(failed.value)


async def test_a_wrong_statement_is_neither_a_lost_race_nor_a_store_that_is_away(database: Database) -> None:
    for wrong in ("SELECT * FROM nowhere", "INSERT INTO thing (id) VALUES (1)", "SELECT 1/0"):
        with pytest.raises(DBAPIError) as failed:
            async with database.transaction() as session:
                await core(session, text(wrong))
        assert not is_lost_race(failed.value)


async def test_sixteen_writers_on_one_key_count_it_without_gaps_in_the_order_of_their_commits(
    url: str, database: Database
) -> None:
    """From two pools, as from two processes; half of the transactions are given up."""
    other = Database(url)
    keys = [uuid4(), uuid4()]

    async def write(number: int) -> None:
        at = (database, other)[number % 2]
        for turn in range(10):
            try:
                async with at.transaction() as session:
                    key = keys[turn % 2]
                    await stage(session, act(), FlightCancelled(flight=key), key=key)
                    await asyncio.sleep(0.001 * (number % 3))
                    if number % 4 == 3:
                        raise InterruptedError
            except InterruptedError:
                continue

    writing = asyncio.gather(*(fresh(write(number)) for number in range(16)))
    while not writing.done():
        async with database.transaction() as session:
            await place(session)
        await asyncio.sleep(0.005)
    await writing
    async with database.transaction() as session:
        await place(session)
    async with database.reading() as session:
        rows: Any = (await core(session, select(outbox).order_by(outbox.c.position))).all()
    assert [row.position for row in rows] == list(range(1, 121))
    for key in keys:
        assert [row.sequence for row in rows if row.key == str(key)] == list(range(1, 61))
    assert len({Envelope.parse(bytes(row.body)).id for row in rows}) == 120
    await other.close()
