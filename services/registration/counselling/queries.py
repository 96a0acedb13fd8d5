"""Reads of counselling."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.counselling.models import CounsellingSession
from services.registration.counselling.rules import speaks
from shared.database import Session

__all__ = ["languages_counselled", "sessions_of", "speaks"]


async def sessions_of(session: Session, case_id: UUID) -> Sequence[CounsellingSession]:
    rows = select(CounsellingSession).where(CounsellingSession.case_id == case_id)
    return (await session.exec(rows.order_by(col(CounsellingSession.id)))).all()


async def languages_counselled(session: Session, case_id: UUID) -> dict[UUID, set[str]]:
    """The languages in which each individual was counselled and understood."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for held in await sessions_of(session, case_id):
        if held.understood:
            for individual in held.individuals:
                found[individual].add(held.language)
    return found
