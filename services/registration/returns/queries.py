"""Reads of returns without us."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.returns.models import RecordedReturn
from shared.database import Session


async def returns_of(session: Session, case_id: UUID) -> Sequence[RecordedReturn]:
    """Oldest first, also those that were undone."""
    rows = select(RecordedReturn).where(RecordedReturn.case_id == case_id).order_by(col(RecordedReturn.id))
    return (await session.exec(rows.execution_options(populate_existing=True))).all()
