"""Table of changes to approved plans."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import MoneyColumn, UtcDateTime, versioned

WAITING = text("status = 'proposed'")


@versioned
class PlanAmendment(Base, table=True):
    """One change: what the named parts of the plan are to be. `lines`: those that change or are added, whole; the
    others stay. `total`: what the plan asks for with them."""

    __tablename__ = "plan_amendment"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("status IN ('proposed', 'approved', 'returned', 'taken_back')", name="status"),
        CheckConstraint("status <> 'approved' OR decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("total >= 0", name="total"),
        Index("uq_plan_amendment_waiting", "plan_id", unique=True, sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id")
    number: int
    status: str = Field(max_length=20)
    reason: str = Field(max_length=500)
    goals: list[str] | None = Field(default=None, sa_type=Json)
    activities: list[str] | None = Field(default=None, sa_type=Json)
    lines: list[dict[str, Any]] = Field(sa_type=Json)
    total: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    proposed_by: str = Field(max_length=120)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=120)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    comment: str | None = Field(default=None, max_length=500)
    version: int = 1
