"""Families on board of their flights, one flight each, a thousand times.

One family of each shape is brought on board through the real services. Then its rows, in both databases, are copied
with new ids: what a service knows of a copy is what it would know of a family that came all the way.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from shared.auth import Role
from shared.contracts.registration import AgeBand
from shared.database import new_id
from tests.races.books import Files
from tests.races.household import ADULTS, BORN, SHAPES, Household, Shape
from tests.races.quiet import until_quiet
from tests.races.running import NAMES, running
from tests.registration.story import PASSPORT, family_body, person, register
from tests.travel.story import (
    AT_THE_DESK,
    CHECKED,
    Family,
    member,
    schedule,
    to_the_door,
)
from tests.world import STORY_TIME


async def bring_on_board(folder: Path) -> list[Household]:
    """One family of each shape, from the first talk to its seats, everyone willing."""
    found = []
    async with running(folder) as pair:
        for shape in SHAPES:
            case = await register(pair.registration, _body(shape))
            await case.counsel(*[label for label in shape.members if label in ADULTS])
            for label, responsible in shape.members.items():
                await case.sign(label, *responsible)
            for one in case.ids.values():
                check = {"individual_id": str(one), "outcome": "fit", "checked_at": CHECKED.isoformat()}
                path = f"{case.path}/fitness-checks"
                await pair.registration.post(path, check, role=Role.MEDICAL, now=AT_THE_DESK)
            await until_quiet(Files(folder), [case.id])
            pair.travel.now = STORY_TIME
            flight = await schedule(pair.travel, seats=len(shape.members) + 1)
            family = Family(pair.travel, tuple(_members(shape, case.ids)), case.id)
            await family.decide()
            await family.book(flight)
            await to_the_door(pair.travel, flight, family)
            found.append(Household(shape, case.id, flight, case.ids))
        await until_quiet(Files(folder), [each.case for each in found])
    return found


def _body(shape: Shape) -> dict[str, Any]:
    members = []
    for place, (label, responsible) in enumerate(shape.members.items()):
        relation = "principal_applicant" if place == 0 else "spouse" if label in ADULTS else "child"
        papers = [{**PASSPORT, "number": f"A158302{place}7"}]
        members.append(
            person(label, relation, label.title(), BORN[label], "unknown", documents=papers, responsible=responsible)
        )
    return family_body(members=members)


def _members(shape: Shape, ids: dict[str, UUID]) -> Iterator[Any]:
    for label, one in ids.items():
        band = AgeBand.ADULT if label in ADULTS else AgeBand.CHILD
        responsible = tuple(ids[each] for each in shape.members[label])
        yield member(band, individual=one, responsible=responsible)


ID = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b)")
KEPT_ONCE = {"outbox", "parked", "request_key", "audit", "alembic_version"}
"""What was sent, asked and noted belongs to the family that came; a copy begins with everything sent and heard."""

Cell = Any
Row = tuple[str, list[Cell]]


def multiply(folder: Path, families: Sequence[Household], shapes: Iterable[int]) -> list[Household]:
    """Copies of these families, one for each number in `shapes`; the services must be stopped."""
    wanted = list(shapes)
    copies = [_copy_of(families[number]) for number in wanted]
    for name in NAMES:
        with closing(sqlite3.connect(folder / f"{name}.db")) as db, db:
            rows = _rows(db)
            for number in sorted(set(wanted)):
                of_shape = [copy for copy, shape in zip(copies, wanted, strict=True) if shape == number]
                _insert(db, _rows_of(families[number], rows), [mapping for _, mapping in of_shape])
    return [household for household, _ in copies]


def _copy_of(family: Household) -> tuple[Household, dict[str, UUID]]:
    people = {label: new_id() for label in family.people}
    copy = Household(family.shape, new_id(), new_id(), people)
    ids = {family.case.hex: copy.case, family.flight.hex: copy.flight}
    return copy, ids | {family.people[label].hex: one for label, one in people.items()}


def _rows(db: sqlite3.Connection) -> list[Row]:
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: list[Row] = []
    for table in tables:
        if table not in KEPT_ONCE and not table.startswith("sqlite_"):
            found += [(table, list(row)) for row in db.execute(f'SELECT * FROM "{table}"')]  # noqa: S608  # its own list of tables
    return found


def _ids_in(row: Row) -> set[str]:
    return {token.replace("-", "") for cell in row[1] if isinstance(cell, str) for token in ID.findall(cell)}


def _rows_of(family: Household, rows: Sequence[Row]) -> list[Row]:
    """Every row that has to do with the family: by its ids, or by those of a row that has."""
    known = {family.case.hex, family.flight.hex, *(one.hex for one in family.people.values())}
    named = [(row, _ids_in(row)) for row in rows]
    while True:
        theirs = [(row, ids) for row, ids in named if not ids.isdisjoint(known)]
        reached = known.union(*(ids for _, ids in theirs))
        if reached == known:
            return [row for row, _ in theirs]
        known = reached


def _insert(db: sqlite3.Connection, rows: Sequence[Row], mappings: Sequence[dict[str, UUID]]) -> None:
    db.execute("PRAGMA defer_foreign_keys = ON")
    made: list[dict[str, UUID]] = [dict(mapping) for mapping in mappings]
    for table, cells in rows:
        parts = [ID.split(cell) if isinstance(cell, str) else cell for cell in cells]
        statement = f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(cells))})'  # noqa: S608  # the same
        db.executemany(statement, [[_renamed(part, mapping) for part in parts] for mapping in made])


def _renamed(part: Cell, mapping: dict[str, UUID]) -> Cell:
    if not isinstance(part, list):
        return part
    return "".join(text if number % 2 == 0 else _new(text, mapping) for number, text in enumerate(part))


def _new(token: str, mapping: dict[str, UUID]) -> str:
    plain = token.replace("-", "")
    if plain not in mapping:
        mapping[plain] = new_id()
    made = mapping[plain]
    return str(made) if "-" in token else made.hex


@dataclass(frozen=True, slots=True)
class OnBoard:
    """One family of each shape on board, in files that no process has open."""

    folder: Path
    families: Sequence[Household]

    def copied(self, folder: Path, count: int, seed: int) -> list[Household]:
        """That many copies of them, in files of their own."""
        for name in NAMES:
            shutil.copyfile(self.folder / f"{name}.db", folder / f"{name}.db")
        random = Random(seed)
        return multiply(folder, self.families, [random.randrange(len(SHAPES)) for _ in range(count)])
