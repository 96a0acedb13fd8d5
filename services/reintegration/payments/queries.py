"""Reads of payments."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.payments.models import Payment, PaymentReversal
from services.reintegration.payments.rules import SUPPLIER_INVOICE
from shared.database import Session
from shared.problems import NotFound


async def payment_of(session: Session, payment_id: UUID) -> Payment:
    """Raises `NotFound`."""
    payment = await session.get(Payment, payment_id)
    if payment is None:
        raise NotFound()
    return payment


async def reversals_of(session: Session, payments: Sequence[Payment]) -> dict[UUID, PaymentReversal]:
    """The reversals of these payments, by payment."""
    ids = [payment.id for payment in payments]
    rows = await session.exec(select(PaymentReversal).where(col(PaymentReversal.payment_id).in_(ids)))
    return {row.payment_id: row for row in rows.all()}


async def evidence_counted(session: Session, kind: str, reference: str, line_id: UUID | None) -> bool:
    """Whether this paper stands for a payment of any plan (on that line, if one is given) that was not reversed."""
    found = (
        select(Payment.id)
        .outerjoin(PaymentReversal, col(PaymentReversal.payment_id) == col(Payment.id))
        .where(
            Payment.evidence_kind == kind,
            Payment.evidence_reference == reference,
            col(PaymentReversal.id).is_(None),
        )
    )
    if line_id is not None:
        found = found.where(Payment.line_id == line_id)
    return (await session.exec(found.limit(1))).first() is not None


async def paid_on_invoice(session: Session, number: str) -> Sequence[Payment]:
    """The payments on a supplier's invoice of that number that were not reversed: a handful."""
    rows = (
        select(Payment)
        .outerjoin(PaymentReversal, col(PaymentReversal.payment_id) == col(Payment.id))
        .where(
            Payment.evidence_kind == SUPPLIER_INVOICE,
            Payment.evidence_reference == number,
            col(PaymentReversal.id).is_(None),
        )
    )
    return (await session.exec(rows)).all()


async def payers_of(session: Session, line_id: UUID) -> set[str]:
    """Whoever paid on a line of a plan, reversed or not."""
    return set((await session.exec(select(Payment.paid_by).where(Payment.line_id == line_id))).all())


async def payments_after(session: Session, plan_id: UUID, after: UUID | None, limit: int) -> Sequence[Payment]:
    """Up to `limit` + 1 payments of the plan in the order in which they were recorded."""
    rows = select(Payment).where(Payment.plan_id == plan_id).order_by(col(Payment.id))
    if after is not None:
        rows = rows.where(col(Payment.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
