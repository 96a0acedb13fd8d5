"""Table of survey schemes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import UtcDateTime


class SurveyScheme(Base, table=True):
    """One version of a scheme, never changed: questions, option sets and bands as they were sent."""

    __tablename__ = "survey_scheme"
    __table_args__ = (
        UniqueConstraint("scheme", "scheme_version"),
        CheckConstraint("status IN ('provisional', 'official')", name="status"),
        CheckConstraint("scheme_version >= 1", name="scheme_version"),
    )

    id: UUID = Field(primary_key=True)
    scheme: str = Field(max_length=40)
    scheme_version: int
    status: str = Field(max_length=20)
    source: str = Field(max_length=500)
    minimum_share: str = Field(max_length=10)
    questions: list[dict[str, Any]] = Field(sa_type=Json)
    option_sets: dict[str, dict[str, str | None]] = Field(sa_type=Json)
    bands: list[dict[str, Any]] = Field(sa_type=Json)
    made_by: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
