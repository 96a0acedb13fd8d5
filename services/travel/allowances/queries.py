"""Reading what was paid."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.travel.allowances.models import AllowancePayment
from shared.database import Session


async def payment_of_line(session: Session, case_id: UUID, attempt: int, line: str) -> AllowancePayment | None:
    rows = select(AllowancePayment).where(
        col(AllowancePayment.case_id) == case_id,
        col(AllowancePayment.attempt) == attempt,
        col(AllowancePayment.line) == line,
    )
    return (await session.exec(rows)).first()


async def receipt_used(session: Session, flight_id: UUID, receipt_number: str) -> bool:
    """Whether this receipt stands for a payment on this flight already."""
    found = select(AllowancePayment.id).where(
        col(AllowancePayment.flight_id) == flight_id, col(AllowancePayment.receipt_number) == receipt_number
    )
    return (await session.exec(found)).first() is not None


async def payments_to(session: Session, passenger_id: UUID) -> Sequence[AllowancePayment]:
    rows = select(AllowancePayment).where(col(AllowancePayment.passenger_id) == passenger_id)
    return (await session.exec(rows.order_by(col(AllowancePayment.id)))).all()
