"""Reading what the services left in their folder: SQLite files, event log, journal. Nothing is asked of them."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from shared.settings import SERVICES

Row = dict[str, Any]
Line = dict[str, Any]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes no row. Opening a file undoes what a killed process had not finished."""
    db = sqlite3.connect(path, timeout=10)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA query_only = ON")
    try:
        yield db
    finally:
        db.close()


def rows(path: Path, query: str, *values: Any) -> list[Row]:
    with opened(path) as db:
        return [dict(row) for row in db.execute(query, values)]


@dataclass(frozen=True)
class Told:
    """A fact in an outbox."""

    service: str
    key: str
    sequence: int
    type: str
    position: int | None
    sent: bool
    document: Row

    @property
    def id(self) -> str:
        return str(self.document["id"])

    @property
    def cause(self) -> str:
        return str(self.document["causationid"])


@dataclass(frozen=True)
class Logged:
    """A message in the event log."""

    topic: str
    key: str
    document: Row

    @property
    def sender(self) -> str:
        return self.topic.removeprefix("homeward.")

    @property
    def place(self) -> tuple[str, str, int]:
        """Source, key and sequence."""
        return (self.sender, self.key, int(self.document["sequence"]))


@dataclass
class Folder:
    """A data folder, read once and kept."""

    path: Path
    journal_path: Path | None = None
    services: tuple[str, ...] = field(default=SERVICES)

    def database(self, service: str) -> Path:
        return self.path / f"{service}.db"

    @property
    def log_path(self) -> Path:
        return self.path / "events.db"

    @cached_property
    def journal(self) -> list[Line]:
        if self.journal_path is None or not self.journal_path.exists():
            return []
        return [json.loads(line) for line in self.journal_path.read_text().splitlines()]

    @cached_property
    def told(self) -> dict[str, list[Told]]:
        """What each service told, by key and sequence."""
        query = "SELECT key, sequence, type, position, sent_at, body FROM outbox ORDER BY key, sequence"
        return {
            service: [
                Told(
                    service,
                    row["key"],
                    row["sequence"],
                    row["type"],
                    row["position"],
                    row["sent_at"] is not None,
                    json.loads(row["body"]),
                )
                for row in rows(self.database(service), query)
            ]
            for service in self.services
        }

    @cached_property
    def logged(self) -> list[Logged]:
        """Everything in the log, lane by lane in its order."""
        query = "SELECT topic, key, value FROM event JOIN head USING (lane) ORDER BY lane, offset"
        return [Logged(row["topic"], row["key"], json.loads(row["value"])) for row in rows(self.log_path, query)]

    def inbox(self, service: str) -> dict[tuple[str, str], int]:
        """The last sequence applied, by the telling service and the key."""
        found = rows(self.database(service), "SELECT source, key, sequence FROM inbox")
        return {(row["source"].rsplit("/", 1)[-1], row["key"]): row["sequence"] for row in found}

    def all_of(self, service: str, table: str) -> list[Row]:
        return rows(self.database(service), f"SELECT * FROM {table}")  # noqa: S608  # names from the auditor alone
