"""Transactions on SQLite: nothing lost between readers and writers, fair turns, and errors told apart."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from shared.concurrency import touch
from shared.database import (
    STANDING,
    Database,
    StoreAway,
    core,
    is_lost_race,
    stream,
    transaction_is_open,
)
from shared.on_file import run
from tests.shared.toy import Base, Note
from tests.world import STORY_TIME


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}", synchronous="OFF")
    async with made.schema_connection() as connection:
        await connection.run_sync(STANDING.create_all)
        await connection.run_sync(Base.metadata.create_all)
    yield made
    await made.close()


async def a_note(database: Database, words: str = "0") -> Note:
    note = Note(text=words)
    async with database.transaction() as session:
        session.add(note)
    return note


async def words_of(database: Database, note: Note) -> tuple[str, int]:
    async with database.reading() as session:
        row = await session.get_one(Note, note.id)
        return row.text, row.version


async def test_sixteen_who_read_and_then_update_lose_nothing(database: Database) -> None:
    note = await a_note(database)

    async def count_on() -> None:
        for _ in range(50):
            async with database.transaction() as session:
                row = await session.get_one(Note, note.id)
                await asyncio.sleep(0)
                row.text = str(int(row.text) + 1)
                touch(row)

    await asyncio.gather(*(count_on() for _ in range(16)))
    assert await words_of(database, note) == ("800", 801)


async def test_writers_get_their_turn_in_the_order_in_which_they_came(database: Database) -> None:
    turns: list[int] = []

    async def write(number: int) -> None:
        async with database.transaction() as session:
            turns.append(number)
            session.add(Note(text=str(number)))

    entered, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.transaction():
            entered.set()
            await leave.wait()

    waiting = [asyncio.create_task(hold())]
    await entered.wait()
    for number in range(20):
        waiting.append(asyncio.create_task(write(number)))
        await asyncio.sleep(0)
    await asyncio.sleep(0.02)
    assert turns == []
    leave.set()
    await asyncio.gather(*waiting)
    assert turns == list(range(20))


async def test_a_reader_does_not_wait_for_a_writer_and_sees_none_of_its_work(database: Database) -> None:
    note = await a_note(database, "before")
    async with database.transaction() as session:
        row = await session.get_one(Note, note.id)
        row.text = "after"
        await session.flush()
        reader = asyncio.create_task(words_of(database, note))
        assert (await asyncio.wait_for(reader, 1))[0] == "before"
    assert (await words_of(database, note))[0] == "after"


async def test_a_reading_is_one_snapshot(database: Database) -> None:
    note = await a_note(database, "before")
    async with database.reading() as session:
        first = (await core(session, text("SELECT text FROM note"))).scalar_one()

        async def change() -> None:
            async with database.transaction() as writing:
                (await writing.get_one(Note, note.id)).text = "after"

        await asyncio.create_task(change())
        assert (await core(session, text("SELECT text FROM note"))).scalar_one() == first == "before"


async def test_a_reading_cannot_write_and_that_is_no_fault_of_the_store(database: Database) -> None:
    async def write() -> None:
        async with database.reading() as session:
            session.add(Note(text="a"))
            await session.flush()

    with pytest.raises(OperationalError, match="readonly"):
        await write()
    await a_note(database)


async def test_an_error_rolls_back_and_the_next_transaction_works(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as session:
            session.add(Note(text="lost"))
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    note = await a_note(database, "kept")
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            session.add(Note(id=note.id, text="again"))
    async with database.transaction() as session:
        assert (await core(session, text("SELECT text FROM note"))).scalars().all() == ["kept"]


async def test_a_writer_that_is_cancelled_leaves_the_lock_to_the_next(database: Database) -> None:
    entered = asyncio.Event()

    async def hang() -> None:
        async with database.transaction() as session:
            session.add(Note(text="lost"))
            await session.flush()
            entered.set()
            await asyncio.sleep(60)

    hanging = asyncio.create_task(hang())
    await entered.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    started = time.monotonic()
    await a_note(database, "kept")
    assert time.monotonic() - started < 2
    async with database.reading() as session:
        assert (await core(session, text("SELECT text FROM note"))).scalars().all() == ["kept"]


async def test_writers_cancelled_in_the_middle_of_a_statement_leave_a_working_store(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as session:
            for _ in range(5):
                session.add(Note(text=str(number)))
                await session.flush()

    tasks = [asyncio.create_task(write(number)) for number in range(40)]
    for number, task in enumerate(tasks):
        await asyncio.sleep(0.001)
        if number % 2:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await a_note(database, "last")
    async with database.reading() as session:
        counts = (await core(session, text("SELECT count(*) FROM note GROUP BY text"))).scalars().all()
    assert set(counts) == {1, 5}, "each writer is there with all it wrote, or not at all"


async def test_a_write_inside_a_write_is_a_mistake_and_not_a_wait_for_ever(database: Database) -> None:
    async with asyncio.timeout(2):
        with pytest.raises(RuntimeError, match="inside another"):
            async with database.transaction(), database.transaction():
                pass
    await a_note(database)


async def test_whether_a_transaction_is_open_is_known_per_task(database: Database) -> None:
    assert not transaction_is_open()
    async with database.transaction():
        assert transaction_is_open()
    async with database.reading():
        assert transaction_is_open()
    assert not transaction_is_open()
    with pytest.raises(KeyError):
        async with database.transaction():
            raise KeyError
    assert not transaction_is_open()


async def test_a_row_changed_by_somebody_faster_is_stale(database: Database) -> None:
    note = await a_note(database)

    async def late() -> None:
        async with database.transaction() as session:
            row = await session.get_one(Note, note.id)
            await core(session, text("UPDATE note SET version = 7"))
            row.text = "late"

    with pytest.raises(StaleDataError) as caught:
        await late()
    assert is_lost_race(caught.value)
    assert await words_of(database, note) == ("0", 1)


async def test_a_change_without_a_touch_has_a_new_version_too(database: Database) -> None:
    note = await a_note(database)
    async with database.transaction() as session:
        row = await session.get_one(Note, note.id)
        row.text = "a"
    assert await words_of(database, note) == ("a", 2)
    async with database.transaction() as session:
        row = await session.get_one(Note, note.id)
        row.text = "b"
        touch(row)
    assert await words_of(database, note) == ("b", 3)
    async with database.transaction() as session:
        row = await session.get_one(Note, note.id)
        row.text = "b"
    assert await words_of(database, note) == ("b", 3)


async def test_an_error_of_the_code_is_not_taken_for_a_store_that_is_away(database: Database) -> None:
    async def fail(error: type[Exception]) -> None:
        async with database.transaction() as session:
            await core(session, text("SELECT 1"))
            raise error

    async def take_too_long() -> None:
        async with database.transaction() as session, asyncio.timeout(0.01):
            await core(session, text("SELECT 1"))
            await asyncio.sleep(1)

    for error in (FileNotFoundError, TimeoutError, ConnectionResetError):
        with pytest.raises(error):
            await fail(error)
    with pytest.raises(TimeoutError):
        await take_too_long()
    await a_note(database)


async def use(database: Database, how: str) -> None:
    if how == "schema":
        async with database.schema_connection():
            return
    elif how == "lead":
        async with database.leading("x"):
            return
    async with database.transaction() if how == "write" else database.reading() as session:
        await core(session, text("SELECT 1"))


@pytest.mark.parametrize("how", ["write", "read", "schema", "lead"])
async def test_a_server_that_is_not_there_is_away(how: str) -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    with pytest.raises(StoreAway):
        await use(database, how)
    await database.close()


async def test_a_file_that_another_process_locks_is_away(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.sqlite.SQLITE_PATIENCE", 0.05)
    other = sqlite3.connect(tmp_path / "one.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    impatient = Database(database.url, synchronous="OFF")
    await use(impatient, "read")
    with pytest.raises(StoreAway):
        await use(impatient, "write")
    other.execute("ROLLBACK")
    other.close()
    await use(impatient, "write")
    await impatient.close()


async def test_a_write_waits_for_another_process_that_is_soon_done(database: Database, tmp_path: Path) -> None:
    await use(database, "write")  # and what was set for its begin is set back
    other = sqlite3.connect(tmp_path / "one.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = asyncio.get_running_loop().call_later(0.2, other.execute, "ROLLBACK")
    await use(database, "write")
    assert done.when() <= asyncio.get_running_loop().time()
    other.close()


async def test_what_sqlite_gave_up_by_itself_keeps_nothing_that_comes_after(database: Database) -> None:
    async def goes_on() -> None:
        async with database.transaction() as session:
            held: Any = (await session.connection()).sync_connection
            assert await run(session, "SELECT 1") == [(1,)]
            held.connection.driver_connection.raw.execute("ROLLBACK")
            await run(session, "INSERT INTO note (id) VALUES ('x')")

    with pytest.raises(StoreAway):
        await goes_on()


async def test_a_commit_wakes_who_waits_and_a_leaders_own_does_not(database: Database) -> None:
    wake = database.waker()
    await a_note(database)
    assert wake.is_set()
    wake.clear()
    async with database.reading():
        pass
    async with database.leading("relay") as leader:
        assert leader is not None
        async with leader.transaction() as session:
            await core(session, stream.insert().values(key=str(uuid4()), sequence=1, recorded=STORY_TIME))
    assert not wake.is_set()


async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'deep' / 'own.db'}")
    assert (tmp_path / "deep" / "own.db").stat().st_mode & 0o777 == 0o600
    await database.close()
