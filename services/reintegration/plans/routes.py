"""Plans: drafted, revised, submitted, sent back, approved, and their lines released."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter

from services.reintegration.approvals.queries import approvals_of, approvers_of
from services.reintegration.approvals.rules import approvers_needed
from services.reintegration.cases.queries import AssistedCase, case_of, locked_case, may
from services.reintegration.lines.queries import Instalment, PlanLine, instalments_of, lines_of, state_of
from services.reintegration.plans import actions
from services.reintegration.plans.actions import hands_in
from services.reintegration.plans.queries import Plan, locked_plan, plan_of, steps_of
from services.reintegration.plans.rules import PLANS
from services.reintegration.plans.schemas import (
    ApprovalAnswer,
    InstalmentAnswer,
    PlanAnswer,
    PlanBody,
    PlanLineAnswer,
    PlanRevisionBody,
    PlanStepAnswer,
    ReleaseBody,
    ReturnBody,
)
from shared.auth import Role, allow
from shared.call import Call, CallState, names_version
from shared.contracts.eligibility import Modality
from shared.offers import OfferedAction
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["plans"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.COUNSELLOR, Role.AUDITOR)
AUTHORS = allow(Role.REINTEGRATION_OFFICER)
APPROVERS = allow(Role.APPROVER)
ON_THE_PLAN = (
    "revise_plan",
    "submit_plan",
    "return_plan",
    "approve_plan",
    "propose_amendment",
    "confirm_delivery",
    "pay_instalment",
)
NOT_BY_THEIR_OWN = {"return_plan", "approve_plan", "pay_instalment"}


@router.post("/cases/{case_id}/plans", status_code=201, dependencies=[AUTHORS])
async def draft_plan(case_id: UUID, body: PlanBody, call: Call) -> PlanAnswer:
    """Draws up the plan, within the package; once the case is expected."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    plan = await actions.draft_plan(call.session, call.act, case, body)
    call.made("/plans", plan.id)
    return await _shown(call, case, plan)


@router.get("/plans/{plan_id}", dependencies=[READERS])
async def show_plan(plan_id: UUID, call: Call) -> PlanAnswer:
    """The plan with its lines, what was paid and delivered of each, and who did what to it."""
    plan = await plan_of(call.session, plan_id)
    return await _shown(call, await case_of(call.session, plan.case_id), plan)


@router.patch("/plans/{plan_id}", dependencies=[AUTHORS])
async def revise_plan(plan_id: UUID, body: PlanRevisionBody, call: Call) -> PlanAnswer:
    """Changes a draft, or a plan that was sent back."""
    case, plan = await locked_plan(call.session, plan_id)
    call.seen(plan)
    await actions.revise_plan(call.session, call.act, case, plan, body)
    return await _shown(call, case, plan)


@router.post("/plans/{plan_id}/submission", dependencies=[AUTHORS])
async def submit_plan(plan_id: UUID, call: Call) -> PlanAnswer:
    """Hands the plan to those who approve; after the arrival."""
    case, plan = await locked_plan(call.session, plan_id)
    call.seen(plan)
    await actions.submit_plan(call.session, call.act, case, plan)
    return await _shown(call, case, plan)


@router.post("/plans/{plan_id}/return", dependencies=[APPROVERS, names_version()])
async def return_plan(plan_id: UUID, body: ReturnBody, call: Call) -> PlanAnswer:
    """Sends the plan back to its author with a reason."""
    case, plan = await locked_plan(call.session, plan_id)
    call.seen(plan)
    await actions.return_plan(call.session, call.act, case, plan, body.reason)
    return await _shown(call, case, plan)


@router.post("/plans/{plan_id}/approval", dependencies=[APPROVERS, names_version()])
async def approve_plan(plan_id: UUID, call: Call) -> PlanAnswer:
    """Commits the plan's money: by someone else than wrote or submitted it, within the package as it is decided now."""
    case, plan = await locked_plan(call.session, plan_id)
    call.seen(plan)
    await actions.approve_plan(call.session, call.act, case, plan)
    return await _shown(call, case, plan)


@router.post("/plans/{plan_id}/lines/{line_id}/release", dependencies=[AUTHORS])
async def release_line(plan_id: UUID, line_id: UUID, body: ReleaseBody, call: Call) -> PlanAnswer:
    """Gives up what was not spent of a line, with a reason."""
    case, plan = await locked_plan(call.session, plan_id)
    call.seen(plan)
    await actions.release_line(call.session, call.act, case, plan, line_id, body.reason)
    return await _shown(call, case, plan)


async def _shown(call: CallState, case: AssistedCase, plan: Plan) -> PlanAnswer:
    await call.session.flush()
    call.shows(plan)
    rows = await lines_of(call.session, plan.id)
    instalments = await instalments_of(call.session, rows)
    lines = [_line(row, instalments[row.id]) for row in rows]
    total = sum((line.amount for line in lines), Decimal("0.00"))
    approvals = await approvals_of(call.session, plan.id, max(plan.submissions, 1))
    return PlanAnswer(
        plan_id=plan.id,
        case_id=plan.case_id,
        status=plan.status,
        goals=plan.goals,
        activities=plan.activities,
        lines=lines,
        total=total,
        currency=plan.currency,
        decision_id=plan.decision_id,
        drafted_by=plan.drafted_by,
        submitted_by=plan.submitted_by,
        approved_by=plan.approved_by,
        approved_at=plan.approved_at,
        arrived=None if plan.arrived is None else [UUID(each) for each in plan.arrived],
        revision=plan.revision,
        approvals=[ApprovalAnswer(by=each.by, at=each.at) for each in approvals],
        approvals_needed=approvers_needed(total, plan.currency),
        history=[PlanStepAnswer.model_validate(step) for step in await steps_of(call.session, plan.id)],
        version=plan.version,
        actions=await _offers(call, case, plan, lines),
    )


def _line(row: PlanLine, instalments: Sequence[Instalment]) -> PlanLineAnswer:
    state = state_of(row, instalments)
    return PlanLineAnswer(
        line_id=row.id,
        code=row.code,
        description=row.description,
        modality=Modality(row.modality),
        package_line=row.package_line,
        individual_id=row.individual_id,
        amount=row.amount,
        currency=row.currency,
        project_code=row.project_code,
        budget_line=row.budget_line,
        paid=state.paid,
        delivered=row.delivered,
        spent=state.spent,
        released_reason=row.released_reason,
        released_at=row.released_at,
        instalments=[InstalmentAnswer.model_validate(each) for each in instalments],
    )


async def _offers(
    call: CallState, case: AssistedCase, plan: Plan, lines: Sequence[PlanLineAnswer]
) -> list[OfferedAction]:
    possible = [verb for verb in PLANS.verbs(plan.status) if may(case, verb)]
    approvers = await approvers_of(call.session, plan.id)
    had_a_hand = call.act.by in {*await hands_in(call.session, plan), *approvers, plan.approved_by}
    verbs = [verb for verb in possible if verb in ON_THE_PLAN and not (had_a_hand and verb in NOT_BY_THEIR_OWN)]
    found = call.offers(verbs, plan_id=plan.id)
    if "release_line" in possible:
        for line in lines:
            if line.released_at is None:
                found += call.offers(["release_line"], plan_id=plan.id, line_id=line.line_id)
    return found
