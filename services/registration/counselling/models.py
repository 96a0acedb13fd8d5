"""The table of counselling sessions; what happened is not changed afterwards, so it has no version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.registration.counselling.rules import InterpreterKind
from services.registration.tables import Base, IdList, Listed, one_of
from shared.database import UtcDateTime


class CounsellingSession(Base, table=True):
    __tablename__ = "counselling_session"
    __table_args__ = (one_of("interpreter", InterpreterKind),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individuals: list[Any] = Field(sa_type=IdList)
    language: str
    interpreter: str
    topics: list[str] = Field(sa_type=Listed)
    understood: bool
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    late_reason: str | None = None
    evidence: str | None = None
