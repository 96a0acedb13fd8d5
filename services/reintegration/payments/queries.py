"""Reads of payments."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.reintegration.payments.models import PaidInvoice, Payment, PaymentReversal
from services.reintegration.payments.rules import SUPPLIER_INVOICE, PaidOn
from shared.database import Session
from shared.problems import NotFound


async def payment_of(session: Session, payment_id: UUID) -> Payment:
    """Raises `NotFound`."""
    payment = await session.get(Payment, payment_id)
    if payment is None:
        raise NotFound("payment")
    return payment


async def reversals_of(session: Session, payments: Sequence[Payment]) -> dict[UUID, PaymentReversal]:
    """The reversals of these payments, by payment."""
    ids = [payment.id for payment in payments]
    rows = await session.exec(select(PaymentReversal).where(col(PaymentReversal.payment_id).in_(ids)))
    return {row.payment_id: row for row in rows.all()}


async def evidence_counted(session: Session, kind: str, key: str, line_id: UUID | None) -> UUID | None:
    """The first payment of any plan (on that line, if one is given) that this paper stands for and that was not
    reversed. `key`: the paper's number as papers are compared."""
    found = _on_paper(kind, key)
    if line_id is not None:
        found = found.where(Payment.line_id == line_id)
    first = (await session.exec(found.limit(1))).first()
    return first.id if first is not None else None


async def paid_on_invoice(session: Session, key: str) -> Sequence[PaidOn]:
    """The payments on suppliers' invoices of that number that were not reversed, the first one first: a handful."""
    rows = (await session.exec(_on_paper(SUPPLIER_INVOICE, key))).all()
    return [PaidOn(each.id, each.plan_id, each.line_id, each.amount, each.provider_id) for each in rows]


def _on_paper(kind: str, key: str) -> SelectOfScalar[Payment]:
    return (
        select(Payment)
        .outerjoin(PaymentReversal, col(PaymentReversal.payment_id) == col(Payment.id))
        .where(Payment.evidence_kind == kind, Payment.evidence_key == key, col(PaymentReversal.id).is_(None))
        .order_by(col(Payment.id))
    )


async def claim_on(session: Session, key: str, provider_id: UUID | None) -> PaidInvoice | None:
    """Which plan pays that supplier's invoice of that number."""
    rows = select(PaidInvoice).where(PaidInvoice.number_key == key, PaidInvoice.provider == str(provider_id or ""))
    return (await session.exec(rows)).first()


async def payers_of(session: Session, line_id: UUID) -> set[str]:
    """Whoever paid on a line of a plan, reversed or not."""
    return set((await session.exec(select(Payment.paid_by).where(Payment.line_id == line_id))).all())


async def payments_after(session: Session, plan_id: UUID, after: UUID | None, limit: int) -> Sequence[Payment]:
    """Up to `limit` + 1 payments of the plan in the order in which they were recorded."""
    rows = select(Payment).where(Payment.plan_id == plan_id).order_by(col(Payment.id))
    if after is not None:
        rows = rows.where(col(Payment.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
