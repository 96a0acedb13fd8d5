"""Tables of budgets, and of the ledger of what moved on them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.reintegration.budgets.rules import Movement
from services.reintegration.tables import Base
from shared.checks import one_of
from shared.database import MoneyColumn, UtcDateTime, versioned


@versioned
class Budget(Base, table=True):
    """What a project may spend on one budget line. Never more is committed than it holds, whoever tries at once."""

    __tablename__ = "budget"
    __table_args__ = (
        UniqueConstraint("project_code", "budget_line", "currency"),
        CheckConstraint("committed >= 0 AND committed <= amount", name="committed"),
        CheckConstraint("paid >= 0", name="paid"),
    )

    id: UUID = Field(primary_key=True)
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    currency: str = Field(max_length=3)
    donor: str = Field(max_length=200)
    amount: Decimal = Field(sa_type=MoneyColumn)
    committed: Decimal = Field(default=Decimal("0.00"), sa_type=MoneyColumn)
    paid: Decimal = Field(default=Decimal("0.00"), sa_type=MoneyColumn)
    made_by: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class BudgetEntry(Base, table=True):
    """One movement, never changed. `event_id`: the fact that told of it, by whose position a report knows what was
    known when; `moved_on`: the business day."""

    __tablename__ = "budget_entry"
    __table_args__ = (
        one_of("movement", Movement),
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("event_id", "line_id", "movement"),
        Index("ix_budget_entry_project_code_moved_on", "project_code", "moved_on"),
    )

    id: UUID = Field(primary_key=True)
    event_id: UUID
    case_id: UUID
    plan_id: UUID
    line_id: UUID
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    currency: str = Field(max_length=3)
    movement: str = Field(max_length=10)
    amount: Decimal = Field(sa_type=MoneyColumn)
    moved_on: date
    recorded_at: datetime = Field(sa_type=UtcDateTime)
