"""Table of surveys."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import UtcDateTime


class Survey(Base, table=True):
    """One individual's answers in one round, with the version of the scheme that scores them; never changed. `scores`
    as they were computed then: decimals as text."""

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("case_id", "individual_id", "round"),
        CheckConstraint("round >= 1", name="round"),
        Index("ix_survey_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    individual_id: UUID
    round: int
    scheme_id: UUID = Field(foreign_key="survey_scheme.id")
    scheme: str = Field(max_length=40)
    scheme_version: int
    provisional: bool
    interviewed_on: date
    method: str = Field(max_length=20)
    answers: dict[str, str] = Field(sa_type=Json)
    scores: dict[str, Any] = Field(sa_type=Json)
    band: str = Field(max_length=40)
    recorded_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
