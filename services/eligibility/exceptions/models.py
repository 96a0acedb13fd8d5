"""The table of exceptions to a programme's rules."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.eligibility.exceptions.rules import DecisionReason, Reason, Status
from services.eligibility.tables import Base, one_of
from shared.database import UtcDateTime, versioned

_ALIVE = "status IN ('asked', 'approved')"
_OF_CASE, _OF_ONE = text(f"{_ALIVE} AND individual_id IS NULL"), text(f"{_ALIVE} AND individual_id IS NOT NULL")


@versioned
class RuleException(Base, table=True):
    """An exception asked for a case: that a rule of a programme (both by their codes) is not held against it, or
    against one individual of it.

    `reason`: a code; what lies behind it stays in registration. `approved_on`: the business day, from which it counts;
    `valid_until`: the last day. `decided_*`: who approved or refused; `ended_*`: who took it back.
    """

    __tablename__ = "rule_exception"
    __table_args__ = (
        one_of("status", Status),
        one_of("reason", Reason),
        one_of("decision_reason", DecisionReason, optional=True),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="four_eyes"),
        CheckConstraint("(status <> 'approved') OR (approved_on IS NOT NULL)", name="approved"),
        CheckConstraint("approved_on IS NULL OR decided_by IS NOT NULL", name="decided"),
        Index("ix_rule_exception_case", "case_id", "id"),
        Index("ix_rule_exception_status", "status", "id"),
        Index(
            "uq_rule_exception_alive",
            "case_id",
            "programme",
            "rule",
            unique=True,
            sqlite_where=_OF_CASE,
            postgresql_where=_OF_CASE,
        ),
        Index(
            "uq_rule_exception_alive_of_one",
            "case_id",
            "programme",
            "rule",
            "individual_id",
            unique=True,
            sqlite_where=_OF_ONE,
            postgresql_where=_OF_ONE,
        ),
        Index(
            "ix_rule_exception_ends",
            "valid_until",
            "case_id",
            sqlite_where=text(_ALIVE),
            postgresql_where=text(_ALIVE),
        ),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="standing.id")
    programme: str = Field(max_length=60)
    rule: str = Field(max_length=60)
    individual_id: UUID | None = None
    status: str = Status.ASKED
    reason: str
    valid_until: date
    asked_by: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision_reason: str | None = None
    approved_on: date | None = None
    ended_by: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
