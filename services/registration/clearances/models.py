"""Tables of clearances."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.tables import Base, Listed, one_of
from shared.contracts.registration import ClearanceRefusal
from shared.database import UtcDateTime, versioned

_STANDS = text("reason IS NULL AND released_at IS NULL AND departed_at IS NULL")


class Clearance(Base, table=True):
    """One question of travel, decided once. `answer`: what was answered, to be given again."""

    __tablename__ = "clearance"

    id: UUID = Field(primary_key=True)
    flight_id: UUID = Field(index=True)
    closing_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    answer: dict[str, Any] | None = Field(default=None, sa_type=Listed)


@versioned
class ClearedPassenger(Base, table=True):
    """One passenger of a clearance: cleared, or refused for a reason. Nobody has two clearances that stand. Who is
    unknown here has no row."""

    __tablename__ = "clearance_passenger"
    __table_args__ = (
        one_of("reason", ClearanceRefusal, optional=True),
        CheckConstraint("released_at IS NULL OR departed_at IS NULL", name="ended_once"),
        CheckConstraint("reason IS NULL OR (released_at IS NULL AND departed_at IS NULL)", name="refused_or_ended"),
        Index(
            "uq_clearance_passenger_stands",
            "individual_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    clearance_id: UUID = Field(primary_key=True, foreign_key="clearance.id")
    individual_id: UUID = Field(primary_key=True, foreign_key="individual.id")
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    attempt: int
    willing: str
    reason: str | None = None
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    departed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
