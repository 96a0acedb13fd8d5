"""Paying an instalment, and taking a payment back."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.reintegration.approvals.queries import approvers_of
from services.reintegration.budgets.actions import move_money
from services.reintegration.budgets.rules import ZERO, Movement
from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, moment_there, open_picture, payable_days
from services.reintegration.deliveries.queries import confirmers_of, delivered_on_line
from services.reintegration.lines.actions import add_paid, open_line, take_back_paid
from services.reintegration.lines.queries import PlanLine, as_kept, instalments_of, line_states
from services.reintegration.payments.models import PaidInvoice, Payment, PaymentReversal
from services.reintegration.payments.queries import claim_on, evidence_counted, paid_on_invoice, reversals_of
from services.reintegration.payments.rules import (
    SHOWS_ONE_PAYMENT,
    SUPPLIER_INVOICE,
    EvidenceUsed,
    InvoiceOfAnotherLine,
    OnlyInvoicesHaveSuppliers,
    Recorded,
    check_money,
    check_payer,
    check_reversal,
    check_supplier_invoice,
    check_window,
    paper_key,
)
from services.reintegration.payments.schemas import EvidenceBody, PaymentBody, ReversalReason
from services.reintegration.plans.actions import entries_for, hands_in, note_money
from services.reintegration.plans.queries import Plan
from services.reintegration.procurement.queries import buyers_of, invoices_numbered, known_provider, live_order
from services.reintegration.windows.rules import Payable, check_in_time, day_that_counts
from shared.act import Act
from shared.concurrency import alone_with
from shared.contracts.reintegration import InstalmentPaid, PaymentReversed
from shared.database import Session, new_id
from shared.outbox import stage


async def pay_instalment(session: Session, act: Act, case: AssistedCase, plan: Plan, body: PaymentBody) -> Payment:
    """Pays on an instalment of a locked, approved plan, after the arrival of the one it is for.

    Raises `NotPossibleNow`, `HadAHand`, `MoreThanApproved`, `TooEarly`, `LatePaymentUnexplained`, `OtherCurrency`,
    `RateFromLater`, `LineReleased`, `NotArrivedYet`, `BeforeTheArrival`, `InTheFuture`, `EvidenceUsed`, `NotFound`,
    `RateTooOld`, `InvoiceOfAnotherLine`, `MoreThanInvoiced`, `OnlyInvoicesHaveSuppliers`, `ProviderUnknown`,
    `PackageLineNotDue`, `PackageLineLapsed`.
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
    days = await payable_days(session, case.id, picture, line.package_line)
    check_in_time(days, await _day_that_counts(session, days, line, body), body.late_reason)
    supplier = await _supplier(session, line, body.evidence)
    await _check_paper(session, line, body, supplier)
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
        evidence_key=paper_key(body.evidence.reference),
        provider_id=supplier,
        late_reason=body.late_reason,
        paid_by=act.by,
        occurred_at=moment,
        recorded_at=act.now,
    )
    session.add(payment)
    await _claim(session, payment)
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


async def _day_that_counts(session: Session, days: Payable, line: PlanLine, body: PaymentBody) -> date:
    if body.evidence.kind != SUPPLIER_INVOICE:
        return body.paid_on
    paid = sum((each.paid for each in (await instalments_of(session, [line]))[line.id]), ZERO)
    delivered = await delivered_on_line(session, line.id)
    return day_that_counts(days, body.paid_on, paid, delivered)


async def _supplier(session: Session, line: PlanLine, evidence: EvidenceBody) -> UUID | None:
    """Whose invoice is paid: the order's of the line, or whoever is named. Raises `OnlyInvoicesHaveSuppliers`,
    `ProviderUnknown`, `InvoiceOfAnotherLine`."""
    if evidence.kind != SUPPLIER_INVOICE:
        if evidence.provider is not None:
            raise OnlyInvoicesHaveSuppliers()
        return None
    order = await live_order(session, line.id)
    named = (await known_provider(session, evidence.provider)).id if evidence.provider is not None else None
    if order is not None and named not in (None, order.provider_id):
        raise InvoiceOfAnotherLine()
    return order.provider_id if order is not None else named


async def _check_paper(session: Session, line: PlanLine, body: PaymentBody, supplier: UUID | None) -> None:
    """Raises `EvidenceUsed`, `InvoiceOfAnotherLine`, `MoreThanInvoiced`."""
    kind, key = body.evidence.kind, paper_key(body.evidence.reference)
    # The same paper may be entered for two plans at once, whose locks do not know each other.
    await alone_with(session, "evidence", kind, key)
    if kind == SUPPLIER_INVOICE:
        recorded = [
            Recorded(order.line_id, each.provider_id, each.amount, order.cancelled_at is None)
            for each, order in await invoices_numbered(session, key)
        ]
        paid = await paid_on_invoice(session, key)
        check_supplier_invoice(paid, recorded, supplier, line.plan_id, line.id, body.amount)
        return
    first = await evidence_counted(session, kind, key, None if kind in SHOWS_ONE_PAYMENT else line.id)
    if first is not None:
        raise EvidenceUsed(payment=first)


async def _claim(session: Session, payment: Payment) -> None:
    """Says that this plan pays the invoice: what the lock of the paper keeps apart, a unique key keeps apart too."""
    if payment.evidence_kind != SUPPLIER_INVOICE:
        return
    there = await claim_on(session, payment.evidence_key, payment.provider_id)
    if there is None or there.plan_id != payment.plan_id:
        await session.flush()
        claim = {"number_key": payment.evidence_key, "provider": str(payment.provider_id or "")}
        session.add(PaidInvoice(id=new_id(), plan_id=payment.plan_id, payment_id=payment.id, **claim))


async def _free_claim(session: Session, payment: Payment) -> None:
    """Once nothing is paid on an invoice any more, it may be paid elsewhere."""
    if payment.evidence_kind != SUPPLIER_INVOICE:
        return
    await alone_with(session, "evidence", payment.evidence_kind, payment.evidence_key)
    claim = await claim_on(session, payment.evidence_key, payment.provider_id)
    if claim is None:
        return
    left = [
        each for each in await paid_on_invoice(session, payment.evidence_key) if each.provider == payment.provider_id
    ]
    if left:
        claim.payment_id = left[0].payment
    else:
        await session.delete(claim)


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
    reversal = PaymentReversal(
        id=new_id(), payment_id=payment.id, reason=reason, reversed_by=act.by, recorded_at=act.now
    )
    session.add(reversal)
    await session.flush()
    await _free_claim(session, payment)
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
