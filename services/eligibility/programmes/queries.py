"""Reads of programmes: those in force on a date, ready to be asked, and the lock between rules and decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col, select

from services.eligibility.programmes.models import Programme, ProgrammeVersion
from services.eligibility.programmes.rules import (
    CompiledVersion,
    Scope,
    VersionContent,
    compile_version,
    version_in_force,
)
from shared.concurrency import locked
from shared.database import Session, core
from shared.problems import NotFound

RULES_LOCK = 715_302_310
"""The number of the advisory lock in this service's own database."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A programme with one of its versions, ready to be asked."""

    programme_id: UUID
    scope: Scope
    version_id: UUID
    number: int
    version: CompiledVersion


async def hold_rules(session: Session) -> None:
    """Holds the rules as they are to the end of the transaction, with others who decide. Comes before any case's lock,
    so that no decision is made beside a change that it does not see."""
    await _lock_rules(session, "pg_advisory_xact_lock_shared")


async def change_rules(session: Session) -> None:
    """Waits for the decisions under way and keeps new ones out to the end of the transaction."""
    await _lock_rules(session, "pg_advisory_xact_lock")


async def _lock_rules(session: Session, how: str) -> None:
    # An advisory lock has a fair queue, and leaves no row behind for every decision. SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        await core(session, columns(getattr(func, how)(RULES_LOCK)))


async def locked_programme(session: Session, programme_id: UUID) -> Programme:
    """The programme under lock, to change its rules. Raises `NotFound`."""
    await change_rules(session)
    row = await locked(session, Programme, programme_id)
    if row is None:
        raise NotFound("programme")
    return row


async def programme_of_id(session: Session, programme_id: UUID) -> Programme:
    """Raises `NotFound`."""
    row = await session.get(Programme, programme_id)
    if row is None:
        raise NotFound("programme")
    return row


async def version_of_number(session: Session, programme_id: UUID, number: int) -> ProgrammeVersion:
    """Raises `NotFound`."""
    rows = select(ProgrammeVersion).where(ProgrammeVersion.programme_id == programme_id)
    row = (await session.exec(rows.where(ProgrammeVersion.number == number))).first()
    if row is None:
        raise NotFound("version of the programme")
    return row


IN_FORCE = (
    columns(
        col(Programme.id),
        *(col(each) for each in (Programme.code, Programme.name, Programme.donor, Programme.currency)),
        col(Programme.host_countries),
        col(Programme.destination_countries),
        col(ProgrammeVersion.id).label("version_id"),
        *(col(each) for each in (ProgrammeVersion.number, ProgrammeVersion.valid_from, ProgrammeVersion.valid_until)),
    )
    .join(ProgrammeVersion, col(ProgrammeVersion.programme_id) == col(Programme.id))
    .order_by(col(Programme.code), col(Programme.id), col(ProgrammeVersion.number))
)
"""Every version but for its text, by programme: small, where the texts are not."""


async def rulings_on(session: Session, on: date) -> dict[UUID, Ruling]:
    """Every programme that has a version in force on a date, by the programme's id. One statement, and one more for
    versions that this process has not read yet."""
    heads = (await core(session, IN_FORCE)).all()
    chosen = [version_in_force(list(versions), on) for _, versions in groupby(heads, key=lambda head: head.id)]
    in_force = [head for head in chosen if head is not None]
    await _read_texts(session, [head.version_id for head in in_force])
    return {
        head.id: Ruling(head.id, scope_of(head), head.version_id, head.number, _read[head.version_id])
        for head in sorted(in_force, key=lambda head: str(head.code))
    }


MOST_READ = 500
_read: dict[UUID, CompiledVersion] = {}
"""Versions ready to be asked, by id: what one says never changes."""


async def _read_texts(session: Session, versions: Sequence[UUID]) -> None:
    missing = [version for version in versions if version not in _read]
    if not missing:
        return
    if len(_read) > MOST_READ:
        _read.clear()
        missing = list(versions)
    documents = columns(col(ProgrammeVersion.id), col(ProgrammeVersion.document))
    for row in (await core(session, documents.where(col(ProgrammeVersion.id).in_(missing)))).all():
        _read[row.id] = compiled(bytes(row.document))


def codes_covering(rulings: Mapping[UUID, Ruling], host: str, destination: str) -> list[str]:
    """The codes of the programmes in force for a return from one country to another."""
    return sorted(r.scope.code for r in rulings.values() if r.scope.covers(host, destination))


async def ruling_of_version(session: Session, version_id: UUID) -> Ruling:
    """The version that a decision was made by."""
    version = await session.get_one(ProgrammeVersion, version_id)
    programme = await session.get_one(Programme, version.programme_id)
    return _ruling(programme, version.id, version.number, version.document)


async def programme_with_code(session: Session, code: str) -> Programme | None:
    return (await session.exec(select(Programme).where(Programme.code == code))).first()


async def codes_of_programmes(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = select(Programme.id, Programme.code).where(col(Programme.id).in_(ids))
    return {row[0]: row[1] for row in (await session.exec(rows)).all()}


async def list_of_programmes(session: Session, after: UUID | None, limit: int) -> Sequence[Programme]:
    """One more than `limit`, by id."""
    rows = select(Programme).order_by(col(Programme.id)).limit(limit + 1)
    if after is not None:
        rows = rows.where(col(Programme.id) > after)
    return (await session.exec(rows)).all()


async def versions_of(
    session: Session, programme_id: UUID, after: UUID | None, limit: int
) -> Sequence[ProgrammeVersion]:
    """One more than `limit`, the oldest first."""
    rows = select(ProgrammeVersion).where(ProgrammeVersion.programme_id == programme_id)
    if after is not None:
        rows = rows.where(col(ProgrammeVersion.id) > after)
    return (await session.exec(rows.order_by(col(ProgrammeVersion.id)).limit(limit + 1))).all()


def scope_of(row: Any) -> Scope:
    """Of a `Programme`, or of a row that has its columns."""
    return Scope(
        code=row.code,
        name=row.name,
        donor=row.donor,
        currency=row.currency,
        host_countries=tuple(row.host_countries),
        destination_countries=None if row.destination_countries is None else tuple(row.destination_countries),
    )


@lru_cache(maxsize=128)
def compiled(document: bytes) -> CompiledVersion:
    """A stored version, read and compiled once a process: its bytes never change."""
    return compile_version(VersionContent.model_validate_json(document))


def _ruling(row: Programme, version_id: UUID, number: int, document: bytes) -> Ruling:
    return Ruling(row.id, scope_of(row), version_id, number, compiled(bytes(document)))
