"""Tables of the plan and of what was done to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import UtcDateTime, versioned


@versioned
class Plan(Base, table=True):
    """A reintegration plan of a case. `attempts`: the try of each individual it was drawn up for; `decision_id`: the
    decision whose package it was last held against; `submissions`: how often it was handed in; `revision`: 1, and one
    more with each change after its approval. A case has one plan that is not cancelled."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft', 'submitted', 'sent_back', 'approved', 'closed', 'cancelled')", name="status"
        ),
        CheckConstraint(
            "approved_by IS NULL OR (approved_by <> drafted_by AND approved_by <> submitted_by)", name="four_eyes"
        ),
        Index(
            "uq_plan_live",
            "case_id",
            unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index("ix_plan_case_id_id", "case_id", "id"),
        Index("ix_plan_status_id", "status", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    status: str = Field(max_length=20)
    goals: list[str] = Field(sa_type=Json)
    activities: list[str] = Field(sa_type=Json)
    currency: str = Field(max_length=3)
    decision_id: UUID
    attempts: dict[str, int] = Field(sa_type=Json)
    drafted_by: str = Field(max_length=120)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    submitted_by: str | None = Field(default=None, max_length=120)
    approved_by: str | None = Field(default=None, max_length=120)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    arrived: list[str] | None = Field(default=None, sa_type=Json)
    submissions: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    revision: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    version: int = 1


class PlanStep(Base, table=True):
    """One thing done to a plan, never changed. `comment`: why, in the words of who sent it back; no name belongs in it
    and none leaves in an event."""

    __tablename__ = "plan_step"

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id", index=True)
    verb: str = Field(max_length=40)
    by: str = Field(max_length=120)
    at: datetime = Field(sa_type=UtcDateTime)
    comment: str | None = Field(default=None, max_length=500)
