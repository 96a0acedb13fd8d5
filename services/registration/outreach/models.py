"""Tables of visits and sessions. A row is never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.registration.outreach.rules import Purpose
from services.registration.tables import Base, Listed, one_of
from shared.database import UtcDateTime


class OutreachVisit(Base, table=True):
    __tablename__ = "outreach_visit"
    __table_args__ = (one_of("purpose", Purpose), Index("ix_outreach_visit_site_id_id", "site_id", "id"))

    id: UUID = Field(primary_key=True)
    site_id: UUID = Field(foreign_key="site.id")
    team: str
    purpose: str
    people_spoken_to: int
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str


class InformationSession(Base, table=True):
    """`attendance`: numbers by sex and age group, and no names."""

    __tablename__ = "information_session"
    __table_args__ = (
        CheckConstraint("attended >= 0", name="attended"),
        Index("ix_information_session_site_id_id", "site_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    site_id: UUID = Field(foreign_key="site.id")
    language: str
    interpreter: bool
    topics: list[str] = Field(sa_type=Listed)
    attendance: list[dict[str, Any]] = Field(sa_type=Listed)
    attended: int
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
