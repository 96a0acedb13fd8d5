"""Reads of assessments."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.assessments.models import Assessment
from shared.database import Session


async def assessments_after(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[Assessment]:
    """Up to `limit` + 1 assessments of the case in the order in which they were recorded."""
    rows = select(Assessment).where(Assessment.case_id == case_id).order_by(col(Assessment.id))
    if after is not None:
        rows = rows.where(col(Assessment.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
