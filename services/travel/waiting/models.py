"""The waiting list, and what registration told of who goes first."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from services.travel.tables import Base
from shared.database import JsonColumn, UtcDateTime, new_id, versioned

WAITS = text("status = 'waiting'")


@versioned
class WaitingEntry(Base, table=True):
    """People of one case who wait together. Where a seat they had is lost to a cancelled flight, `since` is when they
    began to wait for it, or else were given it: nobody loses their place to a flight that did not go."""

    __tablename__ = "waiting_entry"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'seated', 'left')", name="status"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        Index("uq_waiting_entry_case", "case_id", unique=True, sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_waiting_entry_order", "destination", "status", "level", "since", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default="waiting", max_length=10)
    case_id: UUID
    destination: str = Field(max_length=3)
    individuals: list[str] = Field(sa_column=Column(JsonColumn, nullable=False))
    level: int
    since: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PriorityFact(Base, table=True):
    """From registration: who goes first. The row without an individual is the case's own."""

    __tablename__ = "priority_fact"

    case_id: UUID = Field(primary_key=True)
    individual: str = Field(primary_key=True, max_length=36)
    level: int
