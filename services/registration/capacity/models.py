"""The table of doubts about capacity, each with the assessment that settled it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.capacity.rules import CapacityOutcome, Profession
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned

_OPEN = text("assessed_at IS NULL")


@versioned
class CapacityDoubt(Base, table=True):
    """`representative`, `paper`: who may decide for the person by law, and what says so; personal data.
    `hold_id`: the hold that the doubt placed, released with it."""

    __tablename__ = "capacity_doubt"
    __table_args__ = (
        one_of("profession", Profession, optional=True),
        one_of("outcome", CapacityOutcome, optional=True),
        CheckConstraint("(assessed_at IS NULL) = (outcome IS NULL)", name="assessed_somehow"),
        CheckConstraint("(outcome = 'not_able') = (representative IS NOT NULL)", name="who_decides"),
        Index(
            "uq_capacity_doubt_open",
            "case_id",
            "individual_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_capacity_doubt_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individual_id: UUID = Field(foreign_key="individual.id")
    hold_id: UUID = Field(foreign_key="hold.id")
    raised_at: datetime = Field(sa_type=UtcDateTime)
    raised_by: str
    assessed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    assessed_by: str | None = None
    recorded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    profession: str | None = None
    outcome: str | None = None
    representative: str | None = None
    paper: str | None = None
    version: int = 1
