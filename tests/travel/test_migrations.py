"""The schema is what the models say, and what the closed routes are."""

import re
from pathlib import Path

from alembic import command
from fastapi.routing import APIRoute
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateTable

from services.travel.app import WIRING
from services.travel.tables import Base
from shared.auth import Role
from shared.database import STANDING, Database
from shared.migrations import config_of, missing, upgrade
from tests.world import World

NOWHERE = "01890000-0000-7000-8000-000000000000"


async def test_the_migrations_make_exactly_what_the_models_say(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'travel.db'}")
    await upgrade(WIRING, database)
    assert await missing(WIRING, database) == []
    config = config_of(WIRING)

    def check(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.check(config)  # raises when a model and the schema differ
        command.downgrade(config, "base")

    async with database.schema_connection() as connection:
        await connection.run_sync(check)
    await database.close()


def test_every_table_can_be_made_on_postgresql_too() -> None:
    dialect = make_url("postgresql+asyncpg://").get_dialect()()
    for table in [*Base.metadata.sorted_tables, *STANDING.sorted_tables]:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))


def test_a_rebuild_empties_every_folded_fact_and_nothing_else() -> None:
    folded = {table.name for table in WIRING.facts}
    assert folded == {name for name in Base.metadata.tables if name.endswith("_fact")}
    for table in Base.metadata.sorted_tables:
        referred = {key.column.table.name for key in table.foreign_keys}
        assert not referred & folded, "what HTTP wrote would be lost, or would hold a rebuild up"


async def test_every_route_is_closed_to_who_has_no_role_for_it(world: World) -> None:
    routes = [each for router in WIRING.routers for each in router.routes if isinstance(each, APIRoute)]
    assert len(routes) > 25
    for route in routes:
        path = re.sub(r"\{[a-z_]+\}", NOWHERE, route.path)
        for method in route.methods or ():
            without = await world.call(method, path, {} if method == "POST" else None)
            assert (without.status_code, without.json()["type"]) == (401, "/problems/token-missing"), path
            answer = await world.call(method, path, {} if method == "POST" else None, role=Role.SERVICE)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden"), path
