"""Schema changes by Alembic: one folder of versions a service, one environment for all."""

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from shared.database import STANDING, Database
from shared.wiring import Wiring

LOCK = 715_302_261


def config_of(wiring: Wiring) -> Config:
    config = Config()
    config.set_main_option("script_location", str(wiring.migrations).replace("%", "%%"))
    config.attributes["metadata"] = [wiring.metadata, STANDING]
    return config


async def upgrade(wiring: Wiring, database: Database) -> None:
    """Brings the database to the newest schema; several at once wait for each other."""
    config = config_of(wiring)

    def run(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async with database.schema_connection() as connection:
        await connection.run_sync(run)


async def missing(wiring: Wiring, database: Database) -> list[str]:
    """The revisions this code has and the database does not; empty when the schema is current."""
    wanted = set(ScriptDirectory.from_config(config_of(wiring)).get_heads())

    def heads(connection: Connection) -> set[str]:
        return set(MigrationContext.configure(connection).get_current_heads())

    async with database.schema_connection() as connection:
        return sorted(wanted - await connection.run_sync(heads))


def run_environment() -> None:
    """What every migrations/env.py calls. The connection comes from `upgrade`; there is no offline mode."""
    connection: Connection = context.config.attributes["connection"]
    metadata: list[MetaData] = context.config.attributes["metadata"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=False,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
