"""What both services keep, read from their files. `books_on_servers.py` reads the same from PostgreSQL."""

import json
import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

Row = dict[str, Any]
"""Ids are 32 hexadecimal digits."""
CLOSED = "SELECT id FROM flight WHERE status IN ('closed', 'departed') AND id IN (SELECT value FROM json_each(?))"
FACTS = "SELECT key, body FROM outbox WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key, sequence"
TOLD = """SELECT key, max(sequence) FROM outbox WHERE type IN (SELECT value FROM json_each(?))
          AND key IN (SELECT value FROM json_each(?)) GROUP BY key"""
UNSENT = "SELECT DISTINCT key FROM outbox WHERE sent_at IS NULL AND key IN (SELECT value FROM json_each(?))"
HEARD = "SELECT key, sequence FROM inbox WHERE source = ? AND key IN (SELECT value FROM json_each(?))"
PARKED = "SELECT type || ': ' || reason FROM parked"
NOT_SENT = "SELECT type FROM outbox WHERE sent_at IS NULL"


@dataclass(frozen=True)
class Exchange:
    """What one service has told and heard, at one moment: for each case the last sequence told of the types the other
    hears, the last applied of the other's, and which cases have something that is not marked as sent."""

    told: dict[str, int]
    heard: dict[str, int]
    unsent: list[str]


class Books(Protocol):
    """Reads only, and asks no service."""

    async def rows(self, service: str, table: str, column: str, wanted: Collection[UUID]) -> list[Row]: ...

    async def facts(self, service: str, cases: Collection[UUID]) -> list[tuple[UUID, Row]]:
        """What was told of these cases, each with its case, in order."""
        ...

    async def exchange(self, service: str, types: list[str], source: str, cases: Collection[UUID]) -> Exchange: ...

    async def left_over(self, service: str) -> list[str]:
        """What is parked or has not left, in sentences."""
        ...

    async def closed(self, flights: Collection[UUID]) -> list[UUID]:
        """Those that are closed or have departed."""
        ...


@dataclass(frozen=True)
class Files:
    """The databases of a folder."""

    folder: Path

    def open(self, service: str) -> sqlite3.Connection:
        """A connection that can only read."""
        return sqlite3.connect(f"file:{self.folder / f'{service}.db'}?mode=ro", uri=True)

    async def rows(self, service: str, table: str, column: str, wanted: Collection[UUID]) -> list[Row]:
        query = f"SELECT * FROM {table} WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY rowid"  # noqa: S608  # names from evidence.py alone
        with closing(self.open(service)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(query, [json.dumps([each.hex for each in wanted])])]

    async def facts(self, service: str, cases: Collection[UUID]) -> list[tuple[UUID, Row]]:
        with closing(self.open(service)) as db:
            return [(UUID(key), json.loads(body)) for key, body in db.execute(FACTS, [_keys(cases)])]

    async def exchange(self, service: str, types: list[str], source: str, cases: Collection[UUID]) -> Exchange:
        keys = _keys(cases)
        with closing(self.open(service)) as db:
            db.execute("BEGIN")
            return Exchange(
                dict(db.execute(TOLD, (json.dumps(types), keys))),
                dict(db.execute(HEARD, (source, keys))),
                [key for (key,) in db.execute(UNSENT, (keys,))],
            )

    async def left_over(self, service: str) -> list[str]:
        with closing(self.open(service)) as db:
            return [
                f"{service}: {what}: {row[0]}"
                for what, query in (("parked", PARKED), ("not sent", NOT_SENT))
                for row in db.execute(query)
            ]

    async def closed(self, flights: Collection[UUID]) -> list[UUID]:
        with closing(self.open("travel")) as db:
            return [UUID(row[0]) for row in db.execute(CLOSED, [json.dumps([each.hex for each in flights])])]


def _keys(cases: Collection[UUID]) -> str:
    return json.dumps([str(case) for case in cases])
