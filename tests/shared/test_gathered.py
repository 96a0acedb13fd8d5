"""Rows of several tables asked for together: the same values as through the session, on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, select

from shared.columns import JsonColumn, MoneyColumn, UtcDateTime
from shared.database import Database
from shared.gathered import Gathered
from tests.servers.databases import Databases


class _Base(SQLModel, registry=registry(metadata=MetaData())):
    pass


class Parcel(_Base, table=True):
    id: UUID = Field(primary_key=True)
    owner: UUID
    country: str = Field(max_length=3)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    good_until: date | None = None
    pieces: int
    sealed: bool
    holds: dict[str, Any] = Field(sa_column=Column(JsonColumn, nullable=False))


class Route(_Base, table=True):
    country: str = Field(primary_key=True, max_length=3)
    open: bool


class Fee(_Base, table=True):
    owner: UUID = Field(primary_key=True)
    amount: Decimal = Field(sa_type=MoneyColumn)


OWNED = Gathered(
    lambda among: {
        Parcel: among(Parcel.owner),
        Route: Route.__table__.c.country.in_(select(Parcel.country).where(among(Parcel.owner))),  # type: ignore[attr-defined]  # a table class has it
    }
)


@pytest.fixture(params=["sqlite", "postgresql"])
async def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'gathered.db'}"
    if request.param == "postgresql":
        async with Databases(request.getfixturevalue("postgres")).standing() as there:
            database = Database(there)
            await _made(database)
            yield database
            await database.close()
        return
    database = Database(url)
    await _made(database)
    yield database
    await database.close()


async def _made(database: Database) -> None:
    async with database.schema_connection() as connection:
        await connection.run_sync(_Base.metadata.create_all)


def _parcel(owner: UUID, **values: Any) -> Parcel:
    made = {"country": "IRQ", "pieces": 2, "sealed": True, "holds": {"tea": [1, "ü"]}, **values}
    return Parcel(id=uuid4(), owner=owner, **made)


async def test_what_is_gathered_has_the_values_that_the_session_gives(any_database: Database) -> None:
    owner = uuid4()
    sent = datetime(2021, 12, 1, 9, 30, 0, 123456, UTC)
    rows = [_parcel(owner, sent_at=sent, good_until=date(2022, 1, 31)), _parcel(owner)]
    async with any_database.transaction() as session:
        session.add_all(rows)
    async with any_database.reading() as session:
        found = {each.id: each for each in (await OWNED(session, [owner])).of(Parcel)}
        for row in (await session.exec(select(Parcel))).all():
            assert found[row.id].model_dump() == row.model_dump()
    assert len(found) == 2


async def test_only_what_hangs_on_the_ids_is_gathered(any_database: Database) -> None:
    mine, other = uuid4(), uuid4()
    async with any_database.transaction() as session:
        session.add_all([_parcel(mine), _parcel(other, country="SYR")])
        session.add_all([Route(country="IRQ", open=True), Route(country="SYR", open=False)])
    async with any_database.reading() as session:
        found = await OWNED(session, [mine])
        nobody = await OWNED(session, [])
    assert [each.owner for each in found.of(Parcel)] == [mine]
    assert [(each.country, each.open) for each in found.of(Route)] == [("IRQ", True)]
    assert not nobody.of(Parcel)
    assert not nobody.of(Route)


async def test_what_the_session_changed_and_did_not_write_yet_is_gathered(any_database: Database) -> None:
    owner = uuid4()
    async with any_database.transaction() as session:
        row = _parcel(owner)
        session.add(row)
        await session.flush()
        row.pieces = 7
        assert [each.pieces for each in (await OWNED(session, [owner])).of(Parcel)] == [7]


async def test_what_another_wrote_meanwhile_is_gathered_whatever_was_read_before(any_database: Database) -> None:
    owner = uuid4()
    async with any_database.transaction() as session:
        session.add(_parcel(owner))
    async with any_database.transaction() as session:
        read = (await session.exec(select(Parcel))).one()
        await (await session.connection()).execute(Parcel.__table__.update().values(pieces=9))  # type: ignore[attr-defined]  # a table class has it
        assert read.pieces == 2
        assert [each.pieces for each in (await OWNED(session, [owner])).of(Parcel)] == [9]


def test_a_table_with_money_is_refused_when_it_is_named() -> None:
    with pytest.raises(TypeError, match="amount"):
        Gathered(lambda among: {Fee: among(Fee.owner)})
