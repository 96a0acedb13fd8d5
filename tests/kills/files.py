"""Reading what the services left in their folder: SQLite files, event log, journal. Nothing is asked of them."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from shared.consumer import topics_heard
from shared.settings import SERVICES
from tests.auditor.evidence import Findings, Kept, Logged, Row, Told
from tests.auditor.facts import HEARD
from tests.load.journal import Asked, read

__all__ = ["Folder", "Kept", "Logged", "Row", "Told", "opened", "rows"]

BEHIND = """SELECT topic, partition, next - coalesce((SELECT c.next FROM consumer c
            WHERE c.lane = head.lane AND c.name = ?), 0) AS behind FROM head"""


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


@dataclass
class Folder:
    """A data folder, read once and kept."""

    path: Path
    journal_path: Path | None = None
    services: tuple[str, ...] = field(default=SERVICES)
    _tables: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    def database(self, service: str) -> Path:
        return self.path / f"{service}.db"

    @property
    def log_path(self) -> Path:
        return self.path / "events.db"

    @cached_property
    def journal(self) -> list[Asked]:
        """That of the story's teller, who notes what was acknowledged, or that of a load."""
        if self.journal_path is None or not self.journal_path.exists():
            return []
        lines = [json.loads(line) for line in self.journal_path.read_text().splitlines()]
        if lines and "step" not in lines[0]:
            return list(read(self.journal_path))
        return [_acknowledged(line) for line in lines]

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
        query = "SELECT topic, key, value, lane FROM event JOIN head USING (lane) ORDER BY lane, offset"
        return [
            Logged(row["topic"], row["key"], json.loads(row["value"]), row["lane"])
            for row in rows(self.log_path, query)
        ]

    def inbox(self, service: str) -> dict[tuple[str, str], int]:
        """The last sequence applied, by the telling service and the key."""
        found = rows(self.database(service), "SELECT source, key, sequence FROM inbox")
        return {(row["source"].rsplit("/", 1)[-1], row["key"]): row["sequence"] for row in found}

    def kept(self, service: str) -> list[Kept]:
        found = self.all_of(service, "request_key")
        return [
            Kept(row["client"], row["key"], row["status"], hashlib.sha256(row["body"] or b"").hexdigest())
            for row in found
        ]

    def behind(self, listener: str) -> Findings:
        heard = set(topics_heard(HEARD[listener]))
        for row in rows(self.log_path, BEHIND, f"homeward.{listener}"):
            if row["behind"] and row["topic"] in heard:
                yield f"{listener}: {row['behind']} messages of {row['topic']} were never fetched"

    def all_of(self, service: str, table: str) -> list[Row]:
        if (service, table) not in self._tables:
            query = f"SELECT * FROM {table}"  # noqa: S608  # names from the auditor alone
            self._tables[(service, table)] = rows(self.database(service), query)
        return self._tables[(service, table)]


def _acknowledged(line: dict[str, Any]) -> Asked:
    return Asked(
        "", "POST", line["service"], line["path"], line["key"], "", line["status"], 1, 0, line["body"], {}, None
    )
