"""Routes of incidents."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.incidents.models import Incident
from services.registration.incidents.queries import list_rows
from services.registration.incidents.schemas import IncidentAnswer
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["incidents"])


@router.get("/incidents", dependencies=[allow(Role.PROTECTION)])
async def list_incidents(
    call: Call,
    status: Annotated[Literal["open", "resolved"], Query(description="Which of them")] = "open",
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[IncidentAnswer]:
    """What protection must look at, newest first."""
    rows = await list_rows(call.session, is_open=status == "open", before=after(cursor), limit=limit)
    return page(rows, limit, lambda row: incident_answer(call, row))


@router.get("/incidents/{incident_id}", dependencies=[allow(Role.PROTECTION)])
async def read_incident(incident_id: UUID, call: Call) -> IncidentAnswer:
    """One incident."""
    incident = await call.session.get(Incident, incident_id)
    if incident is None:
        raise NotFound("incident")
    call.shows(incident)
    return incident_answer(call, incident)


def incident_answer(call: CallState, incident: Incident) -> IncidentAnswer:
    is_open = incident.resolved_at is None
    offered = call.offers(["resolve_incident"] if is_open else [], incident_id=incident.id)
    status = "open" if is_open else "resolved"
    return IncidentAnswer.model_validate({**incident.model_dump(), "status": status, "actions": offered})
