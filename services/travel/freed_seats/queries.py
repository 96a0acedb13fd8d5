"""Reading which flights have seats that were freed and not offered yet."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.travel.flights.queries import Flight
from shared.database import Session

# Built once: making a statement anew costs twice what asking it does.
_WITH_FREED_SEATS = (
    select(Flight.id, Flight.to_country, Flight.seats_freed_at, Flight.seats_offered_past)
    .where(col(Flight.seats_freed_at).is_not(None))
    .order_by(col(Flight.seats_freed_at), col(Flight.id))
    .limit(bindparam("most"))
)


async def flights_with_freed_seats(session: Session, limit: int) -> Sequence[tuple[UUID, str, datetime, str | None]]:
    """Flight, the country it ends in, since when, and how far they were offered; freed longest ago first."""
    found = (await session.exec(_WITH_FREED_SEATS, params={"most": limit})).all()
    return [(flight, country, at, past) for flight, country, at, past in found if at is not None]
