"""Attempts to reach the people of a case."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.attempts import actions
from services.reintegration.attempts.models import ContactAttempt
from services.reintegration.attempts.queries import attempts_after, lost_contact_of, tried_so_far
from services.reintegration.attempts.rules import Reached, Way, in_vain_since
from services.reintegration.attempts.schemas import AttemptAnswer, AttemptBody, ContactStandingAnswer
from services.reintegration.cases.queries import case_of, locked_case
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["contacts"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.COUNSELLOR, Role.AUDITOR)


@router.post("/cases/{case_id}/contact-attempts", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def record_contact_attempt(case_id: UUID, body: AttemptBody, call: Call) -> AttemptAnswer:
    """One attempt and what came of it. Whoever is reached again is no longer lost."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    attempt = await actions.record_contact_attempt(call.session, call.act, case, body)
    return _shown(attempt)


@router.get("/cases/{case_id}/contact-attempts", dependencies=[READERS])
async def list_contact_attempts(
    case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> Page[AttemptAnswer]:
    """From the first to the last."""
    await case_of(call.session, case_id)
    return page(await attempts_after(call.session, case_id, after(cursor), limit), limit, _shown)


@router.post("/cases/{case_id}/lost-contact", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def declare_contact_lost(case_id: UUID, call: Call) -> ContactStandingAnswer:
    """Nobody of the case can be reached, after enough was tried. The assistance stays open until somebody closes it."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    await actions.declare_contact_lost(call.session, call.act, case)
    return await _standing(case_id, call)


@router.get("/cases/{case_id}/lost-contact", dependencies=[READERS])
async def show_contact_standing(case_id: UUID, call: Call) -> ContactStandingAnswer:
    await case_of(call.session, case_id)
    return await _standing(case_id, call)


async def _standing(case_id: UUID, call: CallState) -> ContactStandingAnswer:
    tried = await tried_so_far(call.session, case_id)
    lost = await lost_contact_of(call.session, case_id)
    in_vain = in_vain_since(tried)
    reached = [each.at for each in tried if each not in in_vain]
    return ContactStandingAnswer(
        case_id=case_id,
        lost=lost is not None,
        since=lost.since if lost else None,
        in_vain=len(in_vain),
        last_reached_at=max(reached, default=None),
    )


def _shown(row: ContactAttempt) -> AttemptAnswer:
    return AttemptAnswer(
        attempt_id=row.id,
        case_id=row.case_id,
        individual_id=row.individual_id,
        way=Way(row.way),
        outcome=Reached(row.outcome),
        next_on=row.next_on,
        by=row.by,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
    )
