"""Providers, quotations, orders and invoices."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.lines.queries import instalments_of, locked_line, state_of
from services.reintegration.plans.queries import Plan, locked_plan, plan_of
from services.reintegration.procurement import actions
from services.reintegration.procurement.models import Provider, PurchaseOrder, Quotation
from services.reintegration.procurement.queries import (
    bought_with,
    invoices_of,
    order_with,
    providers_after,
    quotations_of,
)
from services.reintegration.procurement.rules import ProviderKind
from services.reintegration.procurement.schemas import (
    InvoiceAnswer,
    InvoiceBody,
    OrderAnswer,
    OrderBody,
    ProviderAnswer,
    ProviderBody,
    QuotationAnswer,
    QuotationBody,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.concurrency import locked
from shared.pagination import Cursor, Limit, Page, after, page
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["procurement"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.AUDITOR)
LINE = "/plans/{plan_id}/lines/{line_id}"


@router.post("/providers", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER, Role.FINANCE)])
async def add_provider(body: ProviderBody, call: Call) -> ProviderAnswer:
    return _provider(await actions.add_provider(call.session, call.act, body))


@router.get("/providers", dependencies=[READERS])
async def list_providers(call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[ProviderAnswer]:
    return page(await providers_after(call.session, after(cursor), limit), limit, _provider)


@router.post(LINE + "/quotations", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def record_quotation(plan_id: UUID, line_id: UUID, body: QuotationBody, call: Call) -> QuotationAnswer:
    """What a provider asks for the goods or the service of a line."""
    _case, plan = await locked_plan(call.session, plan_id)
    line = await locked_line(call.session, plan.id, line_id)
    return _quotation(await actions.record_quotation(call.session, call.act, plan, line, body))


@router.get(LINE + "/quotations", dependencies=[READERS])
async def list_quotations(plan_id: UUID, line_id: UUID, call: Call) -> list[QuotationAnswer]:
    await plan_of(call.session, plan_id)
    await locked_line(call.session, plan_id, line_id)
    return [_quotation(row) for row in await quotations_of(call.session, line_id)]


@router.post(LINE + "/orders", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER, Role.FINANCE)])
async def place_order(plan_id: UUID, line_id: UUID, body: OrderBody, call: Call) -> OrderAnswer:
    """Orders on a quotation, by somebody else than who recorded it, with as many quotations as its size asks for."""
    _case, plan = await locked_plan(call.session, plan_id)
    call.seen(plan)
    line = await locked_line(call.session, plan.id, line_id)
    order = await actions.place_order(call.session, call.act, plan, line, body)
    call.made("/orders", order.id)
    await call.session.flush()
    return await _order(order, call)


@router.get("/orders/{order_id}", dependencies=[READERS])
async def show_order(order_id: UUID, call: Call) -> OrderAnswer:
    """The order beside what was charged and what certificates show."""
    return await _order(await order_with(call.session, order_id), call)


@router.post("/orders/{order_id}/invoices", status_code=201, dependencies=[allow(Role.FINANCE)])
async def record_invoice(order_id: UUID, body: InvoiceBody, call: Call) -> OrderAnswer:
    """Counts a provider's invoice once, and never more than was ordered."""
    plan, order = await _locked(order_id, call)
    await actions.record_invoice(call.session, call.act, plan, order, body)
    await call.session.flush()
    return await _order(order, call)


@router.post("/orders/{order_id}/cancellation", dependencies=[allow(Role.REINTEGRATION_OFFICER, Role.FINANCE)])
async def cancel_order(order_id: UUID, call: Call) -> OrderAnswer:
    """While nothing was charged for it, or nothing of what was charged was delivered and paid."""
    _plan, order = await _locked(order_id, call)
    await actions.cancel_order(call.session, call.act, order)
    return await _order(order, call)


async def _locked(order_id: UUID, call: CallState) -> tuple[Plan, PurchaseOrder]:
    """The order and its plan, locked as everything that moves money locks them: the case, the plan, the order."""
    _case, plan = await locked_plan(call.session, (await order_with(call.session, order_id)).plan_id)
    order = await locked(call.session, PurchaseOrder, order_id)
    if order is None:
        raise NotFound("order")
    call.seen(order)
    return plan, order


def _provider(row: Provider) -> ProviderAnswer:
    return ProviderAnswer(
        provider_id=row.id, code=row.code, name=row.name, kind=ProviderKind(row.kind), country=row.country
    )


def _quotation(row: Quotation) -> QuotationAnswer:
    return QuotationAnswer(
        quotation_id=row.id,
        line_id=row.line_id,
        provider_id=row.provider_id,
        reference=row.reference,
        amount=row.amount,
        currency=row.currency,
        quoted_on=row.quoted_on,
        recorded_by=row.recorded_by,
    )


async def _order(row: PurchaseOrder, call: CallState) -> OrderAnswer:
    call.shows(row)
    line = await locked_line(call.session, row.plan_id, row.line_id)
    invoices = await invoices_of(call.session, row.id)
    open_still = row.cancelled_at is None
    plan = await plan_of(call.session, row.plan_id)
    payable = plan.status == "approved" and line.released_at is None
    bought = bought_with(row, state_of(line, (await instalments_of(call.session, [line]))[line.id]))
    verbs = ["record_invoice"] if payable and row.charged < row.amount else []
    verbs += ["cancel_order"] if bought.cancellable else []
    return OrderAnswer(
        order_id=row.id,
        plan_id=row.plan_id,
        line_id=row.line_id,
        provider_id=row.provider_id,
        quotation_id=row.quotation_id,
        amount=row.amount,
        currency=row.currency,
        charged=row.charged,
        delivered=line.delivered,
        matched=row.charged <= line.delivered,
        status="ordered" if open_still else "cancelled",
        ordered_by=row.ordered_by,
        ordered_at=row.ordered_at,
        invoices=[
            InvoiceAnswer(
                invoice_id=each.id,
                number=each.number,
                amount=each.amount,
                invoiced_on=each.invoiced_on,
                recorded_by=each.recorded_by,
            )
            for each in invoices
        ],
        version=row.version,
        actions=call.offers(verbs, order_id=row.id) if open_still else [],
    )
