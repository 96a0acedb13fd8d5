"""Table of assessments of skills and needs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import UtcDateTime


class Assessment(Base, table=True):
    """What one individual can and needs, as codes; never changed. A later one shows what became of it."""

    __tablename__ = "assessment"
    __table_args__ = (Index("ix_assessment_case_id_id", "case_id", "id"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    individual_id: UUID
    skills: list[dict[str, Any]] = Field(sa_type=Json)
    needs: list[dict[str, Any]] = Field(sa_type=Json)
    assessed_on: date
    assessed_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
