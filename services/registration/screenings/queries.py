"""Reads of screenings."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.screenings.models import Screening
from shared.database import Session


async def screenings_of(session: Session, case_id: UUID) -> Sequence[Screening]:
    """Newest first."""
    rows = select(Screening).where(Screening.case_id == case_id).order_by(col(Screening.id).desc())
    return (await session.exec(rows)).all()
