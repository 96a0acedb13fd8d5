"""The table of movements in and out of sites. Never changed: an entry that was wrong is taken back by another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.registration.site_register.rules import MovementReason
from services.registration.tables import Base, IdList, one_of
from shared.database import UtcDateTime


class SiteMovement(Base, table=True):
    """`change`: by how many people the site has more (or, negative, fewer). `reverses` is unique: once."""

    __tablename__ = "site_movement"
    __table_args__ = (
        one_of("reason", MovementReason),
        CheckConstraint("change <> 0", name="change"),
        Index("ix_site_movement_site_id_id", "site_id", "id"),
        Index("ix_site_movement_site_id_occurred_at", "site_id", "occurred_at"),
    )

    id: UUID = Field(primary_key=True)
    site_id: UUID = Field(foreign_key="site.id")
    reason: str
    change: int
    individuals: list[Any] = Field(sa_type=IdList)
    reverses: UUID | None = Field(default=None, foreign_key="site_movement.id", unique=True)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    late_reason: str | None = None
    evidence: str | None = None
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
