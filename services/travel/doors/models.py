"""The hand-over: what registration is asked when the doors close, written down before it is asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from services.travel.tables import Base
from shared.database import JsonColumn, UtcDateTime, new_id, versioned

WAITING = text("settled_at IS NULL")


@versioned
class HandOver(Base, table=True):
    """One a flight. `id` is the clearance id; by it registration knows a repeat. Who closed the doors is kept, so that
    what follows later is still theirs."""

    __tablename__ = "hand_over"
    __table_args__ = (Index("ix_hand_over_waiting", "closing_at", sqlite_where=WAITING, postgresql_where=WAITING),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    flight_id: UUID = Field(foreign_key="flight.id", unique=True)
    closing_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by: str = Field(max_length=120)
    roles: list[str] = Field(sa_column=Column(JsonColumn, nullable=False))
    correlation: UUID
    traceparent: str | None = Field(default=None, max_length=55)


@versioned
class HandedOver(Base, table=True):
    """One passenger of a hand-over, as registration is told, and what it answered."""

    __tablename__ = "handed_over"
    __table_args__ = (
        CheckConstraint("outcome IS NULL OR outcome IN ('cleared', 'refused')", name="outcome"),
        CheckConstraint("willing IN ('yes', 'not_asked')", name="willing"),
    )

    clearance_id: UUID = Field(primary_key=True, foreign_key="hand_over.id")
    individual_id: UUID = Field(primary_key=True)
    version: int = 1
    passenger_id: UUID = Field(foreign_key="passenger.id")
    case_id: UUID
    attempt: int
    willing: str = Field(max_length=12)
    outcome: str | None = Field(default=None, max_length=10)
    reason: str | None = Field(default=None, max_length=60)
