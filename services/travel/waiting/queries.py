"""Reads of the waiting list."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Uuid, literal, tuple_
from sqlmodel import col, select

from services.travel.waiting.models import PriorityFact, WaitingEntry
from services.travel.waiting.rules import Place
from shared.database import Session, UtcDateTime
from shared.problems import NotFound

__all__ = [
    "PriorityFact",
    "WaitingEntry",
    "first_in_line",
    "levels_of",
    "still_waiting",
    "waiting_entry",
    "waiting_entry_of",
]


async def waiting_entry_of(session: Session, case_id: UUID, *, lock: bool = False) -> WaitingEntry | None:
    """The entry by which a case waits now; at most one."""
    rows = select(WaitingEntry).where(WaitingEntry.case_id == case_id, WaitingEntry.status == "waiting")
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(rows)).first()


async def waiting_entry(session: Session, entry_id: UUID, *, lock: bool = False) -> WaitingEntry:
    """An entry that waits, or did. Raises `NotFound`."""
    rows = select(WaitingEntry).where(WaitingEntry.id == entry_id)
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    found = (await session.exec(rows)).first()
    if found is None:
        raise NotFound("entry of the waiting list")
    return found


async def first_in_line(session: Session, destination: str, after: Place | None, limit: int) -> Sequence[WaitingEntry]:
    """Up to `limit` entries to a country, in the order of the list."""
    order = (col(WaitingEntry.level), col(WaitingEntry.since), col(WaitingEntry.id))
    rows = (
        select(WaitingEntry)
        .where(WaitingEntry.destination == destination, WaitingEntry.status == "waiting")
        .order_by(*order)
        .limit(limit)
    )
    if after is not None:
        last = (literal(after.level, Integer()), literal(after.since, UtcDateTime()), literal(after.entry, Uuid()))
        rows = rows.where(tuple_(*order) > tuple_(*last))
    return (await session.exec(rows)).all()


async def still_waiting(session: Session, case_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the cases that wait now."""
    rows = select(WaitingEntry.case_id).where(
        col(WaitingEntry.case_id).in_(sorted(set(case_ids))), WaitingEntry.status == "waiting"
    )
    return set((await session.exec(rows)).all())


async def levels_of(session: Session, case_id: UUID) -> dict[str, int]:
    """By individual; the case's own under ''."""
    rows = (await session.exec(select(PriorityFact).where(PriorityFact.case_id == case_id))).all()
    return {row.individual: row.level for row in rows}


def place_of(entry: WaitingEntry) -> Place:
    since: datetime = entry.since
    return Place(entry.level, since, entry.id)
