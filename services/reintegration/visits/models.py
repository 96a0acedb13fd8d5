"""Table of monitoring visits."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import UtcDateTime


class Visit(Base, table=True):
    """A contact that verifies delivery and progress; never changed. `findings` is short free text about the case: for
    permitted readers, and in no event. `event_id`: the fact that told of it."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("next_due IS NULL OR next_due > made_on", name="next_due"),
        Index("ix_visit_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    event_id: UUID | None = None
    made_on: date
    kind: str = Field(max_length=20)
    individuals: list[str] = Field(sa_type=Json)
    findings: str = Field(max_length=4000)
    next_due: date | None = None
    made_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
