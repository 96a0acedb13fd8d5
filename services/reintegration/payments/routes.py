"""Payments of a plan, and their reversals."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.payments import actions
from services.reintegration.payments.models import Payment, PaymentReversal
from services.reintegration.payments.queries import payment_of, payments_after, reversals_of
from services.reintegration.payments.schemas import PaymentAnswer, PaymentBody, ReversalAnswer, ReversalBody
from services.reintegration.plans.queries import locked_plan, plan_of
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["payments"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.AUDITOR)


@router.post("/plans/{plan_id}/payments", status_code=201, dependencies=[allow(Role.FINANCE)])
async def pay_instalment(plan_id: UUID, body: PaymentBody, call: Call) -> PaymentAnswer:
    """Pays on an instalment, within what is left of it, within its window, and after the arrival."""
    case, plan = await locked_plan(call.session, plan_id)
    call.seen(plan)
    payment = await actions.pay_instalment(call.session, call.act, case, plan, body)
    call.made("/payments", payment.id)
    return _shown(payment, None, call)


@router.post("/payments/{payment_id}/reversal", status_code=201, dependencies=[allow(Role.FINANCE)])
async def reverse_payment(payment_id: UUID, body: ReversalBody, call: Call) -> PaymentAnswer:
    """Takes a whole payment back; the instalment can then be paid again."""
    payment = await payment_of(call.session, payment_id)
    case, plan = await locked_plan(call.session, payment.plan_id)
    reversal = await actions.reverse_payment(call.session, call.act, case, plan, payment, body.reason)
    return _shown(payment, reversal, call)


@router.get("/payments/{payment_id}", dependencies=[READERS])
async def show_payment(payment_id: UUID, call: Call) -> PaymentAnswer:
    """One payment, and its reversal if there is one."""
    payment = await payment_of(call.session, payment_id)
    return _shown(payment, (await reversals_of(call.session, [payment])).get(payment.id), call)


@router.get("/plans/{plan_id}/payments", dependencies=[READERS])
async def list_payments(plan_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[PaymentAnswer]:
    """The plan's payments, oldest record first."""
    await plan_of(call.session, plan_id)
    rows = await payments_after(call.session, plan_id, after(cursor), limit)
    reversals = await reversals_of(call.session, rows)
    return page(rows, limit, lambda row: _shown(row, reversals.get(row.id), call))


def _shown(row: Payment, reversal: PaymentReversal | None, call: CallState) -> PaymentAnswer:
    own = row.paid_by == call.act.by
    return PaymentAnswer(
        payment_id=row.id,
        plan_id=row.plan_id,
        line_id=row.line_id,
        instalment=row.instalment,
        amount=row.amount,
        currency=row.currency,
        rate_date=row.rate_date,
        paid_on=row.paid_on,
        evidence_kind=row.evidence_kind,
        evidence_reference=row.evidence_reference,
        provider_id=row.provider_id,
        late_reason=row.late_reason,
        paid_by=row.paid_by,
        recorded_at=row.recorded_at,
        status="reversed" if reversal else "paid",
        reversal=_reversal(reversal) if reversal else None,
        actions=[] if reversal or own else call.offers(["reverse_payment"], payment_id=row.id),
    )


def _reversal(row: PaymentReversal) -> ReversalAnswer:
    return ReversalAnswer(
        reversal_id=row.id, reason=row.reason, reversed_by=row.reversed_by, recorded_at=row.recorded_at
    )
