"""Reads of providers, quotations, orders and invoices."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.lines.queries import LineState, line_states
from services.reintegration.procurement.models import Invoice, Provider, PurchaseOrder, Quotation
from services.reintegration.procurement.rules import Bought, ProviderUnknown, Quoted, check_released
from shared.database import Session
from shared.problems import NotFound


async def provider_with(session: Session, code: str) -> Provider | None:
    return (await session.exec(select(Provider).where(Provider.code == code))).first()


async def known_provider(session: Session, code: str) -> Provider:
    """Raises `ProviderUnknown`."""
    found = await provider_with(session, code)
    if found is None:
        raise ProviderUnknown()
    return found


async def providers_after(session: Session, after: UUID | None, limit: int) -> Sequence[Provider]:
    """Up to `limit` + 1 providers in the order in which they were added."""
    rows = select(Provider).order_by(col(Provider.id)).limit(limit + 1)
    if after is not None:
        rows = rows.where(col(Provider.id) > after)
    return (await session.exec(rows)).all()


async def quotations_of(session: Session, line_id: UUID) -> Sequence[Quotation]:
    """Of one line: a handful, in the order in which they were recorded."""
    rows = select(Quotation).where(Quotation.line_id == line_id).order_by(col(Quotation.id))
    return (await session.exec(rows)).all()


def as_quoted(rows: Sequence[Quotation]) -> list[Quoted]:
    return [Quoted(row.id, row.provider_id, row.amount, row.recorded_by) for row in rows]


async def order_with(session: Session, order_id: UUID) -> PurchaseOrder:
    """Raises `NotFound`."""
    found = await session.get(PurchaseOrder, order_id)
    if found is None:
        raise NotFound("order")
    return found


async def live_order(session: Session, line_id: UUID) -> PurchaseOrder | None:
    rows = select(PurchaseOrder).where(PurchaseOrder.line_id == line_id, col(PurchaseOrder.cancelled_at).is_(None))
    return (await session.exec(rows)).first()


async def provider_for(session: Session, line_id: UUID, said: str | None) -> Provider | None:
    """The provider of the line's order. Where nothing was ordered, whoever has the code that was said, if anybody has:
    goods that nobody ordered may come from a shop that is nobody's provider."""
    order = await live_order(session, line_id)
    if order is not None:
        return await session.get(Provider, order.provider_id)
    return await provider_with(session, said) if said is not None else None


async def bought_of_plan(session: Session, plan_id: UUID) -> dict[UUID, Bought]:
    """The orders of a plan that were not cancelled, by their line."""
    states = {each.line: each for each in await line_states(session, plan_id)}
    rows = select(PurchaseOrder).where(PurchaseOrder.plan_id == plan_id, col(PurchaseOrder.cancelled_at).is_(None))
    orders = (await session.exec(rows.execution_options(populate_existing=True))).all()
    return {each.line_id: bought_with(each, states[each.line_id]) for each in orders}


def bought_with(order: PurchaseOrder, state: LineState) -> Bought:
    return Bought(order.id, order.amount, order.charged, state.delivered, state.paid)


async def buyers_of(session: Session, line_id: UUID) -> set[str]:
    """Whoever placed an order on a line, or entered an invoice for it."""
    orders = select(PurchaseOrder.id, PurchaseOrder.ordered_by).where(PurchaseOrder.line_id == line_id)
    by = dict((await session.exec(orders)).all())
    invoices = select(Invoice.recorded_by).where(col(Invoice.order_id).in_(by))
    return {*by.values(), *(await session.exec(invoices)).all()}


async def invoices_numbered(session: Session, key: str) -> Sequence[tuple[Invoice, PurchaseOrder]]:
    """The invoices of that number, as papers are compared: one a provider at most, each with its order."""
    rows = select(Invoice, PurchaseOrder).join(PurchaseOrder, col(PurchaseOrder.id) == col(Invoice.order_id))
    return (await session.exec(rows.where(Invoice.number_key == key))).all()


async def check_owes_nothing(session: Session, plan_id: UUID, line_id: UUID) -> None:
    """Raises `LineOnOrder`."""
    check_released((await bought_of_plan(session, plan_id)).get(line_id))


async def invoices_of(session: Session, order_id: UUID) -> Sequence[Invoice]:
    """Of one order: a handful, in the order in which they were recorded."""
    return (await session.exec(select(Invoice).where(Invoice.order_id == order_id).order_by(col(Invoice.id)))).all()


async def invoice_known(session: Session, provider_id: UUID, key: str) -> Invoice | None:
    rows = select(Invoice).where(Invoice.provider_id == provider_id, Invoice.number_key == key)
    return (await session.exec(rows)).first()
