"""A PostgreSQL that keeps what it says it kept, and a real Kafka: what the benchmarks of events run on."""

import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData

from shared.database import STANDING, Database
from shared.settings import SERVICES
from tests.servers import session
from tests.servers.databases import Databases
from tests.servers.kafka import Kafka
from tests.servers.postgres import ROLES, Postgres

Row = dict[str, Any]
"""One line of the table: what, beside, ours, reference, ratio, bar, kept, unit."""


@dataclass(frozen=True, slots=True)
class Parts:
    postgres: Postgres
    kafka: Kafka

    @asynccontextmanager
    async def standing(self, *more: MetaData) -> Any:
        """A database that has the tables of every service, and `more`."""

        async def fill(database: Database) -> None:
            async with database.schema_connection() as connection:
                for metadata in (STANDING, *more):
                    await connection.run_sync(metadata.create_all)

        name = f"bench_{len(more)}"
        async with Databases(self.postgres).clone(name, SERVICES[0], fill) as url:
            database = Database(url)
            try:
                yield database
            finally:
                await database.close()


@contextmanager
def real_parts() -> Iterator[Parts]:
    """Starts both, and ends them. Raises `ServerMissing`."""
    opened = None if session.PLACE in os.environ else session.open_session()
    try:
        postgres = Postgres(session.own_folder("postgres"), safe=True)
        postgres.make()
        postgres.start()
        postgres.run_script(ROLES, {f"{role.upper()}_PASSWORD": role for role in SERVICES})
        kafka = Kafka(session.own_folder("kafka"))
        kafka.make()
        kafka.start()
        try:
            yield Parts(postgres, kafka)
        finally:
            kafka.stop()
            postgres.stop()
    finally:
        if opened is not None:
            os.environ.pop(session.PLACE, None)
            os.environ.pop(session.OWNER, None)
            session.close_session(opened)


Round = Callable[[], Awaitable[float]]


async def in_turns(rounds: int, *measured: Round) -> list[float]:
    """The median of each, measured one after the other in `rounds` turns: a machine drifts, and both drift with it."""
    found: list[list[float]] = [[] for _ in measured]
    for _ in range(rounds):
        for place, measure in zip(found, measured, strict=True):
            place.append(await measure())
    return [sorted(each)[len(each) // 2] for each in found]
