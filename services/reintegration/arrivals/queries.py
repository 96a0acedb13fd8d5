"""Reads of who is expected home when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, literal, tuple_
from sqlmodel import col, select

from services.reintegration.facts.queries import FactSeat
from shared.database import Session, UtcDateTime

ON_THE_WAY = ("booked", "departed", "in_transit")


async def expected_between(
    session: Session, since: datetime, until: datetime, after: tuple[datetime, UUID, UUID] | None, limit: int
) -> Sequence[FactSeat]:
    """Up to `limit` + 1 seats whose holders are to arrive from `since` to before `until`, in the order of arrival.
    `after`: arrival, booking and individual of the last one that was read."""
    place = (col(FactSeat.expected_at), col(FactSeat.booking_id), col(FactSeat.individual_id))
    rows = (
        select(FactSeat)
        .where(
            col(FactSeat.expected_at) >= since,
            col(FactSeat.expected_at) < until,
            col(FactSeat.standing).in_(ON_THE_WAY),
        )
        .order_by(*place)
        .limit(limit + 1)
    )
    if after is not None:
        # Each value is bound as its column is stored, which a bare tuple would not be.
        at, booking, individual = after
        last = (literal(at, UtcDateTime()), literal(booking, Uuid()), literal(individual, Uuid()))
        rows = rows.where(tuple_(*place) > tuple_(*last))
    return (await session.exec(rows)).all()
