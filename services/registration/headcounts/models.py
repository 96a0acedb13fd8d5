"""The table of head counts. Never changed: a correction is a new row that names the one it takes the place of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.registration.headcounts.rules import CountMethod
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime


class Headcount(Base, table=True):
    """`corrects` is unique: one count is corrected once, and then its correction may be."""

    __tablename__ = "headcount"
    __table_args__ = (
        one_of("method", CountMethod),
        CheckConstraint("people >= 0", name="people"),
        Index("ix_headcount_site_id_id", "site_id", "id"),
        Index("ix_headcount_site_id_occurred_at", "site_id", "occurred_at"),
    )

    id: UUID = Field(primary_key=True)
    site_id: UUID = Field(foreign_key="site.id")
    people: int
    method: str
    corrects: UUID | None = Field(default=None, foreign_key="headcount.id", unique=True)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    late_reason: str | None = None
    evidence: str | None = None
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
