"""Changes to approved plans."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from services.reintegration.amendments import actions
from services.reintegration.amendments.models import PlanAmendment
from services.reintegration.amendments.queries import amendment_of, amendments_after, locked_amendment
from services.reintegration.amendments.rules import AMENDMENTS
from services.reintegration.amendments.schemas import (
    AmendmentAnswer,
    AmendmentApprovalAnswer,
    AmendmentBody,
    AmendmentReturnBody,
)
from services.reintegration.approvals.queries import Approval, approvals_by_subject, approvals_of
from services.reintegration.approvals.rules import approvers_needed
from services.reintegration.cases.queries import AssistedCase
from services.reintegration.plans.actions import PlanLineBody
from services.reintegration.plans.queries import Plan, locked_plan, plan_of
from shared.auth import Role, allow
from shared.call import Call, CallState, names_version
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["plans"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.COUNSELLOR, Role.AUDITOR)
AUTHORS = allow(Role.REINTEGRATION_OFFICER)
APPROVERS = allow(Role.APPROVER)


@router.post("/plans/{plan_id}/amendments", status_code=201, dependencies=[AUTHORS])
async def propose_amendment(plan_id: UUID, body: AmendmentBody, call: Call) -> AmendmentAnswer:
    """A change to an approved plan; it is made when it is approved."""
    case, plan = await locked_plan(call.session, plan_id)
    call.seen(plan)
    amendment = await actions.propose_amendment(call.session, call.act, case, plan, body)
    call.made("/amendments", amendment.id)
    return await _alone(call, amendment)


@router.get("/plans/{plan_id}/amendments", dependencies=[READERS])
async def list_amendments(plan_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[AmendmentAnswer]:
    """The changes to a plan, in the order in which they were proposed."""
    await plan_of(call.session, plan_id)
    rows = await amendments_after(call.session, plan_id, after(cursor), limit)
    approvals = await approvals_by_subject(call.session, plan_id)
    return page(rows, limit, lambda row: _shown(call, row, approvals[row.id]))


@router.get("/amendments/{amendment_id}", dependencies=[READERS])
async def show_amendment(amendment_id: UUID, call: Call) -> AmendmentAnswer:
    """One change, and who approved it so far."""
    return await _alone(call, await amendment_of(call.session, amendment_id))


@router.post("/amendments/{amendment_id}/approval", dependencies=[APPROVERS, names_version()])
async def approve_amendment(amendment_id: UUID, call: Call) -> AmendmentAnswer:
    """By somebody who had no hand in it; with the last approval that is needed the plan is changed."""
    case, plan, amendment = await _locked(call, amendment_id)
    await actions.approve_amendment(call.session, call.act, case, plan, amendment)
    return await _alone(call, amendment)


@router.post("/amendments/{amendment_id}/return", dependencies=[APPROVERS, names_version()])
async def return_amendment(amendment_id: UUID, body: AmendmentReturnBody, call: Call) -> AmendmentAnswer:
    """Does not approve it, with a reason; the plan stays as it is."""
    case, plan, amendment = await _locked(call, amendment_id)
    await actions.return_amendment(call.session, call.act, case, plan, amendment, body.reason)
    return await _alone(call, amendment)


@router.post("/amendments/{amendment_id}/taking-back", dependencies=[AUTHORS])
async def take_back_amendment(amendment_id: UUID, call: Call) -> AmendmentAnswer:
    """By who proposed it, before it is decided."""
    _, plan, amendment = await _locked(call, amendment_id)
    await actions.take_back_amendment(call.session, call.act, plan, amendment)
    return await _alone(call, amendment)


async def _locked(call: CallState, amendment_id: UUID) -> tuple[AssistedCase, Plan, PlanAmendment]:
    """Case, plan and change, locked in that order; the version that was read is the change's."""
    case, plan = await locked_plan(call.session, (await amendment_of(call.session, amendment_id)).plan_id)
    amendment = await locked_amendment(call.session, amendment_id)
    call.seen(amendment)
    return case, plan, amendment


async def _alone(call: CallState, row: PlanAmendment) -> AmendmentAnswer:
    await call.session.flush()
    call.shows(row)
    return _shown(call, row, await approvals_of(call.session, row.id, 1))


def _shown(call: CallState, row: PlanAmendment, approvals: Sequence[Approval]) -> AmendmentAnswer:
    verbs = AMENDMENTS.verbs(row.status)
    if call.act.by == row.proposed_by:
        verbs = [verb for verb in verbs if verb == "take_back_amendment"]
    else:
        verbs = [verb for verb in verbs if verb != "take_back_amendment"]
    return AmendmentAnswer(
        amendment_id=row.id,
        plan_id=row.plan_id,
        number=row.number,
        status=row.status,
        reason=row.reason,
        goals=row.goals,
        activities=row.activities,
        lines=[PlanLineBody.model_validate(line) for line in row.lines],
        total=row.total,
        currency=row.currency,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        comment=row.comment,
        approvals=[AmendmentApprovalAnswer(by=each.by, at=each.at) for each in approvals],
        approvals_needed=approvers_needed(row.total, row.currency),
        version=row.version,
        actions=call.offers(verbs, amendment_id=row.id),
    )
