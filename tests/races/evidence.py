"""What both databases hold of a family after its race, read from their files and nothing else."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.races.crowd import Household
from tests.races.quiet import reader

Row = dict[str, Any]
TOLD = "SELECT key, body FROM outbox WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key, sequence"


@dataclass
class Evidence:
    """Rows by individual where they are of one, in the order they were made. `told`: the facts of each service about
    the case, in the order of their sequence, with the envelope around the data."""

    flight: Row = field(default_factory=dict)
    hand_over: Row | None = None
    passengers: dict[UUID, Row] = field(default_factory=dict)
    members: dict[UUID, Row] = field(default_factory=dict)
    clearances: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    departures: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    statements: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def departed(self) -> set[UUID]:
        """Those who departed, as travel has it."""
        return {one for one, row in self.passengers.items() if row["status"] == "departed"}

    def facts(self, service: str, *kinds: str) -> list[Row]:
        """Facts of these kinds (`member.withdrawn`), in order."""
        return [fact for fact in self.told[service] if fact["type"].split(".", 2)[2].removesuffix(".v1") in kinds]


def gather(folder: Path, families: Sequence[Household]) -> dict[UUID, Evidence]:
    """The evidence of each family, by its case."""
    found: dict[UUID, Evidence] = {family.case: Evidence() for family in families}
    cases = [family.case.hex for family in families]
    flights = {family.flight.hex: family.case for family in families}
    with closing(reader(folder, "travel")) as db:
        db.row_factory = sqlite3.Row
        for row in _rows(db, "flight", "id", flights):
            found[flights[row["id"]]].flight = row
        for row in _rows(db, "hand_over", "flight_id", flights):
            found[flights[row["flight_id"]]].hand_over = row
        for row in _rows(db, "passenger", "case_id", cases):
            found[UUID(row["case_id"])].passengers[UUID(row["individual_id"])] = row
        _told(db, "travel", found)
    with closing(reader(folder, "registration")) as db:
        db.row_factory = sqlite3.Row
        for row in _rows(db, "case_member", "case_id", cases):
            found[UUID(row["case_id"])].members[UUID(row["individual_id"])] = row
        for table, kept in REGISTRATION.items():
            for row in _rows(db, table, "case_id", cases):
                kept(found[UUID(row["case_id"])])[UUID(row["individual_id"])].append(row)
        _told(db, "registration", found)
    return found


REGISTRATION: dict[str, Callable[[Evidence], dict[UUID, list[Row]]]] = {
    "clearance_passenger": lambda evidence: evidence.clearances,
    "departure": lambda evidence: evidence.departures,
    "withdrawal_statement": lambda evidence: evidence.statements,
}


def _rows(db: sqlite3.Connection, table: str, column: str, wanted: Iterable[str]) -> list[Row]:
    query = f"SELECT * FROM {table} WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY rowid"  # noqa: S608  # names from here alone
    return [dict(row) for row in db.execute(query, [json.dumps(list(wanted))])]


def _told(db: sqlite3.Connection, service: str, found: dict[UUID, Evidence]) -> None:
    for row in db.execute(TOLD, [json.dumps([str(case) for case in found])]):
        found[UUID(row["key"])].told[service].append(json.loads(row["body"]))


def left_over(folder: Path, services: Iterable[str]) -> list[str]:
    """What is parked or has not left, in sentences."""
    found = []
    for service in services:
        with closing(reader(folder, service)) as db:
            for what, query in (
                ("parked", "SELECT type || ': ' || reason FROM parked"),
                ("not sent", "SELECT type FROM outbox WHERE sent_at IS NULL"),
            ):
                found += [f"{service}: {what}: {row[0]}" for row in db.execute(query)]
    return found
