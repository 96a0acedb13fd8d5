"""Table of closures."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from services.reintegration.tables import Base
from shared.database import UtcDateTime


class Closure(Base, table=True):
    """The end of a case's assistance after return, with its final report; one a case. `closed_on` is the day said,
    `closed_at` the business moment at which it was recorded."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('completed', 'budget_expired', 'withdrawn_after_return', 'lost_contact', 'died',"
            " 'migrated_again')",
            name="reason",
        ),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id", unique=True)
    reason: str = Field(max_length=40)
    final_report: str = Field(max_length=4000)
    closed_on: date
    closed_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
