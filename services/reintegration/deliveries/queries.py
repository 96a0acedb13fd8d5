"""Reads of deliveries."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.deliveries.models import Delivery
from services.reintegration.payments.rules import paper_key
from shared.database import Session


async def deliveries_after(session: Session, plan_id: UUID, after: UUID | None, limit: int) -> Sequence[Delivery]:
    """Up to `limit` + 1 deliveries of the plan in the order in which they were recorded."""
    rows = select(Delivery).where(Delivery.plan_id == plan_id).order_by(col(Delivery.id))
    if after is not None:
        rows = rows.where(col(Delivery.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def confirmers_of(session: Session, line_id: UUID) -> set[str]:
    """Whoever confirmed a delivery on a line."""
    return set((await session.exec(select(Delivery.confirmed_by).where(Delivery.line_id == line_id))).all())


async def delivered_on_line(session: Session, line_id: UUID) -> Sequence[tuple[date, Decimal]]:
    """What was delivered on a line: the day and what it is worth, in the line's currency."""
    rows = select(col(Delivery.delivered_on), col(Delivery.amount)).where(Delivery.line_id == line_id)
    return (await session.exec(rows)).all()


async def certificate_counted(session: Session, line_id: UUID, number: str) -> bool:
    """Whether this certificate, as papers are compared, stands for a delivery on this line already."""
    counted = (await session.exec(select(Delivery.certificate_number).where(Delivery.line_id == line_id))).all()
    return paper_key(number) in {paper_key(each) for each in counted}
