"""The table of decisions: rows are added and never changed."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.eligibility.tables import Base, one_of
from shared.contracts.eligibility import Outcome
from shared.database import MoneyColumn, UtcDateTime


class Decision(Base, table=True):
    """One decision. `record`: inputs, trace, package, as bytes; `digest`: their SHA-256. `replaces`: the one before."""

    __tablename__ = "decision"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("total >= 0", name="total"),
        CheckConstraint("(good_until IS NULL) = (outcome <> 'eligible')", name="good_until"),
        Index("ix_decision_case", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="standing.id")
    version_id: UUID = Field(foreign_key="programme_version.id")
    evaluated_on: date
    outcome: str
    good_until: date | None = None
    replaces: UUID | None = Field(default=None, foreign_key="decision.id", unique=True)
    because: str
    total: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    record: bytes
    digest: bytes
    decided_by: str
    decided_at: datetime = Field(sa_type=UtcDateTime)
