"""Rules on papers are data with dates and a source: they change over night."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field

from services.travel.papers.rules import Applies, Paper
from services.travel.tables import Base
from shared.database import JsonColumn, UtcDateTime, new_id


class PaperRule(Base, table=True):
    """`nationalities`: whom it asks, None for everyone. `airport`, `longer_than_hours`: of transit, where it asks only
    there, or only of longer stops. Never changed: what ends gets a `valid_until` when it is made,
    or another rule beside it."""

    __tablename__ = "paper_rule"
    __table_args__ = (
        CheckConstraint("applies IN ({})".format(", ".join(f"'{each}'" for each in Applies)), name="applies"),
        CheckConstraint("document IN ({})".format(", ".join(f"'{each}'" for each in Paper)), name="document"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates"),
        Index("ix_paper_rule_country_applies", "country", "applies"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    country: str = Field(max_length=3)
    applies: str = Field(max_length=20)
    document: str = Field(max_length=20)
    airport: str | None = Field(default=None, max_length=3)
    longer_than_hours: int | None = None
    nationalities: list[str] | None = Field(default=None, sa_column=Column(JsonColumn, nullable=True))
    valid_from: date
    valid_until: date | None = None
    source: str = Field(max_length=200)
    provisional: bool
    by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
