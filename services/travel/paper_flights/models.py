"""Papers of flights that were worked on paper, as they were entered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field

from services.travel.paper_flights.rules import PAPER, Resolution
from services.travel.tables import Base
from shared.database import JsonColumn, UtcDateTime, new_id, versioned


@versioned
class PaperManifest(Base, table=True):
    """A paper as written. `id` is the clearance of whoever left by it and had none. `digest`: by it the same paper is
    known again. `differs`: where it contradicts what was on record when it came."""

    __tablename__ = "paper_manifest"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in PAPER.states)), name="status"),
        CheckConstraint(
            "resolution IS NULL OR resolution IN ({})".format(", ".join(f"'{each}'" for each in Resolution)),
            name="resolution",
        ),
        CheckConstraint("(status = 'resolved') = (resolution IS NOT NULL)", name="resolved"),
        UniqueConstraint("flight_id", "digest"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=PAPER.initial, max_length=20)
    flight_id: UUID = Field(foreign_key="flight.id")
    digest: str = Field(max_length=64)
    departed_at: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(max_length=30)
    worked_by: str = Field(max_length=120)
    lines: list[dict[str, Any]] = Field(sa_column=Column(JsonColumn, nullable=False))
    differs: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JsonColumn, nullable=False))
    evidence: str | None = Field(default=None, max_length=200)
    entered_at: datetime = Field(sa_type=UtcDateTime)
    by: str = Field(max_length=120)
    resolution: str | None = Field(default=None, max_length=20)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_by: str | None = Field(default=None, max_length=120)
