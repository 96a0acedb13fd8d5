"""A passenger: one person's seat on one flight, and how far it carried them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from services.travel.passengers.rules import LIVING, ON_THE_GROUND, PASSENGER, Seat
from services.travel.tables import Base
from shared.database import JsonColumn, MoneyColumn, UtcDateTime, new_id, versioned

IS_LIVING = text("status IN ({})".format(", ".join(f"'{each}'" for each in LIVING)))


@versioned
class Passenger(Base, table=True):
    """`word`: an adult's standing answer to "do you want to fly?", void (None) when somebody of the booking was taken
    off since; then `ask_again_since` says since when. `documents`: what the check-in relied on. `extra_seats`:
    beside the own, set aside on the flight. `take_off_wanted`:
    asked for while registration was deciding, done as soon as it has. `bags`: pieces of theirs that are to fly;
    `bags_taken_off`: those that were taken off with them."""

    __tablename__ = "passenger"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in PASSENGER.states)), name="status"),
        CheckConstraint("seat IN ({})".format(", ".join(f"'{each}'" for each in Seat)), name="seat"),
        CheckConstraint("extra_seats >= 0", name="extra_seats"),
        CheckConstraint("word IS NULL OR word IN ('yes', 'no', 'not_sure', 'pressed')", name="word"),
        CheckConstraint("bags >= 0 AND bags_taken_off >= 0", name="bags"),
        CheckConstraint("status NOT IN ('cleared', 'departed') OR clearance_id IS NOT NULL", name="cleared_by"),
        Index("uq_passenger_living", "individual_id", unique=True, sqlite_where=IS_LIVING, postgresql_where=IS_LIVING),
        Index("ix_passenger_flight_id_id", "flight_id", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=PASSENGER.initial, max_length=20)
    flight_id: UUID = Field(foreign_key="flight.id")
    booking_id: UUID = Field(foreign_key="booking.id", index=True)
    case_id: UUID = Field(index=True)
    individual_id: UUID = Field(index=True)
    attempt: int
    adult: bool
    extra_seats: int = 0
    seat: str = Field(default=Seat.HELD, max_length=10)
    bags: int = 0
    bags_taken_off: int = 0
    documents: list[str] = Field(default_factory=list, sa_column=Column(JsonColumn, nullable=False))
    word: str | None = Field(default=None, max_length=10)
    word_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ask_again_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_in_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    boarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_off_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_off_for: str | None = Field(default=None, max_length=40)
    take_off_wanted: str | None = Field(default=None, max_length=40)
    fare_refunded: Decimal | None = Field(default=None, sa_type=MoneyColumn)
    fare_lost: Decimal | None = Field(default=None, sa_type=MoneyColumn)
    fare_currency: str | None = Field(default=None, max_length=3)
    clearance_id: UUID | None = None
    refused_for: str | None = Field(default=None, max_length=60)
    departed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    transit_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_airport: str | None = Field(default=None, max_length=3)
    ended_country: str | None = Field(default=None, max_length=3)
    met_by: str | None = Field(default=None, max_length=30)
    not_admitted_kind: str | None = Field(default=None, max_length=30)

    @property
    def must_be_asked(self) -> bool:
        """An adult on the ground whose word is missing, or counts no longer."""
        return self.adult and self.word is None and self.status in ON_THE_GROUND
