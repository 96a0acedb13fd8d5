"""Reads of counselling sessions."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.counselling.models import CounsellingSession
from shared.database import Session

__all__ = ["CounsellingSession", "sessions_after"]


async def sessions_after(
    session: Session, case_id: UUID, after: UUID | None, limit: int
) -> Sequence[CounsellingSession]:
    """Up to `limit` + 1 sessions of the case in the order in which they were recorded."""
    rows = select(CounsellingSession).where(CounsellingSession.case_id == case_id).order_by(col(CounsellingSession.id))
    if after is not None:
        rows = rows.where(col(CounsellingSession.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
