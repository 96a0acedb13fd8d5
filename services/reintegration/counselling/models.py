"""Table of counselling sessions after return."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import UtcDateTime


class CounsellingSession(Base, table=True):
    """A talk about the time after return, never changed. `language` is a BCP 47 tag, `topics` are codes.
    `event_id`: the fact that told of it; of earlier ones nothing was told."""

    __tablename__ = "counselling_session"
    __table_args__ = (Index("ix_counselling_session_case_id_id", "case_id", "id"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    event_id: UUID | None = None
    individuals: list[str] = Field(sa_type=Json)
    language: str = Field(max_length=35)
    interpreter: bool
    topics: list[str] = Field(sa_type=Json)
    held_on: date
    held_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
