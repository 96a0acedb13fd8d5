"""Table of the follow-ups that a plan is to have."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.reintegration.followups.rules import Kind
from services.reintegration.tables import Base
from shared.checks import one_of
from shared.database import UtcDateTime


class FollowUp(Base, table=True):
    """A visit or a survey round that is to be made. Whether it is due or overdue follows from the day; kept is only
    what somebody did: made it (`made_by` is the visit or the survey), gave it up, or closed the assistance."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("plan_id", "kind", "number"),
        one_of("kind", Kind),
        CheckConstraint("status IN ('open', 'made', 'lost', 'ended')", name="status"),
        CheckConstraint("(status = 'made') = (made_by IS NOT NULL)", name="made"),
        CheckConstraint("(status = 'lost') = (why_lost IS NOT NULL)", name="lost"),
        Index("ix_follow_up_kind_status_due_on_id", "kind", "status", "due_on", "id"),
        Index("ix_follow_up_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    plan_id: UUID = Field(foreign_key="plan.id")
    kind: str = Field(max_length=10)
    number: int
    due_on: date
    status: str = Field(default="open", max_length=10)
    made_by: UUID | None = None
    why_lost: str | None = Field(default=None, max_length=20)
    settled_by: str | None = Field(default=None, max_length=120)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
