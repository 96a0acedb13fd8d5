"""A row that was read before its lock was waited for is read again: who locks it acts on what is there now."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Field, SQLModel

from shared.concurrency import _locking, locked, locked_all, touch
from shared.database import Database, versioned
from shared.joined import DIALECT
from tests.servers.databases import Databases
from tests.shared.things import fresh


class Base(SQLModel, registry=registry(metadata=MetaData())):
    """Tables of this file alone."""


@versioned
class Seat(Base, table=True):
    __tablename__ = "seat"

    id: int = Field(primary_key=True)
    taken: int = 0
    version: int = 1


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with databases.standing() as url:
        database = Database(url)
        async with database.schema_connection() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with database.transaction() as session:
            session.add_all([Seat(id=1), Seat(id=2)])
        yield database
        await database.close()


async def somebody_takes(database: Database, number: int) -> None:
    async with database.transaction() as session:
        seat = await locked(session, Seat, number)
        assert seat is not None
        seat.taken += 1
        touch(seat)


async def taken(database: Database) -> list[tuple[int, int]]:
    async with database.reading() as session:
        rows = [await session.get_one(Seat, number) for number in (1, 2)]
        return [(row.taken, row.version) for row in rows]


async def test_a_row_read_before_somebody_was_faster_is_locked_as_it_now_is(database: Database) -> None:
    async with database.transaction() as session:
        before = await session.get_one(Seat, 1)
        await fresh(somebody_takes(database, 1))
        seat = await locked(session, Seat, 1)
        assert seat is before
        assert (seat.taken, seat.version) == (1, 2)
        seat.taken += 1
        touch(seat)
    assert await taken(database) == [(2, 3), (0, 1)]


async def test_several_rows_are_locked_in_order_and_as_they_now_are(database: Database) -> None:
    async with database.transaction() as session:
        read = await session.get_one(Seat, 2)
        await fresh(somebody_takes(database, 2))
        seats = await locked_all(session, Seat, [2, 1, 2, 3])
        assert [(seat.id, seat.taken) for seat in seats] == [(1, 0), (2, 1)]
        assert seats[1] is read


async def test_what_this_session_changed_before_is_not_lost_by_locking_again(database: Database) -> None:
    async with database.transaction() as session:
        seat = await locked(session, Seat, 1)
        assert seat is not None
        seat.taken = 7
        touch(seat)
        assert await locked(session, Seat, 1) is seat
        assert seat.taken == 7
    assert await taken(database) == [(7, 2), (0, 1)]


async def test_nobody_is_locked_where_there_is_no_row(database: Database) -> None:
    async with database.transaction() as session:
        assert await locked(session, Seat, 9) is None


async def test_the_sessions_own_way_would_have_failed(database: Database) -> None:
    async with database.transaction() as session:
        read = await session.get_one(Seat, 1)  # held: a session forgets what nobody holds
        await fresh(somebody_takes(database, 1))
        with pytest.raises(StaleDataError):
            await session.get(Seat, read.id, with_for_update=True)


def test_rows_are_locked_in_the_order_of_their_ids_so_that_two_never_wait_for_each_other() -> None:
    asked = str(_locking(Seat).compile(dialect=DIALECT))
    assert asked.index("ORDER BY seat.id") < asked.index("FOR UPDATE")
