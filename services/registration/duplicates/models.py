"""Tables of likenesses and links."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.registration.tables import Base, Listed, one_of
from shared.database import UtcDateTime, versioned

_LIVE = text("undone_at IS NULL")


@versioned
class PossibleDuplicate(Base, table=True):
    """Two records that look like one person: `one_id` before `other_id`, so that a pair is there once."""

    __tablename__ = "possible_duplicate"
    __table_args__ = (
        one_of("status", ("open", "linked", "different")),
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="in_order"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided"),
        Index("ix_possible_duplicate_status_id", "status", "id"),
    )

    id: UUID = Field(primary_key=True)
    one_id: UUID = Field(foreign_key="individual.id")
    other_id: UUID = Field(foreign_key="individual.id")
    likeness: list[str] = Field(sa_type=Listed)
    status: str = "open"
    found_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str | None = None
    version: int = 1


@versioned
class PeopleLink(Base, table=True):
    """`duplicate_id` is the person of `stands_id`, until it is undone. `hold_id`: what keeps the duplicate from being
    booked meanwhile."""

    __tablename__ = "people_link"
    __table_args__ = (
        CheckConstraint("duplicate_id <> stands_id", name="two_records"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_someone"),
        Index("uq_people_link_live", "duplicate_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_people_link_duplicate_id", "duplicate_id"),
        Index("ix_people_link_stands", "stands_id", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: UUID = Field(primary_key=True)
    likeness_id: UUID = Field(foreign_key="possible_duplicate.id", index=True)
    duplicate_id: UUID = Field(foreign_key="individual.id")
    duplicate_case: UUID = Field(foreign_key="case_file.id", index=True)
    stands_id: UUID = Field(foreign_key="individual.id")
    standing_case: UUID = Field(foreign_key="case_file.id")
    hold_id: UUID | None = Field(default=None, foreign_key="hold.id")
    linked_at: datetime = Field(sa_type=UtcDateTime)
    linked_by: str
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: str | None = None
    version: int = 1
