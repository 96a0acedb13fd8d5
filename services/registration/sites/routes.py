"""Routes of sites."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.sites import actions
from services.registration.sites.queries import list_rows, read_existing
from services.registration.sites.rules import STAFF
from services.registration.sites.schemas import SiteAnswer, SiteBody
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["sites"])


@router.post("/sites", status_code=201, dependencies=[allow(Role.REGISTRATION_OFFICER, Role.ADMINISTRATOR)])
async def register_site(body: SiteBody, call: Call) -> SiteAnswer:
    """Registers a site."""
    site = await actions.register_site(call.session, call.act, body)
    call.made("/sites", site.id)
    return SiteAnswer.model_validate(site)


@router.get("/sites", dependencies=[allow(*STAFF)])
async def list_sites(call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[SiteAnswer]:
    """Sites, newest first."""
    rows = await list_rows(call.session, before=after(cursor), limit=limit)
    return page(rows, limit, SiteAnswer.model_validate)


@router.get("/sites/{site_id}", dependencies=[allow(*STAFF)])
async def read_site(site_id: UUID, call: Call) -> SiteAnswer:
    """One site."""
    return SiteAnswer.model_validate(await read_existing(call.session, site_id))
