"""Reads of corrections."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.corrections.models import Correction
from shared.database import Session


async def corrections_of(session: Session, case_id: UUID) -> Sequence[Correction]:
    """Newest first."""
    rows = select(Correction).where(Correction.case_id == case_id).order_by(col(Correction.id).desc())
    return (await session.exec(rows)).all()
