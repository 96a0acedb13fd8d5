"""Rows of folded facts: written together, before anybody looks, and the same on both kinds of database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import BigInteger, Column, MetaData, String, Table, Uuid, event, select

from shared.columns import JsonColumn, UtcDateTime
from shared.database import Database, Session, core
from shared.folding import keep_row, latest, once, settle
from tests.servers.stores import store_filled

METADATA = MetaData()
notes = Table(
    "folded_note",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("part", String(20), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("at", UtcDateTime),
    Column("words", JsonColumn, nullable=False),
)
FIRST = once(notes)
LAST = latest(notes)
RISING = latest(notes, over=["sequence", "words"], rising="sequence")
AT = datetime(2021, 12, 9, 9, tzinfo=UTC)


def note(number: int, sequence: int, part: str = "a", words: Any = None, at: datetime | None = AT) -> dict[str, Any]:
    said = [["nested", sequence]] if words is None else words
    return {"id": UUID(int=number), "part": part, "sequence": sequence, "at": at, "words": said}


@pytest.fixture
async def database(tmp_path: Path, world: object) -> AsyncIterator[Database]:
    """`world` is asked for so that the test runs on what `--stores` names."""

    async def fill(made: Database) -> None:
        async with made.schema_connection() as connection:
            await connection.run_sync(METADATA.create_all)

    async with store_filled("folding", "travel", fill) as settings:
        made = Database(settings.get("database_url", f"sqlite+aiosqlite:///{tmp_path / 'folding.db'}"))
        if made.is_sqlite:
            await fill(made)
        yield made
        await made.close()


async def kept(session: Session) -> list[tuple[Any, ...]]:
    rows = (await core(session, select(notes).order_by(notes.c.id, notes.c.part))).all()
    return [tuple(row) for row in rows]


async def test_the_first_row_of_a_key_stays_where_once_is_said(database: Database) -> None:
    async with database.transaction() as session:
        for row in (note(1, 1), note(1, 2), note(2, 1), note(1, 3, part="b")):
            keep_row(session, FIRST, row)
        await settle(session)
        keep_row(session, FIRST, note(2, 9))
        await settle(session)
        assert [(row[0].int, row[1], row[2]) for row in await kept(session)] == [(1, "a", 1), (1, "b", 3), (2, "a", 1)]


async def test_the_last_row_of_a_key_counts_however_many_come_at_once(database: Database) -> None:
    later = AT + timedelta(days=1)
    async with database.transaction() as session:
        for row in (note(1, 1), note(2, 5), note(1, 2), note(1, 3, words={"so": None}, at=None), note(2, 6, at=later)):
            keep_row(session, LAST, row)
        await settle(session)
        expected = [(UUID(int=1), "a", 3, None, {"so": None}), (UUID(int=2), "a", 6, later, [["nested", 6]])]
        assert await kept(session) == expected


async def test_a_rising_column_never_falls_and_what_is_not_written_over_stays(database: Database) -> None:
    later = AT + timedelta(days=1)
    async with database.transaction() as session:
        for row in (note(1, 5), note(1, 4, words=["old"]), note(1, 6, words=["new"], at=later)):
            keep_row(session, RISING, row)
        await settle(session)
        assert await kept(session) == [(UUID(int=1), "a", 6, AT, ["new"])]


async def test_a_batch_is_one_statement_a_table(database: Database) -> None:
    written: list[str] = []
    event.listen(
        database._writer.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: written.append(statement),
    )
    async with database.transaction() as session:
        for number in range(100):
            keep_row(session, FIRST, note(number, 1))
        await settle(session)
        assert len([statement for statement in written if "folded_note" in statement]) == 1
        assert len(await kept(session)) == 100


async def test_what_was_kept_and_not_written_is_gone_with_its_transaction(database: Database) -> None:
    async def fails() -> None:
        async with database.transaction() as session:
            keep_row(session, FIRST, note(1, 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    async with database.transaction() as session:
        await settle(session)
        assert await kept(session) == []
