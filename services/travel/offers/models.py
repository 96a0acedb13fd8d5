"""Offers of seats. Their moment is a column, so that it outlives every restart."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from services.travel.offers.rules import OFFER
from services.travel.tables import Base
from shared.database import JsonColumn, UtcDateTime, new_id, versioned

HELD = text("status = 'held'")


@versioned
class SeatOffer(Base, table=True):
    """Seats held on one flight for people of one case. While it is held, each of them counts in the flight's
    `seats_aside`."""

    __tablename__ = "seat_offer"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in OFFER.states)), name="status"),
        CheckConstraint("seats > 0", name="seats"),
        Index("uq_seat_offer_case", "case_id", unique=True, sqlite_where=HELD, postgresql_where=HELD),
        Index("ix_seat_offer_due", "expires_at", "id", sqlite_where=HELD, postgresql_where=HELD),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=OFFER.initial, max_length=10)
    case_id: UUID = Field(index=True)
    flight_id: UUID = Field(foreign_key="flight.id", index=True)
    individuals: list[str] = Field(sa_column=Column(JsonColumn, nullable=False))
    seats: int
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    booking_id: UUID | None = Field(default=None, foreign_key="booking.id")
    by: str = Field(max_length=120)
