"""Tables of vulnerability: assessments as they were made, the steps of their plans, and the priority that stands."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.tables import Base, Listed, one_of
from services.registration.vulnerabilities.rules import Category
from shared.database import UtcDateTime, versioned

_OPEN = text("done_at IS NULL")


class VulnerabilityAssessment(Base, table=True):
    """Never changed; the newest of a person counts. `factors`: [{level, direction, factor, note}]. `protection_note`:
    for protection and the author alone."""

    __tablename__ = "vulnerability_assessment"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
        Index("ix_vulnerability_assessment_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individual_id: UUID = Field(foreign_key="individual.id")
    factors: list[Any] = Field(sa_type=Listed)
    priority: int
    note: str | None = None
    note_sensitive: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    protection_note: str | None = None
    assessed_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    assessed_by: str


class VulnerabilityCategory(Base, table=True):
    """A category that an assessment found. Reports count by it."""

    __tablename__ = "vulnerability_category"
    __table_args__ = (
        one_of("category", Category),
        Index("ix_vulnerability_category_individual_id", "individual_id", "recorded_at"),
    )

    assessment_id: UUID = Field(primary_key=True, foreign_key="vulnerability_assessment.id")
    category: str = Field(primary_key=True)
    individual_id: UUID = Field(foreign_key="individual.id")
    recorded_at: datetime = Field(sa_type=UtcDateTime)


@versioned
class PlanStep(Base, table=True):
    """What is to be done, by when, by which service."""

    __tablename__ = "vulnerability_step"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_someone"),
        Index("ix_vulnerability_step_assessment", "assessment_id"),
        Index("ix_vulnerability_step_due", "due_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: UUID = Field(primary_key=True)
    assessment_id: UUID = Field(foreign_key="vulnerability_assessment.id")
    case_id: UUID = Field(foreign_key="case_file.id")
    step: str
    sensitive: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    due_on: date | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: str | None = None
    version: int = 1


@versioned
class Priority(Base, table=True):
    """The level that stands for an individual in a case: 1 goes first, 3 last."""

    __tablename__ = "priority"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", name="level"),)

    case_id: UUID = Field(primary_key=True, foreign_key="case_file.id")
    individual_id: UUID = Field(primary_key=True, foreign_key="individual.id")
    level: int
    assigned_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
