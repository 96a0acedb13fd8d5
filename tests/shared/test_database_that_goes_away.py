"""A PostgreSQL that cuts connections, stops and comes back: leads are lost, and nothing else is."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert, select, text

from shared.database import (
    STANDING,
    Database,
    Leader,
    StoreAway,
    core,
)
from tests.servers.databases import Databases
from tests.servers.postgres import Postgres
from tests.shared.things import THINGS, count, fresh, raise_count, raised_again, thing, with_things


@pytest.fixture
async def url(databases: Databases) -> AsyncIterator[str]:
    async with databases.standing() as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await with_things(url)
    yield database
    await database.close()


async def test_one_leads_and_who_loses_the_connection_loses_the_lead(url: str, databases: Databases) -> None:
    one, two = Database(url), Database(url)
    async with one.leading("relay:travel") as leader:
        assert leader is not None
        async with two.leading("relay:travel") as second, two.leading("relay:eligibility") as another:
            assert second is None
            assert another is not None
        async with leader.transaction() as session:
            own = (await core(session, text("SELECT pg_backend_pid()"))).one()[0]

        await databases.ask(f"SELECT pg_terminate_backend({own})")
        async with two.leading("relay:travel") as second:
            assert second is not None
            with pytest.raises(StoreAway):
                await write_once(leader)
            with pytest.raises(StoreAway):
                await write_once(leader)  # it does not come back by itself, on another connection, without the lead
    async with two.leading("relay:travel") as second:
        assert second is not None
    await one.close()
    await two.close()


async def test_a_leader_that_ends_well_leaves_the_lead_to_the_next(url: str) -> None:
    database = Database(url, pool=2)
    for _ in range(5):
        async with database.leading("relay:travel") as leader:
            assert leader is not None
            await write_once(leader)
    await database.close()


async def write_once(leader: Leader) -> None:
    async with leader.transaction() as session:
        await core(session, select(1))


async def cut_all(databases: Databases, url: str) -> None:
    name = url.split("@/")[1].split("?")[0]
    there = await databases.ask("SELECT pid, datname FROM pg_stat_activity")
    for row in there:
        if row["datname"] == name:
            await databases.ask(f"SELECT pg_terminate_backend({row['pid']})")


async def test_connections_that_are_cut_are_a_store_that_is_away_and_comes_back(
    url: str, database: Database, databases: Databases
) -> None:
    async def cut_off(*, before_a_statement: bool) -> None:
        async with database.transaction() as session:
            await core(session, thing.update().where(thing.c.id == 1).values(count=100))
            await cut_all(databases, url)
            if before_a_statement:
                await core(session, select(1))

    for number, where in enumerate((True, False), 1):  # where False, nothing but the commit follows
        with pytest.raises(StoreAway):
            await cut_off(before_a_statement=where)
        assert await raised_again(database) <= 2
        assert await count(database) == number


async def test_who_led_on_a_connection_that_is_lost_asks_no_other(url: str, databases: Databases) -> None:
    database = Database(url)
    async with database.leading("relay:travel") as leader:
        assert leader is not None
        own = (await leader.asked("SELECT pg_backend_pid()", ()))[0][0]
        await databases.ask(f"SELECT pg_terminate_backend({own})")
        with pytest.raises(StoreAway):
            await leader.asked("SELECT 1", ())
        with pytest.raises(StoreAway, match="the lead is lost"):
            await leader.asked("SELECT 1", ())
        with pytest.raises(StoreAway, match="the lead is lost"):
            await write_once(leader)
    await database.close()


async def test_after_a_cut_nobody_is_lent_a_connection_of_before(url: str, databases: Databases) -> None:
    database = Database(url)
    all_there = asyncio.Barrier(10)

    async def write() -> None:
        async with database.transaction() as session:
            await core(session, select(1))
            await all_there.wait()

    await asyncio.gather(*(fresh(write()) for _ in range(10)))
    assert database.pool_in_use() == (0, 10)
    await cut_all(databases, url)
    await asyncio.sleep(0.2)  # the driver hears of it
    await asyncio.gather(*(fresh(write()) for _ in range(10)))
    await database.close()


@pytest.mark.parametrize("way", ["stop", "kill"])
async def test_a_server_that_goes_and_comes_back_is_away_and_loses_nothing(own_postgres: Postgres, way: str) -> None:
    database = Database(own_postgres.url("postgres"), pool=4)
    async with database.schema_connection() as connection:
        await connection.run_sync(STANDING.create_all)
        await connection.run_sync(THINGS.create_all)
        await connection.execute(insert(thing), [{"id": 1}])
    done = away = 0
    going = True

    async def work() -> None:
        nonlocal done, away
        while going:
            try:
                await raise_count(database)
                done += 1
            except StoreAway:
                away += 1
                await asyncio.sleep(0.02)

    working = asyncio.gather(*(fresh(work()) for _ in range(4)))
    await asyncio.sleep(0.3)
    await asyncio.to_thread(getattr(own_postgres, way))
    await asyncio.sleep(0.2)
    with pytest.raises(StoreAway):
        await raise_count(database)
    with pytest.raises(StoreAway):
        await count(database)
    with pytest.raises(StoreAway):
        async with database.leading("relay:travel"):
            pass
    with pytest.raises(StoreAway):
        async with database.schema_connection():
            pass
    await asyncio.to_thread(own_postgres.start)
    await raised_again(database)
    done += 1
    going = False
    await working
    assert away > 0
    # Whoever heard of a failure just when the commit was under way cannot know; nobody heard of a success that is not.
    assert done <= await count(database) <= done + 4
    await database.close()
