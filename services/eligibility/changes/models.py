"""The table of coming changes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.eligibility.tables import Base
from shared.database import UtcDateTime

_WAITING = text("done_at IS NULL")
_UNDER_WAY = text("done_at IS NULL AND since IS NOT NULL")


class ComingChange(Base, table=True):
    """On `due_on` what is asked of some open cases changes: of those bound for `country`, of a programme, or of one
    case. `since`, `cause`: when that was taken up, and by what, where there are more cases than are looked at in one
    transaction; `reached`: the last one that was looked at. `done_at`: when all were."""

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
        Index("ix_coming_change_under_way", "id", sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
    )

    id: UUID = Field(primary_key=True)
    due_on: date
    because: str
    country: str | None = Field(default=None, max_length=3)
    programme_id: UUID | None = Field(default=None, foreign_key="programme.id")
    case_id: UUID | None = Field(default=None, foreign_key="standing.id")
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cause: UUID | None = None
    reached: UUID | None = None
    announced_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
