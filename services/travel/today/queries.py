"""The flights of one day with the counts of their passengers: two statements, however many there are."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.travel.flights.queries import Flight
from services.travel.passengers.queries import Passenger
from shared.database import Session

MOST_FLIGHTS = 200


async def flights_from(session: Session, airport: str, on: date) -> Sequence[Flight]:
    """Those that depart from an airport on a day (UTC), in the order of their departure."""
    begins = datetime.combine(on, time(), UTC)
    rows = (
        select(Flight)
        .where(
            col(Flight.departs_at) >= begins,
            col(Flight.departs_at) < begins + timedelta(days=1),
            Flight.from_airport == airport,
        )
        .order_by(col(Flight.departs_at), col(Flight.id))
        .limit(MOST_FLIGHTS)
    )
    return (await session.exec(rows)).all()


async def counts_of(session: Session, flights: Sequence[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """By flight and status; who was taken off and booked again counts once, by the last seat."""
    # Numbered, and not looked for with NOT EXISTS: for that PostgreSQL reads the passengers of all flights ever.
    last_first = func.row_number().over(
        partition_by=(col(Passenger.flight_id), col(Passenger.individual_id)), order_by=col(Passenger.id).desc()
    )
    seats = (
        select(Passenger.flight_id, Passenger.status, last_first.label("place"))
        .where(col(Passenger.flight_id).in_(flights))
        .subquery()
    )
    rows: Any = (
        select(seats.c.flight_id, seats.c.status, func.count())
        .where(seats.c.place == 1)
        .group_by(seats.c.flight_id, seats.c.status)
    )
    found: dict[UUID, dict[str, int]] = {flight: {} for flight in flights}
    for flight, status, count in (await session.exec(rows)).all():
        found[flight][status] = count
    return found
