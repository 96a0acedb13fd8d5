"""The table of items of a child's protection. `receiver`, `place`: who receives the child and where; personal data."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.children.rules import Finding, Item
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned

_LIVE = text("taken_back_at IS NULL")


@versioned
class ProtectionItem(Base, table=True):
    __tablename__ = "protection_item"
    __table_args__ = (
        one_of("item", Item),
        one_of("finding", Finding),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_someone"),
        CheckConstraint("(item = 'named_reception') = (receiver IS NOT NULL)", name="receiver"),
        Index(
            "uq_protection_item_live",
            "case_id",
            "individual_id",
            "item",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_protection_item_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individual_id: UUID = Field(foreign_key="individual.id")
    item: str
    finding: str
    receiver: str | None = None
    place: str | None = None
    note: str | None = None
    happened_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_back_by: str | None = None
    version: int = 1
