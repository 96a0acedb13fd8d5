"""Reading stays."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.travel.nights.models import HotelStay
from shared.database import Session
from shared.problems import NotFound

__all__ = ["HotelStay", "stay", "stays_by", "stays_of_bookings"]


async def stay(session: Session, stay_id: UUID) -> HotelStay:
    """As it is now, also after a wait. Raises `NotFound`."""
    rows = select(HotelStay).where(col(HotelStay.id) == stay_id).execution_options(populate_existing=True)
    found = (await session.exec(rows)).first()
    if found is None:
        raise NotFound("hotel stay")
    return found


async def stays_of_bookings(session: Session, bookings: Iterable[UUID]) -> Sequence[HotelStay]:
    """Those that stand."""
    rows = select(HotelStay).where(
        col(HotelStay.booking_id).in_(sorted(set(bookings))), col(HotelStay.status) == "booked"
    )
    return (await session.exec(rows.order_by(col(HotelStay.id)).execution_options(populate_existing=True))).all()


async def stays_by(
    session: Session, case_id: UUID | None, flight_id: UUID | None, after: UUID | None, limit: int
) -> Sequence[HotelStay]:
    """By id; one more than `limit`, to see whether more follow."""
    rows = select(HotelStay).order_by(col(HotelStay.id)).limit(limit + 1)
    if case_id is not None:
        rows = rows.where(col(HotelStay.case_id) == case_id)
    if flight_id is not None:
        rows = rows.where(col(HotelStay.flight_id) == flight_id)
    return (await session.exec(rows if after is None else rows.where(col(HotelStay.id) > after))).all()
