"""Reads of fitness checks."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.fitness.models import FitnessCheck
from shared.database import Session


async def checks_of(session: Session, case_id: UUID) -> Sequence[FitnessCheck]:
    """Newest first."""
    rows = select(FitnessCheck).where(FitnessCheck.case_id == case_id).order_by(col(FitnessCheck.id).desc())
    return (await session.exec(rows)).all()
