"""Reading bookings, and taking turns on a case."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.dialects import sqlite
from sqlmodel import col, select

from services.travel.bookings.models import Booking, CaseTurn
from services.travel.bookings.rules import (
    BOOKING,
    AlreadyBooked,
    ChildWouldFlyAlone,
    GateNotPassed,
    NeverSplitWithoutTheirWord,
    NotEnoughSeats,
    NotOfThisCase,
    Relative,
    check_gate,
    check_party,
    check_split,
    has_grown,
    hold_reason,
    parties,
)
from shared.database import Session
from shared.joined import on_driver
from shared.on_file import OnFile
from shared.problems import NotFound

__all__ = [
    "BOOKING",
    "AlreadyBooked",
    "Booking",
    "ChildWouldFlyAlone",
    "GateNotPassed",
    "NeverSplitWithoutTheirWord",
    "NotEnoughSeats",
    "NotOfThisCase",
    "Relative",
    "booking",
    "bookings_by_id",
    "bookings_of_case",
    "check_gate",
    "check_party",
    "check_split",
    "has_grown",
    "hold_reason",
    "open_bookings",
    "parties_among",
    "take_turn",
]


TURN_ON_POSTGRES = "INSERT INTO case_turn (case_id) VALUES ($1) ON CONFLICT DO NOTHING"
LOCK_ON_POSTGRES = "SELECT 1 FROM case_turn WHERE case_id = $1 FOR UPDATE"
TURN_ON_FILE = OnFile(sqlite.insert(CaseTurn).on_conflict_do_nothing(), ("case_id",))  # who writes has the turn there


async def take_turn(session: Session, case_id: UUID) -> None:
    """Waits until nobody else books for this case or reacts to a fact about it, until the commit."""
    if session.get_bind().dialect.name == "postgresql":
        await on_driver(session, TURN_ON_POSTGRES, [case_id])
        await on_driver(session, LOCK_ON_POSTGRES, [case_id])
    else:
        await TURN_ON_FILE(session, case_id=case_id)


async def booking(session: Session, booking_id: UUID) -> Booking:
    """Raises `NotFound`."""
    found = await session.get(Booking, booking_id)
    if found is None:
        raise NotFound("booking")
    return found


async def flight_of_booking(session: Session, booking_id: UUID) -> UUID:
    """Which flight to lock before the booking is read. Raises `NotFound`."""
    found = (await session.exec(select(Booking.flight_id).where(col(Booking.id) == booking_id))).first()
    if found is None:
        raise NotFound("booking")
    return found


async def case_of_booking(session: Session, booking_id: UUID) -> UUID:
    """Whose turn to take before the booking is read. Raises `NotFound`."""
    found = (await session.exec(select(Booking.case_id).where(col(Booking.id) == booking_id))).first()
    if found is None:
        raise NotFound("booking")
    return found


async def bookings_by_id(session: Session, booking_ids: Iterable[UUID]) -> Sequence[Booking]:
    """In the order of their ids, locked until the commit."""
    rows = select(Booking).where(col(Booking.id).in_(sorted(set(booking_ids)))).order_by(col(Booking.id))
    return (await session.exec(rows.with_for_update().execution_options(populate_existing=True))).all()


async def parties_among(session: Session, booking_ids: Iterable[UUID], seats: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """These bookings of a flight, each with the first of those it goes together with. `seats`: by individual, the
    booking of their last seat on it."""
    rows = select(Booking.id, Booking.joined_since).where(col(Booking.id).in_(sorted(set(booking_ids))))
    return parties(dict((await session.exec(rows)).all()), seats)


async def open_bookings(session: Session, case_id: UUID) -> Sequence[Booking]:
    """Those of a case that have not ended, not locked: the flight is, before a booking."""
    rows = select(Booking).where(col(Booking.case_id) == case_id, col(Booking.status).in_(("confirmed", "on_hold")))
    return (await session.exec(rows)).all()


async def bookings_of_case(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[Booking]:
    """By id; one more than `limit`, to see whether more follow."""
    rows = select(Booking).where(col(Booking.case_id) == case_id).order_by(col(Booking.id)).limit(limit + 1)
    if after is not None:
        rows = rows.where(col(Booking.id) > after)
    return (await session.exec(rows)).all()
