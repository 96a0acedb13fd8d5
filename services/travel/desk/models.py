"""What was said at the desk: every answer is kept, also those that count no longer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from services.travel.tables import Base
from shared.database import UtcDateTime, new_id


class WillingnessStatement(Base, table=True):
    """An adult's answer, or a child's own no, to whether they want to fly. A yes counts only if given alone. Never
    changed."""

    __tablename__ = "willingness_statement"
    __table_args__ = (
        CheckConstraint("answer IN ('yes', 'no', 'not_sure', 'pressed')", name="answer"),
        CheckConstraint("asked_alone OR answer <> 'yes'", name="asked_alone"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    passenger_id: UUID = Field(foreign_key="passenger.id", index=True)
    answer: str = Field(max_length=10)
    asked_alone: bool
    language: str = Field(max_length=35)
    stated_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    late_reason: str | None = Field(default=None, max_length=30)
    evidence: str | None = Field(default=None, max_length=200)
    by: str = Field(max_length=120)
