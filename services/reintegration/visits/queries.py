"""Reads of visits."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.reintegration.visits.models import Visit
from shared.database import Session

__all__ = ["Visit", "count_visits", "days_named", "visits_after"]


async def visits_after(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[Visit]:
    """Up to `limit` + 1 visits of the case in the order in which they were recorded."""
    rows = select(Visit).where(Visit.case_id == case_id).order_by(col(Visit.id))
    if after is not None:
        rows = rows.where(col(Visit.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def days_named(session: Session, case_id: UUID, since: date) -> Sequence[date]:
    """The days from `since` on that visitors named for the next visit."""
    rows = select(Visit).where(Visit.case_id == case_id, col(Visit.next_due) >= since)
    return sorted({each.next_due for each in (await session.exec(rows)).all() if each.next_due is not None})


async def count_visits(session: Session, case_id: UUID) -> int:
    return (await session.exec(select(func.count()).select_from(Visit).where(Visit.case_id == case_id))).one()
