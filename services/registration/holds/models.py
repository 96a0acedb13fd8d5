"""The table of holds."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, false, text
from sqlmodel import Field

from services.registration.holds.rules import HoldReason
from services.registration.tables import Base, IdList, one_of
from shared.database import UtcDateTime, versioned

_OPEN = text("released_at IS NULL")


@versioned
class Hold(Base, table=True):
    """`individuals`: those it covers, written out when it was placed; of one on `everyone`, also who joined the case
    since. `until`: the last day of one that ends
    by itself (`ENDS_BY_ITSELF`), by a sweep that releases it; of any other, when it is to be looked at again."""

    __tablename__ = "hold"
    __table_args__ = (
        one_of("reason", HoldReason),
        CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="released_by_someone"),
        Index("ix_hold_open", "case_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_hold_due", "until", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individuals: list[Any] = Field(sa_type=IdList)
    everyone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    reason: str
    note: str | None = None
    until: date | None = None
    placed_at: datetime = Field(sa_type=UtcDateTime)
    placed_by: str
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_by: str | None = None
    version: int = 1
