"""The table of coming changes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.eligibility.tables import Base
from shared.database import UtcDateTime

_WAITING = text("done_at IS NULL")


class ComingChange(Base, table=True):
    """On `due_on` what is asked of some open cases changes by itself: of those bound for `country`, of a programme, or
    of one case. `done_at`: when they were looked at, or marked to be."""

    __tablename__ = "coming_change"
    __table_args__ = (
        CheckConstraint(
            "(country IS NOT NULL AND programme_id IS NULL AND case_id IS NULL)"
            " OR (country IS NULL AND programme_id IS NOT NULL AND case_id IS NULL)"
            " OR (country IS NULL AND programme_id IS NULL AND case_id IS NOT NULL)",
            name="about_one",
        ),
        Index("ix_coming_change_due", "due_on", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_coming_change_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: UUID = Field(primary_key=True)
    due_on: date
    because: str
    country: str | None = Field(default=None, max_length=3)
    programme_id: UUID | None = Field(default=None, foreign_key="programme.id")
    case_id: UUID | None = Field(default=None, foreign_key="standing.id")
    announced_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
