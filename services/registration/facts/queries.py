"""Reads of foreign facts."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.facts.models import AssistanceFact, JourneyLine, PassageFact
from shared.database import Session

__all__ = ["JourneyLine", "PassageFact", "assistance_of", "lines_of", "passages_of"]


async def assistance_of(session: Session, case_id: UUID) -> AssistanceFact | None:
    return await session.get(AssistanceFact, case_id)


async def passages_of(session: Session, case_id: UUID) -> Sequence[PassageFact]:
    """In the order in which travel told them."""
    rows = select(PassageFact).where(PassageFact.case_id == case_id)
    return (await session.exec(rows.order_by(col(PassageFact.sequence), col(PassageFact.individual_id)))).all()


async def lines_of(session: Session, case_id: UUID) -> Sequence[JourneyLine]:
    return (await session.exec(select(JourneyLine).where(JourneyLine.case_id == case_id))).all()
