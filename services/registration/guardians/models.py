"""The table of guardianships. `reference`: of the paper; personal data."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.guardians.rules import Showing
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned

_LIVE = text("ended_at IS NULL")


@versioned
class Guardianship(Base, table=True):
    __tablename__ = "guardianship"
    __table_args__ = (
        one_of("showing", Showing),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_someone"),
        CheckConstraint("individual_id <> guardian_id", name="of_another"),
        Index(
            "uq_guardianship_live",
            "case_id",
            "individual_id",
            "guardian_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_guardianship_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individual_id: UUID = Field(foreign_key="individual.id")
    guardian_id: UUID = Field(foreign_key="individual.id")
    showing: str
    reference: str
    happened_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = None
    version: int = 1
