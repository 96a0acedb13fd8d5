"""Tables of foreign facts: one row for each event (and individual), so that the order of arrival leaves no trace."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from services.registration.tables import Base, Listed
from shared.database import UtcDateTime

_DEPARTED = text("kind = 'departed'")


class JourneyLine(Base, table=True):
    """A line of the journey that another service told. `individual_id`: whom it is about, if one."""

    __tablename__ = "journey_line"
    __table_args__ = (Index("ix_journey_line_case", "case_id", "occurred_at"),)

    event_id: UUID = Field(primary_key=True)
    case_id: UUID
    service: str
    type: str
    cause_id: UUID
    individual_id: UUID | None = None
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    sequence: int = Field(sa_type=BigInteger)
    position: int | None = Field(default=None, sa_type=BigInteger)
    attempt: int | None = None


class PassageFact(Base, table=True):
    """What travel told of one individual on one flight. `kind`: booked, cancelled, no_show, offloaded, departed,
    not_admitted, or the answer at the desk (yes, no, not_sure, pressed). `sequence` orders those of a case."""

    __tablename__ = "passage_fact"
    __table_args__ = (
        Index("ix_passage_fact_case", "case_id", "sequence"),
        Index("ix_passage_fact_departed", "at", sqlite_where=_DEPARTED, postgresql_where=_DEPARTED),
    )

    event_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    case_id: UUID
    flight_id: UUID
    kind: str
    attempt: int | None = None
    clearance_id: UUID | None = None
    on_paper: bool = False
    at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    sequence: int = Field(sa_type=BigInteger)


class SeatFact(Base, table=True):
    """Whether somebody has a seat by a booking. `position`, `since`: of the fact that first told of it, to tell
    which changes of the flight came later. `sequence`: of the last fact about it."""

    __tablename__ = "seat_fact"
    __table_args__ = (Index("ix_seat_fact_flight", "flight_id", "taken"),)

    booking_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    case_id: UUID
    flight_id: UUID
    taken: bool
    position: int | None = Field(default=None, sa_type=BigInteger)
    since: datetime = Field(sa_type=UtcDateTime)
    sequence: int = Field(sa_type=BigInteger)


class FlightFact(Base, table=True):
    """A flight as travel told it at one time: its legs, so that the next telling shows what changed. `changed`: false
    for the first of all."""

    __tablename__ = "flight_fact"
    __table_args__ = (Index("ix_flight_fact_flight", "flight_id", "sequence"),)

    event_id: UUID = Field(primary_key=True)
    flight_id: UUID
    sequence: int = Field(sa_type=BigInteger)
    changed: bool
    legs: list[dict[str, Any]] = Field(sa_type=Listed)
    departs_at: datetime = Field(sa_type=UtcDateTime)
    position: int | None = Field(default=None, sa_type=BigInteger)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class AssistanceFact(Base, table=True):
    """That reintegration closed its assistance for a case; the last one told."""

    __tablename__ = "assistance_fact"

    case_id: UUID = Field(primary_key=True)
    event_id: UUID
    reason: str
    sequence: int = Field(sa_type=BigInteger)
