"""The schema: what the migrations make is what the tables say, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from services.eligibility.app import WIRING, create_app
from shared.database import Database, core, new_id
from shared.migrations import config_of, upgrade
from tests.servers.databases import Databases
from tests.world import STORY_TIME, World


async def _agrees(database: Database) -> None:
    config = config_of(WIRING)

    def check(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.check(config)

    async with database.schema_connection() as connection:
        await connection.run_sync(check)


async def test_the_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'eligibility.db'}")
    try:
        await upgrade(WIRING, database)
        await _agrees(database)
    finally:
        await database.close()


async def test_the_migrations_make_the_same_tables_on_postgresql(databases: Databases) -> None:
    async with databases.of(create_app) as url:
        database = Database(url)
        try:
            await _agrees(database)
        finally:
            await database.close()


@pytest.mark.parametrize(
    "values",
    [
        {"status": "perhaps", "decision_id": None},
        {"status": "eligible", "decision_id": None},
        {"status": "undecided", "decision_id": new_id()},
        {"status": "undecided", "decision_id": None, "ended": "bored"},
    ],
)
async def test_a_standing_that_cannot_be_is_refused_by_the_database(world: World, values: dict[str, object]) -> None:
    whole = {"id": new_id(), "programme_asked": False, "opened_at": STORY_TIME, "version": 1, **values}
    with pytest.raises(IntegrityError):
        async with world.runtime.database.transaction() as session:
            await core(session, insert(WIRING.metadata.tables["standing"]).values(**whole))
