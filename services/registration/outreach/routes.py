"""Routes of outreach."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.outreach import actions
from services.registration.outreach.queries import sessions_before, visits_before
from services.registration.outreach.schemas import SessionAnswer, SessionBody, VisitAnswer, VisitBody
from services.registration.sites.queries import read_existing
from services.registration.sites.rules import AT_THE_SITE, STAFF
from shared.auth import allow
from shared.call import Call
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["outreach"])


@router.post("/sites/{site_id}/outreach-visits", status_code=201, dependencies=[allow(*AT_THE_SITE)])
async def record_outreach_visit(site_id: UUID, body: VisitBody, call: Call) -> VisitAnswer:
    await read_existing(call.session, site_id)
    made = await actions.record_outreach_visit(call.session, call.act, site_id, body)
    return VisitAnswer.model_validate(made)


@router.get("/sites/{site_id}/outreach-visits", dependencies=[allow(*STAFF)])
async def list_outreach_visits(
    site_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[VisitAnswer]:
    await read_existing(call.session, site_id)
    return page(await visits_before(call.session, site_id, after(cursor), limit), limit, VisitAnswer.model_validate)


@router.post("/sites/{site_id}/information-sessions", status_code=201, dependencies=[allow(*AT_THE_SITE)])
async def record_information_session(site_id: UUID, body: SessionBody, call: Call) -> SessionAnswer:
    """What was explained to a group, in which language, and how many came, by sex and age group."""
    await read_existing(call.session, site_id)
    held = await actions.record_information_session(call.session, call.act, site_id, body)
    return SessionAnswer.model_validate(held)


@router.get("/sites/{site_id}/information-sessions", dependencies=[allow(*STAFF)])
async def list_information_sessions(
    site_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[SessionAnswer]:
    await read_existing(call.session, site_id)
    rows = await sessions_before(call.session, site_id, after(cursor), limit)
    return page(rows, limit, SessionAnswer.model_validate)
