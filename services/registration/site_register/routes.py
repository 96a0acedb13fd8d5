"""Routes of the register."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.headcounts.queries import counts_between, last_count_between
from services.registration.site_register import actions
from services.registration.site_register.queries import list_rows, moved_between_counts, moved_in_all
from services.registration.site_register.rules import MOST_COUNTS, Counted, reconcile, sees_who
from services.registration.site_register.schemas import (
    DEFINITION,
    CountAnswer,
    MovementAnswer,
    MovementBody,
    SiteReconciliation,
    between_answer,
    movement_answer,
)
from services.registration.sites.queries import read_existing
from services.registration.sites.rules import AT_THE_SITE, STAFF, check_period
from shared.auth import allow
from shared.call import Call
from shared.fields import BusinessDate
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["sites"])


@router.post("/sites/{site_id}/register", status_code=201, dependencies=[allow(*AT_THE_SITE)])
async def record_movement(site_id: UUID, body: MovementBody, call: Call) -> MovementAnswer:
    """Records people who came in or went out, with the reason."""
    await read_existing(call.session, site_id)
    entry = await actions.record_movement(call.session, call.act, site_id, body)
    return movement_answer(entry, with_who=True)


@router.post("/sites/{site_id}/register/{entry_id}/reversal", status_code=201, dependencies=[allow(*AT_THE_SITE)])
async def reverse_movement(site_id: UUID, entry_id: UUID, call: Call) -> MovementAnswer:
    """Takes back an entry that was wrong. It stays in the register, with what takes it back."""
    entry = await actions.reverse_movement(call.session, call.act, site_id, entry_id)
    return movement_answer(entry, with_who=sees_who(call.act.roles))


@router.get("/sites/{site_id}/register", dependencies=[allow(*STAFF)])
async def list_movements(
    site_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[MovementAnswer]:
    """The register of a site as it was recorded, newest first. Whom an entry names, and its paper, are shown to
    registration, counsellors, protection and medical."""
    await read_existing(call.session, site_id)
    rows = await list_rows(call.session, site_id, before=after(cursor), limit=limit)
    with_who = sees_who(call.act.roles)
    return page(rows, limit, lambda row: movement_answer(row, with_who=with_who))


@router.get("/sites/{site_id}/reconciliation", dependencies=[allow(*STAFF)])
async def reconcile_site(
    site_id: UUID,
    call: Call,
    since: Annotated[BusinessDate, Query(alias="from", description="First day")],
    until: Annotated[BusinessDate, Query(alias="to", description="Last day")],
) -> SiteReconciliation:
    """What counts and register disagree on."""
    check_period(since, until)
    await read_existing(call.session, site_id)
    begin = datetime.combine(since, time(), UTC)
    end = datetime.combine(until + timedelta(days=1), time(), UTC)
    rows = await counts_between(call.session, site_id, begin, end, MOST_COUNTS)
    counts = [Counted(row.id, row.occurred_at, row.people) for row in rows[:MOST_COUNTS]]
    more = len(rows) > len(counts)
    shown_until = counts[-1].at + timedelta(microseconds=1) if more else end
    pairs = reconcile(counts, await moved_between_counts(call.session, site_id, begin, shown_until))
    last = await last_count_between(call.session, site_id, begin, end)
    counted = last.people - counts[0].people if last else 0
    moved = await moved_in_all(call.session, site_id, counts[0].at, last.occurred_at) if last else 0
    return SiteReconciliation(
        since=since,
        until=until,
        definition=DEFINITION,
        counts=[CountAnswer(id=each.id, occurred_at=each.at, people=each.people) for each in counts],
        pairs=[between_answer(pair) for pair in pairs],
        more=more,
        counted_difference=counted,
        register_difference=moved,
        unexplained=counted - moved,
    )
