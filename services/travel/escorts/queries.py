"""Reading escorts."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.travel.escorts.models import Escort
from shared.database import Session
from shared.problems import NotFound

__all__ = ["Escort", "booked_on", "escort", "escorts_on"]


async def escort(session: Session, escort_id: UUID) -> Escort:
    """As it is now, also after a wait. Raises `NotFound`."""
    rows = select(Escort).where(col(Escort.id) == escort_id).execution_options(populate_existing=True)
    found = (await session.exec(rows)).first()
    if found is None:
        raise NotFound("escort")
    return found


async def escorts_on(session: Session, flight_id: UUID) -> Sequence[Escort]:
    """Everyone who has or had a seat as an escort, in the order in which they were booked."""
    rows = select(Escort).where(col(Escort.flight_id) == flight_id).order_by(col(Escort.id))
    return (await session.exec(rows.execution_options(populate_existing=True))).all()


async def booked_on(session: Session, flight_id: UUID) -> list[Escort]:
    return [each for each in await escorts_on(session, flight_id) if each.status == "booked"]
