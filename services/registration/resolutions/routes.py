"""Routes of resolutions."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import lock_file
from services.registration.cases.rules import LEFT
from services.registration.incidents.queries import Incident
from services.registration.resolutions import actions
from services.registration.resolutions.schemas import ResolutionBody, ResolvedAnswer
from shared.auth import Role, allow
from shared.call import Call
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["incidents"])


@router.post("/incidents/{incident_id}/resolution", dependencies=[allow(Role.PROTECTION)])
async def resolve_incident(incident_id: UUID, body: ResolutionBody, call: Call) -> ResolvedAnswer:
    """Says how an incident was resolved. Confirming a departure makes the individual stand as departed."""
    seen = await call.session.get(Incident, incident_id)
    if seen is None:
        raise NotFound("incident")
    file = await lock_file(call.session, seen.case_id)
    incident = await call.session.get(Incident, incident_id, populate_existing=True)
    assert incident is not None  # incidents are never deleted
    call.seen(incident)
    await actions.resolve_incident(call.session, call.act, file, incident, body)
    call.shows(incident)
    concerned = file.members.get(incident.individual_id)  # none where the person has left the case
    return ResolvedAnswer(
        id=incident.id,
        case_id=incident.case_id,
        individual_id=incident.individual_id,
        resolution=body.resolution,
        resolved_at=call.act.now,
        status="resolved",
        individual_status=LEFT if concerned is None else concerned.member.status,
    )
