"""Bookings, and the row that takes turns on a case."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, text
from sqlmodel import Field

from services.travel.bookings.rules import BOOKING, STATUSES
from services.travel.tables import Base
from shared.database import JsonColumn, UtcDateTime, new_id, versioned


class CaseTurn(Base, table=True):
    """One row a case, locked by who books for it and by who reacts to a fact about it: a withdrawal that arrives while
    somebody books is then seen by one of the two."""

    __tablename__ = "case_turn"

    case_id: UUID = Field(primary_key=True)


@versioned
class Booking(Base, table=True):
    """Seats for people of one case on one flight. `split_stated_by`: the adults who agreed to travel apart.
    `held_from` and `held_source`: the first day of the restriction that holds it, and who says so. `joined_since`: who
    came into the case after it was made; until they have a seat too, or need none, it is on hold. `waited_since`: since
    when they have waited for a seat or had another, where that was before it was made."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in STATUSES)), name="status"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=BOOKING.initial, max_length=20)
    case_id: UUID = Field(index=True)
    flight_id: UUID = Field(foreign_key="flight.id", index=True)
    split_stated_by: list[str] = Field(default_factory=list, sa_column=Column(JsonColumn, nullable=False))
    split_stated_on: date | None = None
    cancelled_for: str | None = Field(default=None, max_length=40)
    held_for: str | None = Field(default=None, max_length=40)
    held_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_from: date | None = None
    held_source: str | None = Field(default=None, max_length=400)
    made_at: datetime = Field(sa_type=UtcDateTime)
    waited_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    joined_since: list[str] = Field(
        default_factory=list, sa_column=Column(JsonColumn, nullable=False, server_default=text("'[]'"))
    )

    @property
    def since(self) -> datetime:
        """The day whose place in the line they have, should the seats be lost with the flight."""
        return self.waited_since or self.made_at
