"""Reading flights, and locking them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Uuid, bindparam, literal, tuple_
from sqlmodel import col, select

from services.travel.flights.models import Flight, FlightLeg
from services.travel.flights.rules import BEFORE_DOORS, FLIGHT, AirportCode, Code, FlightNotOpen, check_in_is_open
from shared.concurrency import held, locked
from shared.database import Session
from shared.problems import NotFound

__all__ = [
    "BEFORE_DOORS",
    "FLIGHT",
    "AirportCode",
    "Code",
    "Flight",
    "FlightLeg",
    "FlightNotOpen",
    "check_in_is_open",
    "flight",
    "flights_on",
    "legs_of",
    "lock_flight",
    "lock_flights",
    "statuses_of",
]


async def flight(session: Session, flight_id: UUID) -> Flight:
    """Raises `NotFound`."""
    found = await session.get(Flight, flight_id)
    if found is None:
        raise NotFound("flight")
    return found


async def lock_flight(session: Session, flight_id: UUID) -> Flight:
    """The flight, locked until the commit. Raises `NotFound`.

    Everything that hangs on a flight (bookings, passengers, hand-overs) is read after its lock is held: a row read
    before the wait could be stale after it.
    """
    found = await locked(session, Flight, flight_id)
    if found is None:
        raise NotFound("flight")
    return found


async def hold_flight(session: Session, flight_id: UUID) -> Flight:
    """The flight, as it stays until the commit; others may hold it at the same time. Raises `NotFound`."""
    found = await held(session, Flight, flight_id)
    if found is None:
        raise NotFound("flight")
    return found


async def lock_flights(session: Session, flight_ids: Iterable[UUID]) -> list[Flight]:
    """Several, in the order of their ids, so that two who need the same never wait for each other."""
    return [await lock_flight(session, flight_id) for flight_id in sorted(set(flight_ids))]


async def statuses_of(session: Session, flight_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The status of each, in one statement."""
    rows = select(Flight.id, Flight.status).where(col(Flight.id).in_(sorted(set(flight_ids))))
    return dict((await session.exec(rows)).all())


# Built once: making a statement anew costs twice what asking it does.
_LEGS = (
    select(FlightLeg)
    .where(col(FlightLeg.flight_id).in_(bindparam("flights", expanding=True)))
    .order_by(col(FlightLeg.number))
)


async def legs_of(session: Session, flight_ids: Iterable[UUID]) -> dict[UUID, list[FlightLeg]]:
    """The legs of each flight, in order."""
    wanted = sorted(set(flight_ids))
    found: dict[UUID, list[FlightLeg]] = {flight_id: [] for flight_id in wanted}
    for leg in (await session.exec(_LEGS, params={"flights": wanted})).all():
        found[leg.flight_id].append(leg)
    return found


async def flights_on(session: Session, day: date | None, after: UUID | None, limit: int) -> Sequence[Flight]:
    """Flights of that day (UTC) in the order in which they depart, or all by id; one more than `limit`, to see whether
    more follow."""
    if day is None:
        rows = select(Flight).order_by(col(Flight.id)).limit(limit + 1)
        return (await session.exec(rows if after is None else rows.where(col(Flight.id) > after))).all()
    start = datetime.combine(day, time(), UTC)
    of_day = select(Flight).where(col(Flight.departs_at) >= start, col(Flight.departs_at) < start + timedelta(days=1))
    place = tuple_(col(Flight.departs_at), col(Flight.id))
    if after is not None:
        last = (await session.exec(select(Flight.departs_at).where(col(Flight.id) == after))).first()
        if last is None:
            return []
        at = literal(last, Flight.__table__.c.departs_at.type)  # type: ignore[attr-defined]  # SQLModel hides the table
        of_day = of_day.where(place > tuple_(at, literal(after, Uuid())))
    return (await session.exec(of_day.order_by(col(Flight.departs_at), col(Flight.id)).limit(limit + 1))).all()
