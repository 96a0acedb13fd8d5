"""Changing a plan that is approved: a change is proposed, approved like the plan itself, and only then made."""

from decimal import Decimal
from uuid import UUID

from services.reintegration.amendments.models import PlanAmendment
from services.reintegration.amendments.queries import count_amendments, waiting_amendment
from services.reintegration.amendments.rules import AMENDMENTS, AmendmentWaiting, check_takes_back
from services.reintegration.amendments.schemas import AmendmentBody
from services.reintegration.approvals.actions import add_approval
from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, open_picture
from services.reintegration.community.queries import shared_of
from services.reintegration.lines.actions import change_lines
from services.reintegration.lines.queries import lines_of, package_of
from services.reintegration.plans.actions import PlanLineBody, hands_in, make_change, note_money, note_step
from services.reintegration.plans.queries import Plan
from services.reintegration.plans.rules import check_somebody_else
from services.reintegration.procurement.queries import live_order
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session, new_id

ZERO = Decimal("0.00")


async def propose_amendment(
    session: Session, act: Act, case: AssistedCase, plan: Plan, body: AmendmentBody
) -> PlanAmendment:
    """Proposes a change to a locked, approved plan; until it is approved the plan goes on as it is.

    Raises `NotPossibleNow`, `CaseClosedElsewhere`, `AmendmentWaiting`.
    """
    note_money(plan, "propose_amendment")
    move_case(case, "propose_amendment")
    await open_picture(session, case.id)
    waiting = await waiting_amendment(session, plan.id)
    if waiting is not None:
        raise AmendmentWaiting(amendment=waiting.id)
    amounts = {line.code: line.amount for line in await lines_of(session, plan.id) if line.released_at is None}
    amounts |= {line.code: line.amount for line in body.lines}
    amendment = PlanAmendment(
        id=new_id(),
        plan_id=plan.id,
        number=await count_amendments(session, plan.id) + 1,
        status=AMENDMENTS.initial,
        reason=body.reason,
        goals=body.goals,
        activities=body.activities,
        lines=[line.model_dump(mode="json") for line in body.lines],
        total=sum(amounts.values(), ZERO),
        currency=plan.currency,
        proposed_by=act.by,
        proposed_at=act.now,
    )
    session.add(amendment)
    note_step(session, act, plan, "propose_amendment", body.reason)
    return amendment


async def approve_amendment(
    session: Session, act: Act, case: AssistedCase, plan: Plan, amendment: PlanAmendment
) -> PlanAmendment:
    """Approves a change, by somebody who had no hand in plan or change; with the last approval that its amount needs it
    is made, within the package as it is decided now and what has moved meanwhile.

    Raises `NotPossibleNow`, `OwnPlan`, `ApprovedByYouAlready`, `CaseClosedElsewhere`, `NoPackage`, `PlanNotConsistent`,
    `MoreThanPackage`, `LineReleased`, `LineKeepsItsAccount`, `LessThanMoved`, `BudgetExceeded`.
    """
    status = AMENDMENTS.after(amendment.status, "approve_amendment")
    note_money(plan, "approve_amendment")
    move_case(case, "approve_amendment")
    check_somebody_else(act.by, await hands_in(session, plan))
    picture = await open_picture(session, case.id)
    package = package_of(picture.decision, picture.arrived)
    touch(amendment)
    last = await add_approval(session, act, plan.id, amendment.id, 1, amendment.total, amendment.currency)
    note_step(session, act, plan, "approve_amendment")
    if not last:
        return amendment
    amendment.status, amendment.decided_by, amendment.decided_at = status, act.by, act.now
    async with make_change(session, act, case, plan, package):
        plan.goals = amendment.goals or plan.goals
        plan.activities = amendment.activities or plan.activities
        lines = [PlanLineBody.model_validate(line) for line in amendment.lines]
        await change_lines(session, plan.id, lines, package, await _bound(session, plan.id, {x.code for x in lines}))
    return amendment


async def return_amendment(
    session: Session, act: Act, case: AssistedCase, plan: Plan, amendment: PlanAmendment, reason: str
) -> PlanAmendment:
    """Does not approve it, with a reason; the plan stays as it is. Raises `NotPossibleNow`, `OwnPlan`."""
    status = AMENDMENTS.after(amendment.status, "return_amendment")
    note_money(plan, "return_amendment")
    move_case(case, "return_amendment")
    check_somebody_else(act.by, await hands_in(session, plan))
    _settle(act, amendment, status, reason)
    note_step(session, act, plan, "return_amendment", reason)
    return amendment


async def take_back_amendment(session: Session, act: Act, plan: Plan, amendment: PlanAmendment) -> PlanAmendment:
    """By who proposed it. Raises `NotPossibleNow`, `NotYourAmendment`."""
    status = AMENDMENTS.after(amendment.status, "take_back_amendment")
    check_takes_back(act.by, amendment.proposed_by)
    touch(plan)
    _settle(act, amendment, status, None)
    note_step(session, act, plan, "take_back_amendment")
    return amendment


def _settle(act: Act, amendment: PlanAmendment, status: str, comment: str | None) -> None:
    amendment.status, amendment.comment = status, comment
    amendment.decided_by, amendment.decided_at = act.by, act.now
    touch(amendment)


async def _bound(session: Session, plan_id: UUID, codes: set[str]) -> dict[UUID, Decimal]:
    """What is ordered or shared of the lines named: at most thirty."""
    found = {}
    for line in await lines_of(session, plan_id):
        if line.code in codes:
            order = await live_order(session, line.id)
            found[line.id] = max(order.amount if order else ZERO, await shared_of(session, line.id))
    return found
