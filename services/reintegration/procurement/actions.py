"""Buying what a plan gives in kind, as a service or by voucher."""

from services.reintegration.lines.actions import open_line
from services.reintegration.lines.queries import PlanLine, line_states
from services.reintegration.lines.rules import CASH, ZERO, check_fits
from services.reintegration.payments.queries import payers_of
from services.reintegration.payments.rules import check_has_not_paid, paper_key
from services.reintegration.plans.actions import note_money
from services.reintegration.plans.queries import Plan
from services.reintegration.procurement.models import Invoice, Provider, PurchaseOrder, Quotation
from services.reintegration.procurement.queries import (
    as_quoted,
    bought_with,
    invoice_known,
    known_provider,
    live_order,
    provider_with,
    quotations_of,
)
from services.reintegration.procurement.rules import (
    CashIsNotOrdered,
    InvoiceKnown,
    OrderedAlready,
    ProviderCodeTaken,
    QuotationKnown,
    check_invoice,
    check_invoice_day,
    check_order,
    check_quotation_day,
)
from services.reintegration.procurement.schemas import InvoiceBody, OrderBody, ProviderBody, QuotationBody
from shared.act import Act
from shared.concurrency import alone_with, touch
from shared.database import Session, new_id
from shared.occurrence import on_day
from shared.problems import NotFound
from shared.states import NotPossibleNow


async def add_provider(session: Session, act: Act, body: ProviderBody) -> Provider:
    """Raises `ProviderCodeTaken`."""
    await alone_with(session, "provider", body.code)
    if await provider_with(session, body.code) is not None:
        raise ProviderCodeTaken()
    provider = Provider(id=new_id(), **dict(body), made_by=act.by, made_at=act.now)
    session.add(provider)
    return provider


async def record_quotation(session: Session, act: Act, plan: Plan, line: PlanLine, body: QuotationBody) -> Quotation:
    """Of a locked plan's line. Raises `ProviderUnknown`, `CashIsNotOrdered`, `QuotationKnown`, `InTheFuture`,
    `QuotationTooOld`."""
    if line.modality == CASH:
        raise CashIsNotOrdered()
    provider = await known_provider(session, body.provider)
    for each in await quotations_of(session, line.id):
        if each.provider_id == provider.id and paper_key(each.reference) == paper_key(body.reference):
            raise QuotationKnown(quotation=each.id)
    on_day(act, body.quoted_on)
    check_quotation_day(body.quoted_on, act.today)
    quotation = Quotation(
        id=new_id(),
        plan_id=plan.id,
        line_id=line.id,
        provider_id=provider.id,
        reference=body.reference,
        amount=body.amount,
        currency=line.currency,
        quoted_on=body.quoted_on,
        recorded_by=act.by,
        recorded_at=act.now,
    )
    session.add(quotation)
    return quotation


async def place_order(session: Session, act: Act, plan: Plan, line: PlanLine, body: OrderBody) -> PurchaseOrder:
    """Orders on a quotation of a locked, approved plan, within what the line has.

    Raises `NotPossibleNow`, `LineReleased`, `OrderedAlready`, `NotFound`, `MoreThanApproved`, `BoughtFromThemselves`,
    `TooFewQuotations`, `CheaperThere`, `PaidOnThisLine`.
    """
    note_money(plan, "place_order")
    await open_line(session, plan.id, line.id)
    check_has_not_paid(act.by, await payers_of(session, line.id))
    there = await live_order(session, line.id)
    if there is not None:
        raise OrderedAlready(order=there.id)
    rows = await quotations_of(session, line.id)
    chosen = next((row for row in rows if row.id == body.quotation_id), None)
    if chosen is None:
        raise NotFound("quotation for this line")
    quoted = as_quoted(rows)
    check_order(next(each for each in quoted if each.quotation == chosen.id), quoted, body.why_not_cheapest, act.by)
    check_fits(ZERO, line.amount, chosen.amount, line.currency)
    order = PurchaseOrder(
        id=new_id(),
        plan_id=plan.id,
        line_id=line.id,
        quotation_id=chosen.id,
        provider_id=chosen.provider_id,
        amount=chosen.amount,
        currency=chosen.currency,
        why_not_cheapest=body.why_not_cheapest,
        ordered_by=act.by,
        ordered_at=act.now,
    )
    session.add(order)
    return order


async def record_invoice(session: Session, act: Act, plan: Plan, order: PurchaseOrder, body: InvoiceBody) -> Invoice:
    """Counts an invoice against an order, locked with its plan, while the plan's line can still pay it.

    Raises `NotPossibleNow`, `LineReleased`, `InvoiceKnown`, `MoreThanOrdered`, `InTheFuture`,
    `InvoicedBeforeTheOrder`, `PaidOnThisLine`.
    """
    if plan.status != "approved":
        raise NotPossibleNow(state=plan.status, possible=[])
    await open_line(session, plan.id, order.line_id)
    check_has_not_paid(act.by, await payers_of(session, order.line_id))
    if order.cancelled_at is not None:
        raise NotPossibleNow(state="cancelled", possible=[])
    key = paper_key(body.number)
    await alone_with(session, "invoice", str(order.provider_id), key)
    known = await invoice_known(session, order.provider_id, key)
    if known is not None:
        raise InvoiceKnown(invoice=known.id, order=known.order_id)
    on_day(act, body.invoiced_on)
    check_invoice_day(body.invoiced_on, order.ordered_at)
    order.charged = check_invoice(order.amount, order.charged, body.amount)
    touch(order)
    invoice = Invoice(
        id=new_id(),
        order_id=order.id,
        provider_id=order.provider_id,
        number=body.number,
        number_key=key,
        amount=body.amount,
        currency=order.currency,
        invoiced_on=body.invoiced_on,
        recorded_by=act.by,
        recorded_at=act.now,
    )
    session.add(invoice)
    return invoice


async def cancel_order(session: Session, act: Act, order: PurchaseOrder) -> None:
    """Cancels an order, locked with its plan, that nothing was charged for, or nothing delivered and paid of what was
    charged: goods that never came. Raises `NotPossibleNow`."""
    (state,) = [each for each in await line_states(session, order.plan_id) if each.line == order.line_id]
    if order.cancelled_at is not None or not bought_with(order, state).cancellable:
        status = "cancelled" if order.cancelled_at is not None else "charged"
        raise NotPossibleNow(state=status, possible=[])
    order.cancelled_by, order.cancelled_at = act.by, act.now
    touch(order)
