"""Tables of a plan's lines and their instalments.

They change only while their plan's row is locked, and the plan's version is theirs.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.reintegration.tables import Base
from shared.database import MoneyColumn, UtcDateTime


class PlanLine(Base, table=True):
    """One budget line. `package_line`: the line of the package that it spends; `individual_id`: whose that is, null for
    the case's. `delivered`: the value handed over against certificates."""

    __tablename__ = "plan_line"
    __table_args__ = (
        UniqueConstraint("plan_id", "code"),
        Index("ix_plan_line_project_code", "project_code"),
        CheckConstraint("modality IN ('cash', 'in_kind', 'service', 'voucher')", name="modality"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("delivered >= 0 AND delivered <= amount", name="delivered"),
        CheckConstraint("modality <> 'cash' OR delivered = 0", name="cash_is_paid"),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id")
    ordinal: int
    code: str = Field(max_length=40)
    description: str = Field(max_length=500)
    modality: str = Field(max_length=10)
    package_line: str = Field(max_length=200)
    individual_id: UUID | None = None
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    delivered: Decimal = Field(default=Decimal(0), sa_type=MoneyColumn)
    released_reason: str | None = Field(default=None, max_length=40)
    released_by: str | None = Field(default=None, max_length=120)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Instalment(Base, table=True):
    """A tranche of a line, due between two days, both included. `paid` never passes `amount`, whoever tries."""

    __tablename__ = "plan_instalment"
    __table_args__ = (
        UniqueConstraint("line_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("paid >= 0 AND paid <= amount", name="paid"),
        CheckConstraint("due_from <= due_until", name="window"),
    )

    id: UUID = Field(primary_key=True)
    line_id: UUID = Field(foreign_key="plan_line.id")
    number: int
    amount: Decimal = Field(sa_type=MoneyColumn)
    due_from: date
    due_until: date
    paid: Decimal = Field(default=Decimal(0), sa_type=MoneyColumn)
