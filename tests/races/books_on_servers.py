"""What both services keep, read from PostgreSQL; and a crowd that was made in files carried there."""

import asyncio
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import asyncpg
from sqlalchemy import Connection, MetaData, Table, create_engine, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.types import JSON, TypeDecorator

from services.registration.tables import Base as RegistrationBase
from services.travel.tables import Base as TravelBase
from shared.database import STANDING
from tests.races.books import NOT_SENT, PARKED, Exchange, Row
from tests.stack import Stack

CLOSED = "SELECT id FROM flight WHERE status IN ('closed', 'departed') AND id = ANY($1)"
FACTS = "SELECT key, body FROM outbox WHERE key = ANY($1) ORDER BY key, sequence"
TOLD = "SELECT key, max(sequence) FROM outbox WHERE type = ANY($1) AND key = ANY($2) GROUP BY key"
UNSENT = "SELECT DISTINCT key FROM outbox WHERE sent_at IS NULL AND key = ANY($1)"
HEARD = "SELECT key, sequence FROM inbox WHERE source = $1 AND key = ANY($2)"

TABLES: Mapping[str, MetaData] = {"registration": RegistrationBase.metadata, "travel": TravelBase.metadata}


@dataclass
class Servers:
    """The databases at these addresses (`postgresql+asyncpg://`), by service; to be used with `async with`."""

    urls: Mapping[str, str]
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _lines: dict[str, asyncpg.Connection] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __aenter__(self) -> Self:
        for service, url in self.urls.items():
            line = await asyncpg.connect(url.replace("+asyncpg", ""))
            self._open.push_async_callback(line.close)
            self._lines[service] = line
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def rows(self, service: str, table: str, column: str, wanted: Collection[UUID]) -> list[Row]:
        query = f"SELECT * FROM {table} WHERE {column} = ANY($1)"  # noqa: S608  # names from evidence.py alone
        return [
            {name: cell.hex if isinstance(cell, UUID) else cell for name, cell in row.items()}
            for row in await self._fetch(service, query, list(wanted))
        ]

    async def facts(self, service: str, cases: Collection[UUID]) -> list[tuple[UUID, Row]]:
        found = await self._fetch(service, FACTS, _keys(cases))
        return [(UUID(row["key"]), json.loads(row["body"])) for row in found]

    async def exchange(self, service: str, types: list[str], source: str, cases: Collection[UUID]) -> Exchange:
        keys, line = _keys(cases), self._lines[service]
        async with self._turn, line.transaction(isolation="repeatable_read", readonly=True):
            return Exchange(
                {row[0]: row[1] for row in await line.fetch(TOLD, types, keys)},
                {row[0]: row[1] for row in await line.fetch(HEARD, source, keys)},
                [row[0] for row in await line.fetch(UNSENT, keys)],
            )

    async def left_over(self, service: str) -> list[str]:
        return [
            f"{service}: {what}: {row[0]}"
            for what, query in (("parked", PARKED), ("not sent", NOT_SENT))
            for row in await self._fetch(service, query)
        ]

    async def closed(self, flights: Collection[UUID]) -> list[UUID]:
        return [UUID(str(row["id"])) for row in await self._fetch("travel", CLOSED, list(flights))]

    async def _fetch(self, service: str, query: str, *values: Any) -> list[Any]:
        async with self._turn:
            found: list[Any] = await self._lines[service].fetch(query, *values)
            return found


def _keys(cases: Collection[UUID]) -> list[str]:
    return [str(case) for case in cases]


@asynccontextmanager
async def books_of(stack: Stack) -> Any:
    """The books of a stack, open."""
    async with Servers({service: stack.database_url(service) for service in TABLES}) as books:
        yield books


def carry(folder: Path, stack: Stack) -> None:
    """Puts into the stack's databases what the files in `folder` hold, instead of what is there."""
    for service, tables in TABLES.items():
        asyncio.run(_carry(folder / f"{service}.db", stack, service, [*STANDING.sorted_tables, *tables.sorted_tables]))


async def _carry(file: Path, stack: Stack, service: str, tables: Sequence[Table]) -> None:
    files = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    server = create_async_engine(stack.postgres.url(stack.databases[service]), poolclass=NullPool)
    with files.connect() as old:
        async with server.begin() as new:
            # The rows are whole; what they refer to need not come first.
            await new.execute(text("SET LOCAL session_replication_role = replica"))
            await new.execute(text(f"TRUNCATE {', '.join(table.name for table in tables)}"))
            for table in tables:
                for group in _alike(table, old):
                    await new.execute(insert(table), group)
                await new.execute(text(_counts_on(table)))
    async with server.connect() as new:
        await (await new.execution_options(isolation_level="AUTOCOMMIT")).execute(text("ANALYZE"))
    await server.dispose()
    files.dispose()


def _alike(table: Table, old: Connection) -> Iterable[list[Row]]:
    """The rows, those together that have the same columns: a JSON column without a value is left out, since None would
    be written as JSON's null."""
    documents = {column.name for column in table.columns if _is_json(column.type)}
    groups: dict[frozenset[str], list[Row]] = {}
    for row in old.execute(select(table)).mappings():
        kept = {name: cell for name, cell in row.items() if cell is not None or name not in documents}
        groups.setdefault(frozenset(kept), []).append(kept)
    return groups.values()


def _is_json(kind: Any) -> bool:
    return isinstance(kind.impl if isinstance(kind, TypeDecorator) else kind, JSON)


def _counts_on(table: Table) -> str:
    """A statement that lets a table's own numbers go on behind the highest."""
    column = table.autoincrement_column
    if column is None:
        return "SELECT 1"
    highest = f"(SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name})"  # noqa: S608  # our own tables
    return f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), {highest}, false)"
