"""The table of what sites offer. Never changed: what was measured later is a row of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.registration.tables import Base
from shared.database import UtcDateTime


class SiteCondition(Base, table=True):
    """Covered area in whole square metres, water in litres a day."""

    __tablename__ = "site_condition"
    __table_args__ = (
        CheckConstraint("covered_m2 IS NULL OR covered_m2 >= 0", name="covered_m2"),
        CheckConstraint("water_litres_per_day IS NULL OR water_litres_per_day >= 0", name="water"),
        CheckConstraint("latrines IS NULL OR latrines >= 0", name="latrines"),
        Index("ix_site_condition_site_id_occurred_at", "site_id", "occurred_at"),
    )

    id: UUID = Field(primary_key=True)
    site_id: UUID = Field(foreign_key="site.id")
    covered_m2: int | None = None
    water_litres_per_day: int | None = None
    latrines: int | None = None
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    late_reason: str | None = None
    evidence: str | None = None
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
