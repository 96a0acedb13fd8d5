"""The table of restrictions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.eligibility.tables import Base
from shared.database import UtcDateTime, versioned


@versioned
class Restriction(Base, table=True):
    """Returns to a country, or to an area of it, are suspended. `lifted_on`: the first day they are open again."""

    __tablename__ = "restriction"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates"),
        CheckConstraint("lifted_on IS NULL OR lifted_on >= valid_from", name="lifted"),
        Index("ix_restriction_country", "country", "id"),
    )

    id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3)
    area: str | None = None
    valid_from: date
    valid_until: date | None = None
    lifted_on: date | None = None
    source: str
    set_by: str
    set_at: datetime = Field(sa_type=UtcDateTime)
    lifted_by: str | None = None
    version: int = 1
