"""Reading papers."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.travel.paper_flights.models import PaperManifest
from services.travel.paper_flights.rules import PAPER
from services.travel.passengers.queries import Passenger
from shared.database import Session
from shared.problems import NotFound

__all__ = ["PAPER", "PaperManifest", "cases_on", "paper_alike", "paper_of", "papers_of"]


async def papers_of(session: Session, flight_id: UUID) -> Sequence[PaperManifest]:
    rows = select(PaperManifest).where(col(PaperManifest.flight_id) == flight_id).order_by(col(PaperManifest.id))
    return (await session.exec(rows)).all()


async def paper_of(session: Session, flight_id: UUID, paper_id: UUID) -> PaperManifest:
    """Of a locked flight. Raises `NotFound`."""
    rows = select(PaperManifest).where(col(PaperManifest.id) == paper_id, col(PaperManifest.flight_id) == flight_id)
    found = (await session.exec(rows.execution_options(populate_existing=True))).first()
    if found is None:
        raise NotFound("paper manifest of this flight")
    return found


async def paper_alike(session: Session, flight_id: UUID, digest: str) -> PaperManifest | None:
    rows = select(PaperManifest).where(col(PaperManifest.flight_id) == flight_id, col(PaperManifest.digest) == digest)
    return (await session.exec(rows)).first()


async def cases_on(session: Session, flight_id: UUID) -> list[UUID]:
    """Whose turns to take before the flight is locked, in order."""
    rows = select(Passenger.case_id).where(col(Passenger.flight_id) == flight_id).distinct()
    return sorted((await session.exec(rows)).all())
