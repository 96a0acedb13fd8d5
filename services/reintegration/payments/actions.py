"""Paying an instalment, and taking a payment back."""

from decimal import Decimal

from services.reintegration.approvals.queries import approvers_of
from services.reintegration.budgets.actions import move_money
from services.reintegration.budgets.rules import ZERO, Movement
from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, moment_there, open_picture
from services.reintegration.deliveries.queries import confirmers_of
from services.reintegration.lines.actions import add_paid, open_line, take_back_paid
from services.reintegration.lines.queries import PlanLine, as_kept, line_states
from services.reintegration.payments.models import Payment, PaymentReversal
from services.reintegration.payments.queries import evidence_counted, paid_on_invoice, reversals_of
from services.reintegration.payments.rules import (
    SHOWS_ONE_PAYMENT,
    SUPPLIER_INVOICE,
    EvidenceUsed,
    InvoiceOfAnotherLine,
    check_invoiced,
    check_money,
    check_payer,
    check_reversal,
    check_window,
)
from services.reintegration.payments.schemas import PaymentBody, ReversalReason
from services.reintegration.plans.actions import entries_for, hands_in, note_money
from services.reintegration.plans.queries import Plan
from services.reintegration.procurement.queries import buyers_of, invoices_numbered
from shared.act import Act
from shared.concurrency import alone_with
from shared.contracts.reintegration import InstalmentPaid, PaymentReversed
from shared.database import Session, new_id
from shared.outbox import stage


async def pay_instalment(session: Session, act: Act, case: AssistedCase, plan: Plan, body: PaymentBody) -> Payment:
    """Pays on an instalment of a locked, approved plan, after the arrival of the one it is for.

    Raises `NotPossibleNow`, `HadAHand`, `MoreThanApproved`, `TooEarly`, `LatePaymentUnexplained`, `OtherCurrency`,
    `RateFromLater`, `LineReleased`, `NotArrivedYet`, `BeforeTheArrival`, `InTheFuture`, `EvidenceUsed`, `NotFound`,
    `RateTooOld`, `InvoiceOfAnotherLine`, `MoreThanInvoiced`.
    """
    note_money(plan, "pay_instalment")
    move_case(case, "pay_instalment")
    hands = await hands_in(session, plan) | await approvers_of(session, plan.id)
    check_payer(act.by, hands, plan.approved_by)
    picture = await open_picture(session, case.id)
    line = await open_line(session, plan.id, body.line_id)
    check_payer(act.by, await buyers_of(session, line.id) | await confirmers_of(session, line.id), None)
    check_money(body.currency, line.currency, body.rate_date, body.paid_on)
    # The evidence is the paper that shows the day, so a late record needs no other reason.
    moment = moment_there(act, picture, body.paid_on, individual=line.individual_id)
    instalment = await add_paid(session, plan.id, line.id, body.instalment, body.amount)
    check_window(body.paid_on, instalment.due_from, instalment.due_until, body.late_reason)
    await _check_paper(session, line, body)
    payment = Payment(
        id=new_id(),
        plan_id=plan.id,
        line_id=line.id,
        instalment=instalment.number,
        amount=as_kept(body.amount),
        currency=line.currency,
        rate_date=body.rate_date,
        paid_on=body.paid_on,
        evidence_kind=body.evidence.kind,
        evidence_reference=body.evidence.reference,
        late_reason=body.late_reason,
        paid_by=act.by,
        occurred_at=moment,
        recorded_at=act.now,
    )
    session.add(payment)
    fact = InstalmentPaid(
        payment=payment.id,
        plan=plan.id,
        line=line.id,
        instalment=instalment.number,
        amount=as_kept(body.amount),
        currency=line.currency,
        rate_date=body.rate_date,
        paid_on=body.paid_on,
    )
    event = await stage(session, act, fact, key=case.id, subject=payment.id, occurred=moment)
    entries = await entries_for(session, plan, Movement.PAID, {line.id: payment.amount})
    await move_money(session, act, event, case.id, plan.id, body.paid_on, entries)
    return payment


async def _check_paper(session: Session, line: PlanLine, body: PaymentBody) -> None:
    """Raises `EvidenceUsed`, `InvoiceOfAnotherLine`, `MoreThanInvoiced`."""
    kind, reference = body.evidence.kind, body.evidence.reference
    # The same paper may be entered for two plans at once, whose locks do not know each other.
    await alone_with(session, "evidence", kind, reference)
    if kind == SUPPLIER_INVOICE:
        paid = await paid_on_invoice(session, reference)
        recorded = await invoices_numbered(session, reference)
        if recorded:
            ours = [each for each, order in recorded if order.line_id == line.id and order.cancelled_at is None]
            if not ours:
                raise InvoiceOfAnotherLine()
            # Another provider's invoice may have the same number; what was paid on its line was not paid on this one.
            elsewhere = {order.line_id for _, order in recorded} - {line.id}
            counted = sum((each.amount for each in paid if each.line_id not in elsewhere), ZERO)
            check_invoiced(sum((each.amount for each in ours), ZERO), counted, body.amount)
            return
        if any(each.plan_id != line.plan_id for each in paid):
            raise EvidenceUsed()
    if await evidence_counted(session, kind, reference, None if kind in SHOWS_ONE_PAYMENT else line.id):
        raise EvidenceUsed()


async def reverse_payment(
    session: Session, act: Act, case: AssistedCase, plan: Plan, payment: Payment, reason: ReversalReason
) -> PaymentReversal:
    """Takes a whole payment back, by someone else than who paid. The payment's row stays as it is.

    Raises `NotPossibleNow`, `AlreadyReversed`, `OwnPayment`.
    """
    note_money(plan, "reverse_payment")
    move_case(case, "reverse_payment")
    before = await reversals_of(session, [payment])
    check_reversal(act.by, payment.paid_by, reversed_already=bool(before))
    was = await _planned_on(session, plan, payment)
    await take_back_paid(session, plan.id, payment.line_id, payment.instalment, payment.amount)
    await session.flush()
    reversal = PaymentReversal(
        id=new_id(), payment_id=payment.id, reason=reason, reversed_by=act.by, recorded_at=act.now
    )
    session.add(reversal)
    fact = PaymentReversed(
        payment=payment.id, plan=plan.id, line=payment.line_id, amount=payment.amount, currency=payment.currency
    )
    event = await stage(session, act, fact, key=case.id, subject=payment.id)
    entries = await entries_for(session, plan, Movement.REVERSED, {payment.line_id: payment.amount})
    # What comes back to a line that was given up goes back to the budget, too.
    freed = was - await _planned_on(session, plan, payment)
    entries += await entries_for(session, plan, Movement.RELEASED, {payment.line_id: freed})
    await move_money(session, act, event, case.id, plan.id, act.today, entries)
    return reversal


async def _planned_on(session: Session, plan: Plan, payment: Payment) -> Decimal:
    """What the plan takes for the payment's line."""
    return sum((each.planned for each in await line_states(session, plan.id) if each.line == payment.line_id), ZERO)
