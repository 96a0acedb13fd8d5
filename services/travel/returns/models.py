"""The ledger of departures. Rows are never changed: what was known of a person then is what is counted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from services.travel.tables import Base
from shared.database import UtcDateTime, new_id

STILL = text("undone_event_id IS NULL")


class Departure(Base, table=True):
    """One person left on one flight. `event_id`: the fact that told of it; `on_paper`: entered from a flight that was
    worked on paper."""

    __tablename__ = "departure"
    __table_args__ = (Index("ix_departure_departed_on", "departed_on"),)

    id: UUID = Field(primary_key=True)
    event_id: UUID = Field(unique=True)
    case_id: UUID
    individual_id: UUID = Field(index=True)
    attempt: int
    flight_id: UUID
    departed_on: date
    nationality: str | None = Field(default=None, max_length=3)
    sex: str | None = Field(default=None, max_length=10)
    age_group: str | None = Field(default=None, max_length=10)
    site_id: UUID | None = None
    destination: str = Field(max_length=3)
    flight_kind: str = Field(max_length=20)
    from_airport: str = Field(max_length=3)
    on_paper: bool = False
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class DepartureUndone(Base, table=True):
    """Somebody who departed was not admitted: from that fact on, the departure is no return."""

    __tablename__ = "departure_undone"

    departure_id: UUID = Field(primary_key=True, foreign_key="departure.id")
    event_id: UUID = Field(unique=True)
    kind: str = Field(max_length=30)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class DepartureBeside(Base, table=True):
    """The same person is counted under another record: from the fact `event_id` on until `undone_event_id`, this
    departure is not."""

    __tablename__ = "departure_beside"
    __table_args__ = (
        Index("uq_departure_beside_still", "departure_id", unique=True, sqlite_where=STILL, postgresql_where=STILL),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    departure_id: UUID = Field(foreign_key="departure.id")
    event_id: UUID = Field(unique=True)
    undone_event_id: UUID | None = Field(default=None, unique=True)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
