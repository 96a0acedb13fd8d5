"""Tables of attempts to reach somebody, and of contact that was lost."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.reintegration.attempts.rules import Reached, Way
from services.reintegration.tables import Base
from shared.checks import one_of
from shared.database import UtcDateTime


class ContactAttempt(Base, table=True):
    """One attempt, never changed. `next_on`: when it is to be tried again."""

    __tablename__ = "contact_attempt"
    __table_args__ = (
        one_of("way", Way),
        one_of("outcome", Reached),
        Index("ix_contact_attempt_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    individual_id: UUID | None = None
    way: str = Field(max_length=20)
    outcome: str = Field(max_length=20)
    next_on: date | None = None
    by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class LostContact(Base, table=True):
    """Contact with a case is lost: there is a row as long as it is."""

    __tablename__ = "lost_contact"

    case_id: UUID = Field(primary_key=True, foreign_key="assisted_case.id")
    since: datetime = Field(sa_type=UtcDateTime)
    declared_by: str = Field(max_length=120)
    declared_at: datetime = Field(sa_type=UtcDateTime)
