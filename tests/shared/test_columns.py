"""Moments and amounts come back exactly as they went in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Dialect, Integer, MetaData, Table, func, insert, select
from sqlalchemy.engine import make_url

from shared.columns import MoneyColumn, UtcDateTime, new_id
from shared.database import Database, core

metadata = MetaData()
kept = Table(
    "kept", metadata, Column("id", Integer, primary_key=True), Column("at", UtcDateTime), Column("sum", MoneyColumn)
)
DIALECTS: list[Dialect] = [make_url(f"{name}://").get_dialect()() for name in ("sqlite", "postgresql+asyncpg")]

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=offsets)
amounts = st.decimals(-(10**12) + 1, 10**12 - 1, places=4, allow_nan=False)


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'columns.db'}", synchronous="OFF")
    async with made.schema_connection() as connection:
        await connection.run_sync(metadata.create_all)
    yield made
    await made.close()


def through(column: Any, value: Any, dialect: Dialect) -> Any:
    return column.process_result_value(column.process_bind_param(value, dialect), dialect)


@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgresql"])
@given(moment=moments)
def test_a_moment_comes_back_to_the_microsecond(dialect: Dialect, moment: datetime) -> None:
    assert through(UtcDateTime(), moment, dialect) == moment


@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgresql"])
@given(amount=amounts)
def test_an_amount_comes_back_exactly(dialect: Dialect, amount: Decimal) -> None:
    back = through(MoneyColumn(), amount, dialect)
    assert back == amount
    assert -back.as_tuple().exponent >= 2


@given(first=moments, second=moments)
def test_moments_sort_in_sqlite_as_time_does(first: datetime, second: datetime) -> None:
    column, dialect = UtcDateTime(), DIALECTS[0]
    stored = [column.process_bind_param(each, dialect) for each in (first, second)]
    assert (stored[0] < stored[1]) == (first < second)


@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgresql"])
def test_a_moment_without_offset_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="offset"):
        UtcDateTime().process_bind_param(datetime(2021, 12, 9), dialect)  # a naive one, to be refused


@pytest.mark.parametrize("amount", ["0.00001", "1.23456", "NaN", "Infinity"])
def test_an_amount_that_could_not_come_back_is_refused(amount: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        MoneyColumn().process_bind_param(Decimal(amount), DIALECTS[0])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(rows=st.lists(st.tuples(moments, amounts), min_size=1, max_size=10))
async def test_a_database_keeps_sums_and_sorts_them(database: Database, rows: list[tuple[datetime, Decimal]]) -> None:
    async with database.transaction() as session:
        await core(session, kept.delete())
        await core(session, insert(kept), [{"at": at, "sum": amount} for at, amount in rows])
    async with database.reading() as session:
        found = (await core(session, select(kept.c.at, kept.c.sum).order_by(kept.c.id))).all()
        whole = (
            await core(session, select(func.sum(kept.c.sum).label("total"), func.min(kept.c.at).label("first")))
        ).one()
    assert [tuple(row) for row in found] == rows
    assert whole.total == sum(amount for _, amount in rows)
    assert whole.first == min(at for at, _ in rows)
    assert whole.first.tzinfo is UTC


async def test_a_column_left_empty_stays_empty(database: Database) -> None:
    async with database.transaction() as session:
        await core(session, insert(kept), [{"at": None, "sum": None}])
        assert tuple((await core(session, select(kept.c.at, kept.c.sum))).one()) == (None, None)


def test_new_ids_follow_time_and_differ() -> None:
    ids = [new_id() for _ in range(1000)]
    assert sorted(ids) == ids
    assert len(set(ids)) == 1000
    assert {each.version for each in ids} == {7}
