"""Schema changes by Alembic: one folder of versions a service, one environment for all."""

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData

from shared.database import STANDING, Database
from shared.revisions import is_behind, revisions_in, revisions_of
from shared.wiring import Wiring

LOCK = 715_302_261


def config_of(wiring: Wiring) -> Config:
    config = Config()
    config.set_main_option("script_location", str(wiring.migrations).replace("%", "%%"))
    config.attributes["metadata"] = [wiring.metadata, STANDING]
    return config


class SchemaIsNewer(Exception):
    """A newer Homeward migrated this database: what this one would do to it nobody knows."""


def check_not_newer(wiring: Wiring, here: frozenset[str]) -> None:
    """Raises `SchemaIsNewer` where this code does not know all of the revisions that are `here`."""
    ahead = here - revisions_in(wiring.migrations).known
    if ahead:
        raise SchemaIsNewer(
            f"The database of {wiring.name} was migrated by a newer Homeward ({', '.join(sorted(ahead))}). Nothing was "
            "changed. Start that one, or put back a copy that was kept before."
        )


async def upgrade(wiring: Wiring, database: Database) -> None:
    """Brings the database to the newest schema; several at once wait for each other. Raises `SchemaIsNewer`."""
    check_not_newer(wiring, await revisions_of(database))
    config = config_of(wiring)

    def run(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async with database.schema_connection() as connection:
        await connection.run_sync(run)


async def missing(wiring: Wiring, database: Database) -> list[str]:
    """The revisions this code has and the database does not; empty when the schema is current, or newer."""
    here, wanted = await revisions_of(database), revisions_in(wiring.migrations)
    return sorted(wanted.heads - here) if is_behind(here, wanted) else []


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
