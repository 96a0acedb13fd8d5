"""Coming changes over HTTP: what will change on which day, and taking up what is due."""

from fastapi import APIRouter

from services.eligibility.changes import actions
from services.eligibility.changes.models import ComingChange
from services.eligibility.changes.queries import changes_to_come
from services.eligibility.changes.schemas import ChangeReviewAnswer, ChangeReviewBody, ComingChangeAnswer
from services.eligibility.decisions.rules import Because
from services.eligibility.expiries.actions import notice_expiries
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["coming changes"])


@router.get("/coming-changes", dependencies=[allow(Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)])
async def list_coming_changes(call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[ComingChangeAnswer]:
    """What begins or ends on a day to come, as it was announced."""
    return page(await changes_to_come(call.session, after(cursor), limit), limit, _answer)


@router.post("/coming-changes/reviews", dependencies=[allow(Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR)])
async def review_changes(body: ChangeReviewBody, call: Call) -> ChangeReviewAnswer:
    """Takes up what is due by the business date of the request, and notices which decisions and exceptions are good no
    more. In production the worker does it each day by itself; in development only who asks here does, so that a story
    of another year has its own days."""
    taken_up, left = await actions.review_changes(call.session, call.act, body.limit)
    expired = await notice_expiries(call.session, call.act, body.limit)
    more = body.limit in (taken_up, expired)
    return ChangeReviewAnswer(taken_up=taken_up, expired=expired, more=more, cases_still_to_look_at=left)


def _answer(row: ComingChange) -> ComingChangeAnswer:
    return ComingChangeAnswer(
        change_id=row.id,
        due_on=row.due_on,
        because=Because(row.because),
        country=row.country,
        programme_id=row.programme_id,
        case_id=row.case_id,
        announced_at=row.announced_at,
    )
