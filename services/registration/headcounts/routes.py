"""Routes of head counts."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.headcounts import actions
from services.registration.headcounts.queries import Headcount, corrections_of, list_rows
from services.registration.headcounts.schemas import HeadcountAnswer, HeadcountBody
from services.registration.sites.queries import read_existing
from services.registration.sites.rules import AT_THE_SITE, STAFF
from shared.auth import allow
from shared.call import Call
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["sites"])


@router.post("/sites/{site_id}/headcounts", status_code=201, dependencies=[allow(*AT_THE_SITE)])
async def record_headcount(site_id: UUID, body: HeadcountBody, call: Call) -> HeadcountAnswer:
    """Records a count of the people at a site, or the correction of one."""
    await read_existing(call.session, site_id)
    count = await actions.record_headcount(call.session, call.act, site_id, body)
    return _shown(count, {})


@router.get("/sites/{site_id}/headcounts", dependencies=[allow(*STAFF)])
async def list_headcounts(
    site_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[HeadcountAnswer]:
    """The counts of a site as they were recorded, newest first, with those that were corrected."""
    await read_existing(call.session, site_id)
    rows = await list_rows(call.session, site_id, before=after(cursor), limit=limit)
    corrected = await corrections_of(call.session, rows)
    return page(rows, limit, lambda row: _shown(row, corrected))


def _shown(count: Headcount, corrected: dict[UUID, UUID]) -> HeadcountAnswer:
    return HeadcountAnswer.model_validate({**count.model_dump(), "corrected_by": corrected.get(count.id)})
