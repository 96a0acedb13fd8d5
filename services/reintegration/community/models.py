"""Tables of community projects and the shares that cases take in them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import MoneyColumn, UtcDateTime, versioned

LIVE = text("released_at IS NULL")


@versioned
class CommunityProject(Base, table=True):
    """What a community builds together: `amount` is what it costs, `shared` what cases give to it."""

    __tablename__ = "community_project"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("shared >= 0 AND shared <= amount", name="shared"),
        CheckConstraint("status IN ('open', 'ended')", name="status"),
        Index("ix_community_project_status_id", "status", "id"),
    )

    id: UUID = Field(primary_key=True)
    code: str = Field(max_length=40, unique=True)
    goal: str = Field(max_length=500)
    activities: list[str] = Field(sa_type=Json)
    country: str = Field(max_length=3)
    area: str | None = Field(default=None, max_length=40)
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    shared: Decimal = Field(default=Decimal(0), sa_type=MoneyColumn)
    status: str = Field(default="open", max_length=10)
    made_by: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class ProjectShare(Base, table=True):
    """What one line of one case's approved plan gives to a project; a line gives to one project at a time."""

    __tablename__ = "project_share"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("uq_project_share_live", "line_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_project_share_project_id_id", "project_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key="community_project.id")
    case_id: UUID = Field(foreign_key="assisted_case.id")
    plan_id: UUID = Field(foreign_key="plan.id", index=True)
    line_id: UUID
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    taken_by: str = Field(max_length=120)
    taken_at: datetime = Field(sa_type=UtcDateTime)
    released_by: str | None = Field(default=None, max_length=120)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
