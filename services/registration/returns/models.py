"""The table of returns without a departure of ours."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.returns.rules import Mistake
from services.registration.tables import Base, one_of
from shared.contracts.registration import ReturnKind
from shared.database import UtcDateTime

_STANDS = text("undone_at IS NULL")


class RecordedReturn(Base, table=True):
    """Changed once at most, when it is undone. `stood`: the status before it; none where it was recorded before that
    was kept."""

    __tablename__ = "recorded_return"
    __table_args__ = (
        one_of("kind", ReturnKind),
        one_of("undone_because", Mistake, optional=True),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undone_because IS NULL)",
            name="undone_by_someone",
        ),
        Index("ix_recorded_return_case_id", "case_id", "id"),
        Index(
            "uq_recorded_return_stands",
            "case_id",
            "individual_id",
            "attempt",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individual_id: UUID = Field(foreign_key="individual.id")
    attempt: int
    kind: str
    country: str
    returned_on: date
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    stood: str | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: str | None = None
    undone_because: str | None = None
    undone_note: str | None = None
