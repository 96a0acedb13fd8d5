"""Reads of coming changes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from services.eligibility.changes.models import ComingChange
from shared.database import Session


async def changes_due(session: Session, on: date, limit: int) -> Sequence[ComingChange]:
    """Up to `limit` that are due by a date and not taken up yet, the earliest first."""
    rows = select(ComingChange).where(col(ComingChange.done_at).is_(None), col(ComingChange.due_on) <= on)
    rows = rows.order_by(col(ComingChange.due_on), col(ComingChange.id)).limit(limit)
    return (await session.exec(rows)).all()


async def changes_to_come(session: Session, after: UUID | None, limit: int) -> Sequence[ComingChange]:
    """One more than `limit` of those that wait, in the order in which they were announced."""
    rows = select(ComingChange).where(col(ComingChange.done_at).is_(None)).order_by(col(ComingChange.id))
    if after is not None:
        rows = rows.where(col(ComingChange.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
