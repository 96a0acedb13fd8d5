"""A table to write to, and those who write to it, for the tests of the database on PostgreSQL."""

import asyncio
import contextvars
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from shared.database import Database, JsonColumn, MoneyColumn, StoreAway, UtcDateTime, core

THINGS = MetaData()
thing = Table(
    "thing",
    THINGS,
    Column("id", Integer, primary_key=True),
    Column("count", Integer, nullable=False, server_default="0"),
    Column("moment", UtcDateTime),
    Column("money", MoneyColumn),
    Column("told", JsonColumn),
)


async def with_things(url: str, pool: int = 10) -> Database:
    database = Database(url, pool=pool)
    async with database.schema_connection() as connection:
        await connection.run_sync(THINGS.create_all)
        await connection.execute(insert(thing), [{"id": 1}, {"id": 2}])
    return database


async def count(database: Database, row: int = 1) -> int:
    async with database.reading() as session:
        return int((await core(session, select(thing.c.count).where(thing.c.id == row))).one()[0])


async def raise_count(database: Database, row: int = 1) -> None:
    async with database.transaction() as session:
        found = (await core(session, select(thing.c.count).where(thing.c.id == row).with_for_update())).one()[0]
        await asyncio.sleep(0)
        await core(session, thing.update().where(thing.c.id == row).values(count=found + 1))


async def raised_again(database: Database, seconds: float = 20) -> int:
    """Raises the count as a worker would, until it went well; gives how often the store was away."""
    away = 0
    async with asyncio.timeout(seconds):
        while True:
            try:
                await raise_count(database)
                return away
            except StoreAway:
                away += 1
                await asyncio.sleep(0.05)


async def fresh(doing: Any) -> None:
    """Runs it as another request would: with nothing known of the transaction around it."""
    await asyncio.get_running_loop().create_task(doing, context=contextvars.Context())
