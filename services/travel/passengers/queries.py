"""Reading passengers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.travel.bookings.queries import parties_among
from services.travel.flights.queries import BEFORE_DOORS, Flight, check_in_is_open, hold_flight, lock_flight
from services.travel.passengers.models import Passenger
from services.travel.passengers.rules import (
    ABOARD,
    FLOWN,
    LIVING,
    NOT_FLOWN,
    ON_THE_GROUND,
    PASSENGER,
    DoorsClosed,
    Seat,
    TakenOff,
    Traveller,
    boarded_and_expected,
    those_who_cannot_fly,
    verbs_now,
)
from shared.database import Session
from shared.problems import NotFound

__all__ = [
    "ABOARD",
    "FLOWN",
    "LIVING",
    "ON_THE_GROUND",
    "PASSENGER",
    "DoorsClosed",
    "Passenger",
    "Seat",
    "TakenOff",
    "Traveller",
    "boarded_and_expected",
    "booked_to",
    "case_of_passenger",
    "cleared_and_taken_off",
    "documents_flown_with",
    "flights_waited_for",
    "flown_of_case",
    "last_of_each",
    "living_of_case",
    "living_of_individuals",
    "living_on",
    "locked_passenger",
    "parties_of",
    "passenger_on",
    "passenger_under_way",
    "passengers_of_booking",
    "passengers_of_bookings",
    "passengers_on",
    "those_who_cannot_fly",
]


def _fresh(rows: SelectOfScalar[Passenger]) -> SelectOfScalar[Passenger]:
    # Read after a wait for a lock: what an earlier read of this session saw no longer counts.
    return rows.execution_options(populate_existing=True)


# Built once: making a statement anew costs twice what asking it does.
_OF_FLIGHT = col(Passenger.flight_id) == bindparam("flight")
_OF_INDIVIDUALS = col(Passenger.individual_id).in_(bindparam("individuals", expanding=True))
_ON_FLIGHT = _fresh(select(Passenger).where(_OF_FLIGHT).order_by(col(Passenger.id)))
_LAST_SEAT = _fresh(
    select(Passenger)
    .where(_OF_FLIGHT, col(Passenger.individual_id) == bindparam("individual"))
    .order_by(col(Passenger.id).desc())
    .limit(1)
)
_LAST_SEAT_LOCKED = _LAST_SEAT.with_for_update()
_WAITED_FOR = (
    select(Passenger.flight_id)
    .where(col(Passenger.case_id) == bindparam("case"), col(Passenger.status).in_(ON_THE_GROUND))
    .distinct()
)
_FLOWN_WITH = select(Passenger.documents).where(_OF_INDIVIDUALS, col(Passenger.status).in_(FLOWN))
_TAKEN_OFF = select(Passenger.individual_id, Passenger.attempt, Passenger.clearance_id).where(
    _OF_INDIVIDUALS,
    col(Passenger.status).in_(NOT_FLOWN),
    col(Passenger.clearance_id).is_not(None),
    col(Passenger.refused_for).is_(None),
)


async def passenger_on(
    session: Session, flight_id: UUID, individual_id: UUID, asked: SelectOfScalar[Passenger] = _LAST_SEAT
) -> Passenger:
    """The individual's seat on this flight: the last one, should they have been taken off and booked again.

    Raises `NotFound`.
    """
    found = (await session.exec(asked, params={"flight": flight_id, "individual": individual_id})).first()
    if found is None:
        raise NotFound("passenger on this flight")
    return found


async def locked_passenger(session: Session, flight_id: UUID, individual_id: UUID) -> tuple[Flight, Passenger]:
    """A passenger with their flight, which is locked until the commit: nothing else happens on it meanwhile.

    Raises `NotFound`.
    """
    flight = await lock_flight(session, flight_id)
    return flight, await passenger_on(session, flight_id, individual_id)


async def passenger_under_way(session: Session, flight_id: UUID, individual_id: UUID) -> tuple[Flight, Passenger]:
    """A passenger, locked until the commit, with their flight, which only stays as it is: what is heard of one on the
    way has nothing to do with another, and a whole flight is heard of at once.

    Raises `NotFound`.
    """
    flight = await hold_flight(session, flight_id)
    return flight, await passenger_on(session, flight_id, individual_id, _LAST_SEAT_LOCKED)


def verbs_of(passenger: Passenger, flight: Flight, now: datetime) -> list[str]:
    """What can be done with the passenger now, in the order of their state table."""
    return verbs_now(
        passenger.status,
        flight.status,
        checks_in=check_in_is_open(flight.status, flight.check_in_opens_at, now),
        adult=passenger.adult,
        ask_again=passenger.ask_again_since is not None,
    )


async def passengers_on(session: Session, flight_id: UUID) -> Sequence[Passenger]:
    """Everyone who has or had a seat on this flight, in the order they were booked."""
    return (await session.exec(_ON_FLIGHT, params={"flight": flight_id})).all()


def last_of_each(rows: Iterable[Passenger]) -> dict[UUID, Passenger]:
    """The last seat of each person, should somebody have been taken off and booked again."""
    return {each.individual_id: each for each in sorted(rows, key=lambda row: row.id)}


async def parties_of(session: Session, passengers: Sequence[Passenger]) -> dict[UUID, UUID]:
    """The bookings of these on one flight, each with the first of those it goes together with."""
    seats = {one: last.booking_id for one, last in last_of_each(passengers).items()}
    return await parties_among(session, {each.booking_id for each in passengers}, seats)


async def living_on(session: Session, flight_id: UUID) -> list[Passenger]:
    """Those who still have a seat on this flight."""
    return [each for each in await passengers_on(session, flight_id) if each.status in LIVING]


async def passengers_of_booking(session: Session, booking_id: UUID) -> Sequence[Passenger]:
    rows = select(Passenger).where(col(Passenger.booking_id) == booking_id).order_by(col(Passenger.id))
    return (await session.exec(_fresh(rows))).all()


async def passengers_of_bookings(session: Session, booking_ids: Iterable[UUID]) -> dict[UUID, list[Passenger]]:
    """By booking, in the order they were booked, in one statement."""
    wanted = sorted(set(booking_ids))
    rows = select(Passenger).where(col(Passenger.booking_id).in_(wanted)).order_by(col(Passenger.id))
    found: dict[UUID, list[Passenger]] = {each: [] for each in wanted}
    for row in (await session.exec(_fresh(rows))).all():
        found[row.booking_id].append(row)
    return found


async def living_of_case(session: Session, case_id: UUID) -> Sequence[Passenger]:
    rows = select(Passenger).where(col(Passenger.case_id) == case_id, col(Passenger.status).in_(LIVING))
    return (await session.exec(_fresh(rows.order_by(col(Passenger.id))))).all()


async def flights_waited_for(session: Session, case_id: UUID) -> Sequence[UUID]:
    """The flights on which somebody of this case has a seat on the ground: what to lock before passengers are read."""
    return (await session.exec(_WAITED_FOR, params={"case": case_id})).all()


async def booked_to(session: Session, country: str) -> Sequence[tuple[UUID, UUID]]:
    """Case and flight of everyone on the ground with a seat on a flight that ends in that country."""
    rows = (
        select(Passenger.case_id, Passenger.flight_id)
        .join(Flight, col(Flight.id) == col(Passenger.flight_id))
        .where(col(Flight.to_country) == country, col(Flight.status).in_(sorted(BEFORE_DOORS)))
        .where(col(Passenger.status).in_(ON_THE_GROUND))
        .distinct()
    )
    return (await session.exec(rows)).all()


async def case_of_passenger(session: Session, flight_id: UUID, individual_id: UUID) -> UUID:
    """Whose turn to take before the passenger is read. Raises `NotFound`."""
    rows = select(Passenger.case_id).where(
        col(Passenger.flight_id) == flight_id, col(Passenger.individual_id) == individual_id
    )
    found = (await session.exec(rows.order_by(col(Passenger.id).desc()).limit(1))).first()
    if found is None:
        raise NotFound("passenger on this flight")
    return found


async def living_of_individuals(session: Session, individuals: Iterable[UUID]) -> Sequence[Passenger]:
    rows = select(Passenger).where(
        col(Passenger.individual_id).in_(sorted(set(individuals))), col(Passenger.status).in_(LIVING)
    )
    return (await session.exec(_fresh(rows))).all()


async def flown_of_case(session: Session, case_id: UUID) -> Sequence[Passenger]:
    rows = select(Passenger).where(col(Passenger.case_id) == case_id, col(Passenger.status).in_(FLOWN))
    return (await session.exec(rows)).all()


async def documents_flown_with(session: Session, individuals: Iterable[UUID]) -> set[UUID]:
    """Documents somebody has already flown with: one that is good for a single journey is then used up."""
    found = await session.exec(_FLOWN_WITH, params={"individuals": sorted(set(individuals))})
    return {UUID(each) for documents in found.all() for each in documents}


async def cleared_and_taken_off(session: Session, individuals: Iterable[UUID]) -> Sequence[tuple[UUID, int, UUID]]:
    """Individual, attempt and clearance of those who were cleared for a flight that they did not take."""
    found = await session.exec(_TAKEN_OFF, params={"individuals": sorted(set(individuals))})
    return [(one, attempt, by) for one, attempt, by in found.all() if by is not None]
