"""Reads of departures."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import select

from services.registration.departures.models import Departure
from shared.database import Session

__all__ = ["Departure", "departures_of"]


async def departures_of(session: Session, case_id: UUID) -> Sequence[Departure]:
    return (await session.exec(select(Departure).where(Departure.case_id == case_id))).all()
