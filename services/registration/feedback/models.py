"""Tables of feedback. What was said may be personal: it stays here, and is in no event, log or list of others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.registration.feedback.rules import FEEDBACK, Category, Way
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned


@versioned
class Feedback(Base, table=True):
    """`contact` null: anonymous. `confidential`: what was said and who said it is for protection. `protected`: of a
    channel that only its focal points read."""

    __tablename__ = "feedback"
    __table_args__ = (
        one_of("category", Category),
        one_of("way", Way),
        Index("ix_feedback_protected_id", "protected", "id"),
    )

    id: UUID = Field(primary_key=True)
    way: str
    category: str
    protected: bool
    confidential: bool = False
    said: str
    contact: str | None = None
    site_id: UUID | None = Field(default=None, foreign_key="site.id")
    distribution_id: UUID | None = None
    status: str = FEEDBACK.initial
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    version: int = 1


class FeedbackStep(Base, table=True):
    """What was done about it, never changed."""

    __tablename__ = "feedback_step"

    id: UUID = Field(primary_key=True)
    feedback_id: UUID = Field(foreign_key="feedback.id", index=True)
    verb: str
    note: str
    at: datetime = Field(sa_type=UtcDateTime)
    by: str
