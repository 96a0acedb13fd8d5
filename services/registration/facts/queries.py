"""Reads of foreign facts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from services.registration.facts.models import AssistanceFact, FlightFact, JourneyLine, PassageFact, SeatFact
from shared.database import Session, core

__all__ = [
    "FlightFact",
    "JourneyLine",
    "PassageFact",
    "SeatFact",
    "assistance_of",
    "flight_tellings",
    "hold_flight",
    "lines_of",
    "passages_of",
    "seats_by",
    "seats_on",
]


async def assistance_of(session: Session, case_id: UUID) -> AssistanceFact | None:
    return await session.get(AssistanceFact, case_id)


# Built once: making a statement anew costs twice what asking it does.
_PASSAGES = (
    select(PassageFact)
    .where(col(PassageFact.case_id) == bindparam("case"))
    .order_by(col(PassageFact.sequence), col(PassageFact.individual_id))
)


async def passages_of(session: Session, case_id: UUID) -> Sequence[PassageFact]:
    """In the order in which travel told them."""
    return (await session.exec(_PASSAGES, params={"case": case_id})).all()


async def lines_of(session: Session, case_id: UUID) -> Sequence[JourneyLine]:
    return (await session.exec(select(JourneyLine).where(JourneyLine.case_id == case_id))).all()


async def hold_flight(session: Session, flight_id: UUID, *, alone: bool) -> None:
    """Keeps what was told of a flight as it is until the commit: `alone` for who looks at all its seats, shared for who
    looks from one of them. A booking and a change are told under different keys, and so heard at the same moment by
    two workers: each would look before the other's fact is there."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        await core(session, columns(lock(func.hashtextextended(f"flight {flight_id}", 0))))


async def seats_on(session: Session, flight_id: UUID) -> Sequence[SeatFact]:
    """The seats that somebody has on a flight."""
    rows = select(SeatFact).where(SeatFact.flight_id == flight_id, col(SeatFact.taken).is_(True))
    return (await session.exec(rows.execution_options(populate_existing=True))).all()


async def seats_by(session: Session, booking_id: UUID) -> Sequence[SeatFact]:
    """The seats that somebody has by a booking."""
    rows = select(SeatFact).where(SeatFact.booking_id == booking_id, col(SeatFact.taken).is_(True))
    return (await session.exec(rows.execution_options(populate_existing=True))).all()


async def flight_tellings(session: Session, flight_id: UUID) -> Sequence[FlightFact]:
    """Each telling of a flight, oldest first."""
    rows = select(FlightFact).where(FlightFact.flight_id == flight_id).order_by(col(FlightFact.sequence))
    return (await session.exec(rows)).all()
