"""Pocket money paid before departure. Rows are never changed."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from services.travel.tables import Base
from shared.database import MoneyColumn, UtcDateTime, new_id


class AllowancePayment(Base, table=True):
    """`line` names the package's line; in one attempt it is paid once, whatever decision replaced which. A receipt
    counts once a flight: desks number their own. `given_back_receipt`: for what came back of the same line from an
    earlier attempt in which nobody flew with it."""

    __tablename__ = "allowance_payment"
    __table_args__ = (
        UniqueConstraint("case_id", "attempt", "line"),
        UniqueConstraint("flight_id", "receipt_number"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID
    individual_id: UUID
    attempt: int
    flight_id: UUID = Field(foreign_key="flight.id")
    passenger_id: UUID = Field(foreign_key="passenger.id", index=True)
    decision_id: UUID
    line: str = Field(max_length=120)
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    receipt_number: str = Field(max_length=40)
    paid_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    given_back_receipt: str | None = Field(default=None, max_length=40)
    late_reason: str | None = Field(default=None, max_length=30)
    evidence: str | None = Field(default=None, max_length=200)
    by: str = Field(max_length=120)
