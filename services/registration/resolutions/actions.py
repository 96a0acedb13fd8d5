"""Verbs of resolutions."""

from services.registration.cases.queries import CaseFile
from services.registration.incidents.actions import settle_incident
from services.registration.incidents.queries import Incident, Resolution
from services.registration.passages.actions import confirm_departure
from services.registration.resolutions.schemas import ResolutionBody
from shared.act import Act
from shared.database import Session


async def resolve_incident(
    session: Session, act: Act, file: CaseFile, incident: Incident, body: ResolutionBody
) -> None:
    """Raises `IncidentResolvedAlready`, `ResolutionDoesNotFit`, `NotPossibleNow`."""
    settle_incident(act, incident, body.resolution, body.note)
    file.settle()
    if body.resolution is Resolution.DEPARTURE_CONFIRMED:
        await confirm_departure(session, act, file, incident.individual_id, incident.about)
