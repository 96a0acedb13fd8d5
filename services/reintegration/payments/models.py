"""Tables of payments and their reversals: a ledger, in which no row is ever changed."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.reintegration.tables import Base
from shared.database import MoneyColumn, UtcDateTime


class Payment(Base, table=True):
    """Money paid on one instalment, with its evidence. `rate_date`: the day whose exchange rate the books use;
    `evidence_key`: the paper's number as papers are compared; `provider_id`: whose invoice it is, where that is known.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_payment_plan_id_id", "plan_id", "id"),
        Index("ix_payment_evidence_key", "evidence_key"),
        Index("ix_payment_line_id", "line_id"),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id")
    line_id: UUID = Field(foreign_key="plan_line.id")
    instalment: int
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    rate_date: date
    paid_on: date
    evidence_kind: str = Field(max_length=40)
    evidence_reference: str = Field(max_length=40)
    evidence_key: str = Field(max_length=40)
    provider_id: UUID | None = None
    late_reason: str | None = Field(default=None, max_length=40)
    paid_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class PaymentReversal(Base, table=True):
    """Takes one whole payment back; a payment has at most one."""

    __tablename__ = "payment_reversal"

    id: UUID = Field(primary_key=True)
    payment_id: UUID = Field(foreign_key="payment.id", unique=True)
    reason: str = Field(max_length=40)
    reversed_by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class PaidInvoice(Base, table=True):
    """A supplier's invoice that a plan pays: one plan an invoice, whoever writes it. `provider`: the supplier's id, or
    nothing where nobody said whose it is. The row goes with the last payment on it that is taken back."""

    __tablename__ = "paid_invoice"
    __table_args__ = (UniqueConstraint("number_key", "provider"),)

    id: UUID = Field(primary_key=True)
    number_key: str = Field(max_length=40)
    provider: str = Field(max_length=36)
    plan_id: UUID = Field(foreign_key="plan.id")
    payment_id: UUID = Field(foreign_key="payment.id", unique=True)
