"""What is put off to the end of a transaction: one statement on PostgreSQL, and the same rows on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.util import greenlet_spawn

from shared.clock import machine_now
from shared.database import STANDING, Database, StoreAway, audit, core, request_key, stream
from shared.joined import later, on_driver, told_by_the_driver, write_what_waits
from tests.servers.databases import Databases

NOW = machine_now()


@pytest.fixture(params=["sqlite", "postgresql"])
async def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "postgresql":
        async with Databases(request.getfixturevalue("postgres")).standing() as url:
            database = Database(url)
            yield database
            await database.close()
        return
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'joined.db'}")
    async with database.schema_connection() as connection:
        await connection.run_sync(STANDING.create_all)
    yield database
    await database.close()


def _head(key: str, sequence: int) -> dict[str, object]:
    return {"key": key, "sequence": sequence, "recorded": NOW}


async def test_what_is_put_off_is_there_after_the_commit(any_database: Database) -> None:
    async with any_database.transaction() as session:
        later(session, stream, _head("a", 1))
        later(session, stream, _head("b", 2))
        assert (await core(session, select(func.count()).select_from(stream))).scalar() == 0
    async with any_database.reading() as session:
        rows = (await core(session, select(stream).order_by(stream.c.key))).all()
    assert [tuple(row) for row in rows] == [("a", 1, NOW), ("b", 2, NOW)]


async def test_a_later_row_of_the_same_takes_the_place_of_the_earlier(any_database: Database) -> None:
    async with any_database.transaction() as session:
        later(session, stream, _head("a", 1))
        await write_what_waits(session)
        for sequence in (2, 3):
            later(session, stream, _head("a", sequence), by=("key",), of="a")
    async with any_database.reading() as session:
        assert (await core(session, select(stream.c.sequence))).scalars().all() == [3]


async def _tell(database: Database, key: str, *, twice: str | None = None) -> None:
    async with database.transaction() as session:
        later(session, stream, _head(key, 1))
        for _ in range(0 if twice is None else 2):
            row = {"client": "desk", "key": twice, "fingerprint": b"1", "made_at": NOW}
            later(session, request_key, row)


async def test_a_text_longer_than_its_column_is_refused_and_never_cut_off(databases: Databases) -> None:
    async with databases.standing() as url:
        database = Database(url)
        with pytest.raises(DBAPIError, match="too long"):
            await _tell(database, "k" * 81)
        await database.close()


async def test_what_fails_at_the_end_leaves_nothing_and_says_what_it_was(any_database: Database) -> None:
    with pytest.raises(IntegrityError):
        await _tell(any_database, "first", twice="the-same-key")
    async with any_database.reading() as session:
        assert (await core(session, select(func.count()).select_from(stream))).scalar() == 0


async def test_objects_of_json_and_ids_come_back_as_they_were(any_database: Database) -> None:
    cause = uuid4()
    row = {
        "at": NOW,
        "machine": NOW,
        "by": "desk",
        "roles": "counsellor",
        "action": "say",
        "ids": {"made": "Hêmin, 🌸"},
        "status": 201,
        "cause": cause,
        "correlation": cause,
    }
    async with any_database.transaction() as session:
        later(session, audit, row)
    async with any_database.reading() as session:
        found = (await core(session, select(audit))).mappings().one()
    assert {name: found[name] for name in row} == row


async def test_of_several_rows_of_the_same_only_the_last_is_written(any_database: Database) -> None:
    async with any_database.transaction() as session:
        for sequence in (1, 2):
            later(session, stream, _head("a", sequence), of="a")
    async with any_database.reading() as session:
        assert (await core(session, select(stream.c.sequence))).scalars().all() == [2]


async def _ask_on(database: Database, databases: Databases) -> None:
    """Goes on in a transaction though its connection was cut, as one does who takes the error for the statement's."""
    async with database.transaction() as session:
        own = (await on_driver(session, "SELECT pg_backend_pid()", ()))[0][0]
        await databases.ask(f"SELECT pg_terminate_backend({own})")
        with pytest.raises(DBAPIError):
            await on_driver(session, "SELECT 1", ())
        await on_driver(session, "SELECT 1", ())


async def test_nothing_is_asked_in_a_transaction_whose_connection_is_lost(databases: Databases) -> None:
    async with databases.standing() as url:
        database = Database(url)
        with pytest.raises(StoreAway, match="the connection is lost"):
            await _ask_on(database, databases)
        await database.close()


async def test_a_server_that_is_gone_to_one_is_gone_to_the_whole_pool(databases: Databases) -> None:
    async with databases.standing() as url:
        database = Database(url)
        pool = database._writer.sync_engine.pool
        one, other = await greenlet_spawn(pool.connect), await greenlet_spawn(pool.connect)
        before: Any = other.driver_connection
        other.close()
        gone: Any = one.driver_connection
        gone.terminate()
        with pytest.raises(DBAPIError) as told, told_by_the_driver(database._writer.dialect, one, "SELECT 1"):
            await gone.fetch("SELECT 1")
        assert told.value.connection_invalidated
        assert not one.is_valid
        again = [await greenlet_spawn(pool.connect) for _ in range(2)]
        assert before not in [each.driver_connection for each in again]  # though it was still open
        for each in again:
            await greenlet_spawn(each.close)
        await database.close()
