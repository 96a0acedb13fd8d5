"""Table of deliveries."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.reintegration.tables import Base
from shared.database import MoneyColumn, UtcDateTime


class Delivery(Base, table=True):
    """Goods or a service handed over against a signed certificate; never changed. A certificate counts once a line.
    `provider_id`: the recorded provider; older deliveries, and those without an order, may have a code alone.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("line_id", "certificate_number"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("signed_on >= delivered_on", name="certificate"),
        Index("ix_delivery_plan_id_id", "plan_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id")
    line_id: UUID = Field(foreign_key="plan_line.id")
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    certificate_number: str = Field(max_length=40)
    signed_on: date
    delivered_on: date
    provider_code: str | None = Field(default=None, max_length=40)
    provider_id: UUID | None = None
    confirmed_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
