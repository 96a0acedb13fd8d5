"""Follow-ups: the visits and survey rounds that are due, overdue or lost."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.queries import case_of, locked_case
from services.reintegration.followups import actions
from services.reintegration.followups.models import FollowUp
from services.reintegration.followups.queries import Place, follow_up_of, follow_ups_of, follow_ups_standing
from services.reintegration.followups.rules import SCHEDULE, Kind, Standing, standing_of
from services.reintegration.followups.schemas import FollowUpAnswer, LossBody
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import Cursor, Limit, Page, after, cursor_at, page, place_after
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["follow-ups"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.PROGRAMME_OFFICER, Role.COUNSELLOR, Role.AUDITOR)


@router.get("/follow-ups", dependencies=[READERS])
async def list_follow_ups(
    call: Call,
    kind: Kind = Kind.VISIT,
    standing: Standing = Standing.DUE,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[FollowUpAnswer]:
    """Those of all cases that stand so today, the longest waiting first. `lost`: too late by the schedule."""
    rows = await follow_ups_standing(call.session, kind, standing, call.act.today, place_after(cursor, _place), limit)
    items = [_shown(row, call) for row in rows[:limit]]
    return Page(items=items, next=cursor_at(rows[limit - 1].due_on, rows[limit - 1].id) if len(rows) > limit else None)


@router.get("/cases/{case_id}/follow-ups", dependencies=[READERS])
async def list_follow_ups_of_case(
    case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> Page[FollowUpAnswer]:
    """All of one case, in the order in which they were planned."""
    await case_of(call.session, case_id)
    rows = await follow_ups_of(call.session, case_id, after(cursor), limit)
    return page(rows, limit, lambda row: _shown(row, call))


@router.post("/follow-ups/{follow_up_id}/loss", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def give_up_follow_up(follow_up_id: UUID, body: LossBody, call: Call) -> FollowUpAnswer:
    """Says that it will not be made, and why."""
    await locked_case(call.session, (await follow_up_of(call.session, follow_up_id)).case_id)
    follow_up = await follow_up_of(call.session, follow_up_id)
    await actions.give_up_follow_up(call.act, follow_up, body.reason)
    return _shown(follow_up, call)


def _shown(row: FollowUp, call: CallState) -> FollowUpAnswer:
    open_still = ["give_up_follow_up"] if row.status == "open" else []
    return FollowUpAnswer(
        follow_up_id=row.id,
        case_id=row.case_id,
        plan_id=row.plan_id,
        kind=row.kind,
        number=row.number,
        due_on=row.due_on,
        standing=standing_of(row.status, row.due_on, call.act.today),
        made_by=row.made_by,
        why_lost=row.why_lost,
        settled_at=row.settled_at,
        provisional=SCHEDULE.provisional,
        actions=call.offers(open_still, follow_up_id=row.id),
    )


def _place(day: str, last: str) -> Place:
    return date.fromisoformat(day), UUID(last)
