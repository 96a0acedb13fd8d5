"""Table of feasibility checks."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.reintegration.feasibility.rules import Verdict
from services.reintegration.tables import Base, Json
from shared.checks import one_of
from shared.database import UtcDateTime


class FeasibilityCheck(Base, table=True):
    """One row of the grid held against one case, with the version of the grid; never changed. `aspect`: what it is
    about, as a code (debts, income, housing)."""

    __tablename__ = "feasibility_check"
    __table_args__ = (
        one_of("verdict", Verdict),
        Index("ix_feasibility_check_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    aspect: str = Field(max_length=40)
    option: str = Field(max_length=20)
    grid: str = Field(max_length=40)
    grid_version: int
    provisional: bool
    findings: dict[str, str] = Field(sa_type=Json)
    verdict: str = Field(max_length=20)
    checked_on: date
    checked_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
