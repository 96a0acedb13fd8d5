"""Reading offers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.travel.offers.models import SeatOffer
from services.travel.offers.rules import OFFER, OfferedAlready, OfferExpired
from shared.database import Session
from shared.problems import NotFound

__all__ = [
    "OFFER",
    "OfferExpired",
    "OfferedAlready",
    "SeatOffer",
    "flights_offered_to",
    "flights_with_due",
    "held_for",
    "held_of_case",
    "held_on",
    "offer",
    "offers_of_case",
]


async def offer(session: Session, offer_id: UUID) -> SeatOffer:
    """As it is now, also after a wait. Raises `NotFound`."""
    rows = select(SeatOffer).where(col(SeatOffer.id) == offer_id).execution_options(populate_existing=True)
    found = (await session.exec(rows)).first()
    if found is None:
        raise NotFound("offer")
    return found


# Built once: making a statement anew costs twice what asking it does.
_HELD = col(SeatOffer.status) == "held"
_OF_CASE = col(SeatOffer.case_id) == bindparam("case")
_HELD_OF_CASE = select(SeatOffer).where(_OF_CASE, _HELD).execution_options(populate_existing=True)
_OFFERED_TO = select(SeatOffer.flight_id).where(_OF_CASE, _HELD)
_HELD_ON = (
    select(SeatOffer)
    .where(col(SeatOffer.flight_id) == bindparam("flight"), _HELD)
    .order_by(col(SeatOffer.expires_at), col(SeatOffer.id))
    .execution_options(populate_existing=True)
)


async def held_of_case(session: Session, case_id: UUID) -> SeatOffer | None:
    """The offer that stands for a case; at most one."""
    return (await session.exec(_HELD_OF_CASE, params={"case": case_id})).first()


async def held_for(session: Session, flight_id: UUID, case_id: UUID) -> SeatOffer | None:
    """The offer that stands for a case on this flight."""
    found = await held_of_case(session, case_id)
    return found if found is not None and found.flight_id == flight_id else None


async def held_on(session: Session, flight_id: UUID) -> Sequence[SeatOffer]:
    """The offers that stand on a flight, in the order in which they end."""
    return (await session.exec(_HELD_ON, params={"flight": flight_id})).all()


async def flights_offered_to(session: Session, case_id: UUID) -> Sequence[UUID]:
    """The flights on which seats are held for a case: what to lock before the offers are read."""
    return (await session.exec(_OFFERED_TO, params={"case": case_id})).all()


async def flights_with_due(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    """Flights on which an offer's moment has passed, each once, in the order of their ids."""
    rows = (
        select(SeatOffer.flight_id)
        .where(col(SeatOffer.status) == "held", col(SeatOffer.expires_at) <= now)
        .distinct()
        .order_by(col(SeatOffer.flight_id))
        .limit(limit)
    )
    return (await session.exec(rows)).all()


async def offers_of_case(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[SeatOffer]:
    """By id; one more than `limit`, to see whether more follow."""
    rows = select(SeatOffer).where(col(SeatOffer.case_id) == case_id).order_by(col(SeatOffer.id)).limit(limit + 1)
    return (await session.exec(rows if after is None else rows.where(col(SeatOffer.id) > after))).all()
