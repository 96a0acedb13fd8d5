"""Reading which flights have seats that were freed and not offered yet."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.travel.flights.queries import Flight
from shared.database import Session


async def flights_with_freed_seats(session: Session, limit: int) -> Sequence[tuple[UUID, str, datetime]]:
    """Flight, the country it ends in, and since when; whose seats were freed longest ago first."""
    rows = (
        select(Flight.id, Flight.to_country, Flight.seats_freed_at)
        .where(col(Flight.seats_freed_at).is_not(None))
        .order_by(col(Flight.seats_freed_at), col(Flight.id))
        .limit(limit)
    )
    return [(flight, country, at) for flight, country, at in (await session.exec(rows)).all() if at is not None]
