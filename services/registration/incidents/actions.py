"""Opening incidents."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from services.registration.cases.queries import CaseFile, Standing
from services.registration.incidents.models import Incident
from services.registration.incidents.rules import IncidentKind, IncidentResolvedAlready, Resolution, check_resolution
from shared.act import Act
from shared.database import Session, new_id


async def open_incident(
    session: Session, act: Act, file: CaseFile, standing: Standing, kind: IncidentKind, about: UUID, happened: datetime
) -> None:
    """Once for each individual, kind and thing it is about."""
    same = select(Incident.id).where(
        Incident.individual_id == standing.id, Incident.kind == kind, Incident.about == about
    )
    if (await session.exec(same)).first() is not None:
        return
    session.add(
        Incident(
            id=new_id(),
            case_id=file.id,
            individual_id=standing.id,
            kind=kind,
            about=about,
            attempt=standing.member.attempt,
            happened_at=happened,
            opened_at=act.now,
        )
    )
    file.settle()


def settle_incident(act: Act, incident: Incident, resolution: Resolution, note: str | None) -> None:
    """Raises `IncidentResolvedAlready`, `ResolutionDoesNotFit`."""
    if incident.resolved_at is not None:
        raise IncidentResolvedAlready()
    check_resolution(incident.kind, resolution)
    incident.resolution = resolution
    incident.note = note
    incident.resolved_at = act.now
    incident.resolved_by = act.by
    incident.version += 1
