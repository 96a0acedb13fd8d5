"""Databases on the run's PostgreSQL: migrated once, and cloned for each test that wants one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
from fastapi import FastAPI

from shared.database import STANDING, Database
from shared.migrations import upgrade
from shared.settings import Settings
from tests.servers.postgres import Postgres
from tests.servers.session import locked

Fill = Callable[[Database], Awaitable[None]]


@dataclass
class Databases:
    """Makes databases. Every one belongs to the role of its service, as in production."""

    server: Postgres

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[str]:
        """The URL of a database that has the tables of every service and nothing else."""

        async def fill(database: Database) -> None:
            async with database.schema_connection() as connection:
                await connection.run_sync(STANDING.create_all)

        async with self.clone("standing", "registration", fill) as url:
            yield url

    @asynccontextmanager
    async def of(self, create_app: Callable[..., FastAPI]) -> AsyncIterator[str]:
        """The URL of a migrated database of one service."""
        service = create_app.__module__.split(".")[1]

        async def fill(database: Database) -> None:
            wiring = create_app(Settings(database_url=database.url)).state.runtime.wiring
            await upgrade(wiring, database)

        async with self.clone(service, service, fill) as url:
            yield url

    @asynccontextmanager
    async def clone(self, name: str, role: str, fill: Fill) -> AsyncIterator[str]:
        """The URL of a copy of a template that `fill` filled, when it was first asked for in this run."""
        template = f"template_{name}"
        await asyncio.to_thread(self._made_once, template, role, fill)
        database = f"test_{name}_{uuid4().hex[:12]}"
        # Copying the files is quicker here than writing them through the log.
        await self.ask(f"CREATE DATABASE {database} TEMPLATE {template} OWNER {role} STRATEGY FILE_COPY")
        try:
            yield self.server.url(database, role)
        finally:
            await self.ask(f"DROP DATABASE {database} WITH (FORCE)")

    async def ask(self, question: str, database: str = "postgres") -> list[Any]:
        """One statement as the server's owner."""
        connection = await asyncpg.connect(
            host=str(self.server.folder), port=self.server.port, user="postgres", database=database
        )
        try:
            found: list[Any] = await connection.fetch(question)
            return found
        finally:
            await connection.close()

    def _made_once(self, template: str, role: str, fill: Fill) -> None:
        """In a thread and a loop of its own: whoever waits for the lock must not stop the test's loop."""
        with locked(template):
            done = self.server.folder / f"{template}.made"  # a run may have more than one server
            if not done.exists():
                asyncio.run(self._make(template, role, fill))
                done.touch()

    async def _make(self, template: str, role: str, fill: Fill) -> None:
        await self.ask(f"DROP DATABASE IF EXISTS {template}")
        await self.ask(f"CREATE DATABASE {template} OWNER {role}")
        database = Database(self.server.url(template, role))
        try:
            await fill(database)
        finally:
            await database.close()
