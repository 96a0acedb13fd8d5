"""The table of incidents."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.registration.incidents.rules import IncidentKind, Resolution
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned

_OPEN = text("resolved_at IS NULL")
_RESOLVED = text("resolved_at IS NOT NULL")


@versioned
class Incident(Base, table=True):
    """`about`: the flight or the statement it is about, so that the same thing opens one incident only."""

    __tablename__ = "incident"
    __table_args__ = (
        one_of("kind", IncidentKind),
        one_of("resolution", Resolution, optional=True),
        UniqueConstraint("individual_id", "kind", "about"),
        CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolved_somehow"),
        Index("ix_incident_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_incident_resolved", "id", sqlite_where=_RESOLVED, postgresql_where=_RESOLVED),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individual_id: UUID = Field(foreign_key="individual.id")
    kind: str
    about: UUID
    attempt: int
    happened_at: datetime = Field(sa_type=UtcDateTime)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    resolution: str | None = None
    note: str | None = None
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_by: str | None = None
    version: int = 1
