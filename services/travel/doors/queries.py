"""Reading hand-overs."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.travel.doors.models import HandedOver, HandOver
from shared.database import Session


async def waiting_hand_overs(session: Session, limit: int = 20) -> Sequence[HandOver]:
    """Those registration has not answered in full, oldest first."""
    rows = select(HandOver).where(col(HandOver.settled_at).is_(None)).order_by(col(HandOver.closing_at)).limit(limit)
    return (await session.exec(rows)).all()


async def flight_of_hand_over(session: Session, clearance_id: UUID) -> UUID | None:
    """Which flight to lock before the hand-over is read."""
    return (await session.exec(select(HandOver.flight_id).where(col(HandOver.id) == clearance_id))).first()


async def hand_over_of_flight(session: Session, flight_id: UUID) -> HandOver | None:
    rows = select(HandOver).where(col(HandOver.flight_id) == flight_id)
    return (await session.exec(rows.execution_options(populate_existing=True))).first()


async def handed_over(session: Session, clearance_id: UUID) -> Sequence[HandedOver]:
    """In the order of cases and individuals, so that a repeat asks in the same words."""
    rows = select(HandedOver).where(col(HandedOver.clearance_id) == clearance_id)
    rows = rows.order_by(col(HandedOver.case_id), col(HandedOver.individual_id))
    return (await session.exec(rows.execution_options(populate_existing=True))).all()
