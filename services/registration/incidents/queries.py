"""Reads of incidents."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.registration.incidents.models import Incident
from services.registration.incidents.rules import IncidentKind, Resolution, check_resolution
from shared.database import Session

__all__ = ["Incident", "IncidentKind", "Resolution", "check_resolution", "list_rows", "open_about", "reasons_of"]


async def list_rows(session: Session, *, is_open: bool, before: UUID | None, limit: int) -> Sequence[Incident]:
    """Newest first, one more than `limit` where more follow."""
    resolved = col(Incident.resolved_at)
    rows = select(Incident).where(resolved.is_(None) if is_open else resolved.is_not(None))
    if before is not None:
        rows = rows.where(col(Incident.id) < before)
    return (await session.exec(rows.order_by(col(Incident.id).desc()).limit(limit + 1))).all()


async def open_about(session: Session, individual: UUID) -> set[UUID]:
    """What their incidents are about that nobody has resolved yet: events, flights, statements."""
    about = select(Incident.about).where(Incident.individual_id == individual, col(Incident.resolved_at).is_(None))
    return set((await session.exec(about)).all())


# Built once: making a statement anew costs twice what asking it does.
_REASONS = select(Incident.individual_id, Incident.about).where(
    col(Incident.individual_id).in_(bindparam("individuals", expanding=True))
)


async def reasons_of(session: Session, individuals: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(individual, what it is about) of all their incidents, in whatever case: events, flights, statements."""
    found = await session.exec(_REASONS, params={"individuals": list(individuals)})
    return {(individual, about) for individual, about in found.all()}
