"""Table of closures."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.reintegration.tables import Base
from shared.checks import one_of
from shared.contracts.reintegration import ReopeningReason
from shared.database import UtcDateTime


class Closure(Base, table=True):
    """The end of a case's assistance after return, with its final report; one a case while it is closed.

    `closed_on` is the day said, `occurred_at` the business moment at which it was recorded."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('completed', 'budget_expired', 'withdrawn_after_return', 'lost_contact', 'died',"
            " 'migrated_again')",
            name="reason",
        ),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id", unique=True)
    reason: str = Field(max_length=40)
    final_report: str = Field(max_length=4000)
    closed_on: date
    closed_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class Reopening(Base, table=True):
    """A closure that counts no more, kept whole, with who opened the assistance again, when and why; never changed."""

    __tablename__ = "reopening"
    __table_args__ = (
        one_of("why", ReopeningReason),
        CheckConstraint("reopened_by <> closed_by", name="four_eyes"),
        Index("ix_reopening_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    closure_id: UUID = Field(unique=True)
    reason: str = Field(max_length=40)
    final_report: str = Field(max_length=4000)
    closed_on: date
    closed_by: str = Field(max_length=120)
    closure_recorded_at: datetime = Field(sa_type=UtcDateTime)
    why: str = Field(max_length=30)
    reopened_by: str = Field(max_length=120)
    reopened_at: datetime = Field(sa_type=UtcDateTime)
