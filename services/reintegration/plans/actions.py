"""What is done to a plan: drafted, revised, submitted, sent back, approved, its lines released, closed, cancelled."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from services.reintegration.approvals.actions import add_approval
from services.reintegration.budgets.actions import move_money
from services.reintegration.budgets.rules import Entry, Movement
from services.reintegration.cases.actions import check_case, move_case
from services.reintegration.cases.queries import AssistedCase, arrival_of, open_picture
from services.reintegration.community.queries import check_gives_nothing
from services.reintegration.duplicates.queries import check_one_package
from services.reintegration.feasibility.queries import check_modalities
from services.reintegration.followups.actions import plan_follow_ups, plan_next_visit
from services.reintegration.lines.actions import lay_lines, mark_released
from services.reintegration.lines.queries import (
    Entitled,
    LineState,
    check_days,
    check_within,
    instalments_of,
    line_states,
    lines_of,
    package_of,
)
from services.reintegration.plans.models import Plan, PlanStep
from services.reintegration.plans.queries import authors_of, live_plan
from services.reintegration.plans.rules import PLANS, DecisionOfAnotherTry, PlanExists, check_somebody_else
from services.reintegration.plans.schemas import PlanBody, PlanRevisionBody
from services.reintegration.plans.schemas import PlanLineBody as PlanLineBody  # for what changes an approved plan
from services.reintegration.procurement.queries import check_owes_nothing
from services.reintegration.visits.queries import days_named
from shared.act import Act
from shared.concurrency import touch
from shared.contracts import reintegration as told
from shared.database import Session, new_id
from shared.outbox import stage

Facts = TypeVar("Facts", bound=told.PlanFacts)


async def draft_plan(session: Session, act: Act, case: AssistedCase, body: PlanBody) -> Plan:
    """Draws up the plan of a locked case that is expected or has arrived. Raises `PlanExists`, `NoPackage`,
    `PlanNotConsistent`, `MoreThanPackage`, `NotPossibleNow`, `CaseClosedElsewhere`, `PackageElsewhere`."""
    existing = await live_plan(session, case.id)
    if existing is not None:
        raise PlanExists(plan=existing.id)
    await check_one_package(session, case.id)
    picture = await open_picture(session, case.id)
    move_case(case, "draft_plan")
    package = package_of(picture.decision, picture.arrived)
    assert picture.decision is not None
    plan = Plan(
        id=new_id(),
        case_id=case.id,
        status=PLANS.initial,
        goals=list(body.goals),
        activities=list(body.activities),
        currency=picture.decision.currency,
        decision_id=picture.decision.decision,
        attempts=_deciding(picture.remaining, {t.individual for t in picture.travellers.values() if t.adult}),
        drafted_by=act.by,
        drafted_at=act.now,
    )
    session.add(plan)
    await session.flush()
    await lay_lines(session, plan.id, body.lines, package)
    note_step(session, act, plan, "draft_plan")
    return plan


async def revise_plan(session: Session, act: Act, case: AssistedCase, plan: Plan, body: PlanRevisionBody) -> Plan:
    """Changes a draft, or a plan that was sent back. Raises as `draft_plan`."""
    plan.status = PLANS.after(plan.status, "revise_plan")
    move_case(case, "revise_plan")
    picture = await open_picture(session, case.id)
    if body.goals is not None:
        plan.goals = list(body.goals)
    if body.activities is not None:
        plan.activities = list(body.activities)
    if body.lines is not None:
        package = package_of(picture.decision, picture.arrived)
        assert picture.decision is not None
        await lay_lines(session, plan.id, body.lines, package)
        plan.decision_id, plan.currency = picture.decision.decision, picture.decision.currency
    touch(plan)
    note_step(session, act, plan, "revise_plan")
    return plan


async def submit_plan(session: Session, act: Act, case: AssistedCase, plan: Plan) -> Plan:
    """Hands the plan to those who approve. Raises `NotPossibleNow` before the arrival, `MoreThanPackage`,
    `ModalityNotFeasible`."""
    plan.status = PLANS.after(plan.status, "submit_plan")
    move_case(case, "submit_plan")
    picture = await open_picture(session, case.id)
    lines = await _check_against_package(session, plan, package_of(picture.decision, picture.arrived))
    await check_modalities(session, case.id, {line.modality for line in lines})
    plan.submitted_by = act.by
    plan.submissions += 1
    touch(plan)
    note_step(session, act, plan, "submit_plan")
    return plan


async def return_plan(session: Session, act: Act, case: AssistedCase, plan: Plan, reason: str) -> Plan:
    """Sends the plan back with a reason. Raises `OwnPlan`, `NotPossibleNow`."""
    plan.status = PLANS.after(plan.status, "return_plan")
    move_case(case, "return_plan")
    check_somebody_else(act.by, await hands_in(session, plan))
    touch(plan)
    note_step(session, act, plan, "return_plan", reason)
    return plan


async def approve_plan(session: Session, act: Act, case: AssistedCase, plan: Plan) -> Plan:
    """Approves the plan: after the arrival of at least one of the case (which is recorded), by someone who had no hand
    in it, and within the package as it is decided now. The last approval that its amount needs commits its money.

    Raises `NotPossibleNow`, `OwnPlan`, `ApprovedByYouAlready`, `NotArrivedYet`, `NoPackage`, `DecisionOfAnotherTry`,
    `MoreThanPackage`, `PackageElsewhere`, `BudgetExceeded`.
    """
    status = PLANS.after(plan.status, "approve_plan")
    check_case(case, "approve_plan")
    check_somebody_else(act.by, await hands_in(session, plan))
    picture = await open_picture(session, case.id)
    arrival_of(picture, None)
    package = package_of(picture.decision, picture.arrived)
    if picture.decision is None or not picture.eligible:
        raise DecisionOfAnotherTry()
    lines = await _check_against_package(session, plan, package)
    await check_one_package(session, case.id, approving=True)
    total = sum((line.amount for line in lines), Decimal("0.00"))
    touch(plan)
    note_step(session, act, plan, "approve_plan")
    if not await add_approval(session, act, plan.id, plan.id, max(plan.submissions, 1), total, plan.currency):
        return plan
    plan.status = status
    move_case(case, "approve_plan")
    plan.decision_id = picture.decision.decision
    plan.approved_by, plan.approved_at = act.by, act.now
    plan.arrived = [str(individual) for individual in sorted(picture.arrived)]
    await plan_follow_ups(session, act, case.id, plan.id, min(picture.arrived.values()).date())
    for day in await days_named(session, case.id, act.today):
        await session.flush()
        await plan_next_visit(session, case.id, plan.id, day)
    fact = await _facts(session, plan, told.PlanApproved, lines)
    event = await stage(session, act, fact, key=case.id, subject=plan.id)
    amounts = {line.line: line.amount for line in lines}
    await move_money(
        session, act, event, case.id, plan.id, act.today, await entries_for(session, plan, Movement.COMMITTED, amounts)
    )
    return plan


async def release_line(session: Session, act: Act, case: AssistedCase, plan: Plan, line_id: UUID, reason: str) -> Plan:
    """Gives up what was not spent of a line of an approved plan, so that the rest can be closed. Raises
    `NotPossibleNow`, `LineReleased`, `SharedAlready`, `LineOnOrder`, `NotFound`."""
    plan.status = PLANS.after(plan.status, "release_line")
    move_case(case, "release_line")
    await check_gives_nothing(session, line_id)
    await check_owes_nothing(session, plan.id, line_id)
    line = await mark_released(session, act, plan.id, line_id, reason)
    touch(plan)
    note_step(session, act, plan, "release_line", f"{line.code}: {reason}")
    await session.flush()
    lines = await line_states(session, plan.id)
    fact = await _facts(session, plan, told.PlanChanged, lines)
    event = await stage(session, act, fact, key=case.id, subject=plan.id)
    given_up = {each.line: each.amount - each.spent for each in lines if each.line == line_id}
    await move_money(
        session, act, event, case.id, plan.id, act.today, await entries_for(session, plan, Movement.RELEASED, given_up)
    )
    return plan


@asynccontextmanager
async def make_change(
    session: Session, act: Act, case: AssistedCase, plan: Plan, package: Mapping[str, Entitled]
) -> AsyncIterator[None]:
    """Within it an approved plan is changed; afterwards what its lines ask for more or less is committed or given back,
    and the plan is told as it now is. Raises `MoreThanPackage`, `BudgetExceeded`."""
    before = {line.line: line.planned for line in await line_states(session, plan.id)}
    yield
    await session.flush()
    lines = await line_states(session, plan.id)
    check_within([(line.package_line, line.planned) for line in lines], package)
    plan.revision += 1
    fact = await _facts(session, plan, told.PlanChanged, lines)
    event = await stage(session, act, fact, key=case.id, subject=plan.id)
    by = {line.line: line.planned - before.get(line.line, Decimal(0)) for line in lines}
    more = {line: amount for line, amount in by.items() if amount > 0}
    less = {line: -amount for line, amount in by.items() if amount < 0}
    entries = await entries_for(session, plan, Movement.COMMITTED, more)
    entries += await entries_for(session, plan, Movement.RELEASED, less)
    await move_money(session, act, event, case.id, plan.id, act.today, entries)


async def reopen_plan(session: Session, act: Act, event: UUID, case_id: UUID, plan: Plan, on: date) -> None:
    """Opens a closed plan again and commits anew what its closure gave back. Raises `BudgetExceeded`."""
    plan.status = PLANS.after(plan.status, "reopen_plan")
    touch(plan)
    note_step(session, act, plan, "reopen_plan")
    unspent = {each.line: each.committed for each in await line_states(session, plan.id)}
    await move_money(
        session, act, event, case_id, plan.id, on, await entries_for(session, plan, Movement.COMMITTED, unspent)
    )


async def end_plan(session: Session, act: Act, plan: Plan, verb: str) -> None:
    """Ends the plan with its case: `close_plan` for an approved one, `cancel_plan` for one that never was."""
    plan.status = PLANS.after(plan.status, verb)
    touch(plan)
    note_step(session, act, plan, verb)


async def release_rest(session: Session, act: Act, event: UUID, case_id: UUID, plan: Plan, on: date) -> None:
    """Gives back to the budgets what a plan that ends has not spent. `event`: the fact that tells of the end."""
    unspent = {each.line: each.committed for each in await line_states(session, plan.id)}
    await move_money(
        session, act, event, case_id, plan.id, on, await entries_for(session, plan, Movement.RELEASED, unspent)
    )


async def entries_for(session: Session, plan: Plan, movement: Movement, amounts: Mapping[UUID, Decimal]) -> list[Entry]:
    """What moves on the lines named, with the account of each. Amounts of nothing are left out."""
    return [
        Entry(movement, line.id, line.project_code, line.budget_line, line.currency, amounts[line.id])
        for line in await lines_of(session, plan.id)
        if amounts.get(line.id)
    ]


async def hands_in(session: Session, plan: Plan) -> set[str]:
    """Whoever wrote, changed or submitted the plan."""
    hands = await authors_of(session, plan.id)
    return hands | {plan.submitted_by} if plan.submitted_by else hands


def note_step(session: Session, act: Act, plan: Plan, verb: str, comment: str | None = None) -> None:
    session.add(PlanStep(id=new_id(), plan_id=plan.id, verb=verb, by=act.by, at=act.now, comment=comment))


def _deciding(remaining: dict[UUID, int], adults: set[UUID]) -> dict[str, int]:
    """The tries of those on whom it depends whether the plan stands: the adults, or a child who comes alone."""
    deciding = {who: attempt for who, attempt in remaining.items() if who in adults} or remaining
    return {str(who): attempt for who, attempt in deciding.items()}


async def _check_against_package(session: Session, plan: Plan, package: Mapping[str, Entitled]) -> list[LineState]:
    lines = await line_states(session, plan.id)
    check_within([(line.package_line, line.amount) for line in lines], package)
    tranches = await instalments_of(session, await lines_of(session, plan.id))
    check_days((line.code, package[line.package_line].days, tranches[line.line]) for line in lines)
    return lines


async def _facts(session: Session, plan: Plan, kind: type[Facts], lines: Sequence[LineState]) -> Facts:
    """The plan as the others may know it; a released line stands with what it spent."""
    tranches = await instalments_of(session, await lines_of(session, plan.id))
    told_lines = tuple(
        told.PlanLine(
            line=line.line,
            code=line.code,
            modality=line.modality,
            package_line=line.package_line,
            amount=line.planned,
            currency=plan.currency,
            instalments=len(tranches[line.line]),
        )
        for line in lines
    )
    total = sum((line.amount for line in told_lines), Decimal("0.00"))
    return kind(
        plan=plan.id,
        decision=plan.decision_id,
        lines=told_lines,
        total=total,
        currency=plan.currency,
        revision=plan.revision,
    )


def note_money(plan: Plan, verb: str) -> None:
    """Money or goods move on an approved plan, whose version counts it. Raises `NotPossibleNow`."""
    plan.status = PLANS.after(plan.status, verb)
    touch(plan)
