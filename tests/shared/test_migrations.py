"""Schema changes: once, whole or not at all, and known to be missing."""

import asyncio
from pathlib import Path

import httpx
import pytest
from sqlalchemy import inspect, text

from shared.database import STANDING, Database, core
from shared.migrations import missing, upgrade
from shared.revisions import revisions_in
from tests.shared import toy

SECOND = """
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute("ALTER TABLE note ADD COLUMN colour VARCHAR")
    op.execute("{more}")
"""


def a_database(folder: Path) -> Database:
    return Database(f"sqlite+aiosqlite:///{folder / 'travel.db'}", synchronous="OFF")


async def columns(database: Database) -> set[str]:
    async with database.schema_connection() as connection:
        return await connection.run_sync(lambda c: {each["name"] for each in inspect(c).get_columns("note")})


async def test_an_upgrade_makes_every_table_and_a_second_one_is_harmless(tmp_path: Path) -> None:
    wiring, database = toy.wiring(toy.write_migrations(tmp_path / "m")), a_database(tmp_path)
    assert await missing(wiring, database) == ["0001"]
    await upgrade(wiring, database)
    assert await missing(wiring, database) == []
    async with database.transaction() as session:
        session.add(toy.Note(text="a"))
    await upgrade(wiring, database)
    async with database.schema_connection() as connection:
        found = await connection.run_sync(lambda c: set(inspect(c).get_table_names()))
    assert found == {*STANDING.tables, "note", "heard", "alembic_version"}
    async with database.reading() as session:
        assert (await core(session, text("SELECT text FROM note"))).scalars().all() == ["a"]
    await database.close()


async def test_several_upgrades_at_once_are_one(tmp_path: Path) -> None:
    wiring = toy.wiring(toy.write_migrations(tmp_path / "m"))
    databases = [a_database(tmp_path) for _ in range(4)]
    for each in databases:  # one process that upgrades after another; Alembic itself is not made for threads or tasks
        await upgrade(wiring, each)
    assert await missing(wiring, databases[0]) == []
    await asyncio.gather(*(each.close() for each in databases))


async def test_a_step_that_fails_leaves_the_schema_as_it_was(tmp_path: Path) -> None:
    folder = toy.write_migrations(tmp_path / "m")
    wiring, database = toy.wiring(folder), a_database(tmp_path)
    await upgrade(wiring, database)
    before = await columns(database)
    step = folder / "versions" / "0002_colour.py"
    step.write_text(SECOND.format(more="INSERT INTO no_such_table VALUES (1)"))
    revisions_in.cache_clear()  # a process never sees its own code change
    with pytest.raises(Exception, match="no_such_table"):
        await upgrade(wiring, database)
    assert await columns(database) == before
    assert await missing(wiring, database) == ["0002"]
    step.write_text(SECOND.format(more="SELECT 1"))
    await upgrade(wiring, database)
    assert await columns(database) == before | {"colour"}
    await database.close()


async def test_a_service_whose_schema_is_behind_is_not_ready_and_says_why(tmp_path: Path) -> None:
    async with toy.playing(tmp_path, migrate=False) as world:
        answer = await world.call("GET", "/health/ready")
        assert answer.status_code == 503
        assert answer.json()["reasons"] == ["The schema is behind this code: run `homeward migrate`."]
        assert (await world.call("GET", "/health/live")).status_code == 200
        await upgrade(world.runtime.wiring, world.runtime.database)
        for _ in range(2):
            ready: httpx.Response = await world.call("GET", "/health/ready")
            assert (ready.status_code, ready.json()) == (200, {"ready": True, "reasons": [], "degraded": []})


async def test_a_start_that_fails_closes_what_it_opened(tmp_path: Path) -> None:
    (toy.write_migrations(tmp_path / "migrations") / "versions" / "0002_colour.py").write_text(
        SECOND.format(more="INSERT INTO no_such_table VALUES (1)")
    )
    with pytest.raises(Exception, match="no_such_table"):
        async with toy.playing(tmp_path, fresh=True):
            pass


async def test_a_broker_that_is_away_delays_no_start(tmp_path: Path) -> None:
    async with toy.playing(tmp_path, fresh=True, broker_url="kafka://127.0.0.1:1") as world:
        made = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
        assert made.status_code == 201
        assert (await world.call("GET", "/health/ready")).status_code == 200
