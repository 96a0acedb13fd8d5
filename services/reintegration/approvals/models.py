"""Table of approvals."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from services.reintegration.tables import Base
from shared.database import MoneyColumn, UtcDateTime


class Approval(Base, table=True):
    """One person's approval of a plan or of a change to it, never changed. `subject_id`: the plan or the amendment;
    `round`: which submission of it, for what is sent back loses the approvals it had."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("subject_id", "round", "by"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("round >= 1", name="round"),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id", index=True)
    subject_id: UUID
    round: int
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    by: str = Field(max_length=120)
    at: datetime = Field(sa_type=UtcDateTime)
