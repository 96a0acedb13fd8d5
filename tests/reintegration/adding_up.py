"""What must be so of plans, money and what is bought, whatever is done."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.reintegration.amendments.models import PlanAmendment
from services.reintegration.budgets.models import Budget
from services.reintegration.closures.models import Reopening
from services.reintegration.community.models import CommunityProject, ProjectShare
from services.reintegration.lines.models import Instalment, PlanLine
from services.reintegration.payments.models import Payment, PaymentReversal
from services.reintegration.plans.models import Plan, PlanStep
from services.reintegration.procurement.models import PurchaseOrder, Quotation

ZERO = Decimal(0)


def check_four_eyes(found: dict[Any, Sequence[Any]], back: dict[UUID, PaymentReversal]) -> None:
    """Nobody decides on, pays or takes back what is their own."""
    wrote: dict[UUID, set[str]] = defaultdict(set)
    for step in found[PlanStep]:
        if step.verb in ("draft_plan", "revise_plan", "submit_plan", "propose_amendment"):
            wrote[step.plan_id].add(step.by)
    for plan in found[Plan]:
        first = {plan.drafted_by, plan.submitted_by}
        assert plan.approved_by is None or plan.approved_by not in first
    for payment in found[Payment]:
        plan = next(each for each in found[Plan] if each.id == payment.plan_id)
        assert payment.paid_by not in {plan.drafted_by, plan.submitted_by, plan.approved_by}
        assert payment.id not in back or back[payment.id].reversed_by != payment.paid_by
    for change in found[PlanAmendment]:
        assert change.status not in ("approved", "returned") or change.decided_by != change.proposed_by
        assert change.status != "approved" or change.decided_by not in wrote[change.plan_id]
    recorded = {each.id: each.recorded_by for each in found[Quotation]}
    assert all(order.ordered_by != recorded[order.quotation_id] for order in found[PurchaseOrder])
    assert all(each.reopened_by != each.closed_by for each in found[Reopening])


def check_money(found: dict[Any, Sequence[Any]], stands: Sequence[Payment]) -> None:
    """No paper counts twice, no instalment is paid beyond what was approved, and the budget has committed what the
    lines take, and paid what was paid and not taken back."""
    papers = Counter((each.evidence_kind, each.evidence_reference) for each in stands)
    assert not papers or max(papers.values()) == 1, "paid twice on one paper"
    paid: dict[tuple[UUID, int], Decimal] = defaultdict(Decimal)
    for payment in stands:
        paid[payment.line_id, payment.instalment] += payment.amount
    for part in found[Instalment]:
        assert part.paid == paid[part.line_id, part.number], "an instalment counts other payments than there are"
        assert part.paid <= part.amount
    (budget,) = found[Budget]
    assert budget.paid == sum((each.amount for each in stands), ZERO)
    owed = {plan.id: plan.status for plan in found[Plan] if plan.approved_by}
    takes = ZERO
    for line in (each for each in found[PlanLine] if each.plan_id in owed):
        money = sum((part.paid for part in found[Instalment] if part.line_id == line.id), ZERO)
        spent = money if line.modality == "cash" else max(money, line.delivered)
        over = line.released_at is not None or owed[line.plan_id] == "closed"
        takes += spent if over else line.amount
    assert budget.committed == takes, "the budget holds something else than the lines take"
    assert budget.committed <= budget.amount


def check_what_is_bought(found: dict[Any, Sequence[Any]]) -> None:
    """One order a line, charged within what was ordered and approved; shares within line and project."""
    approved = {each.id: each.amount for each in found[PlanLine]}
    live = [each for each in found[PurchaseOrder] if each.cancelled_at is None]
    assert max(Counter(each.line_id for each in live).values(), default=0) <= 1
    assert all(each.charged <= each.amount <= approved[each.line_id] for each in live)
    shares = [each for each in found[ProjectShare] if each.released_at is None]
    assert all(each.amount <= approved[each.line_id] for each in shares)
    (project,) = found[CommunityProject]
    assert project.shared == sum((each.amount for each in shares), ZERO) <= project.amount
