"""A flight is the row that everything at its desk and doors locks first."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.travel.flights.rules import FLIGHT, seats_left
from services.travel.tables import Base
from shared.database import MoneyColumn, UtcDateTime, new_id, versioned

FREED = text("seats_freed_at IS NOT NULL")
STATUSES = ", ".join(f"'{status}'" for status in FLIGHT.states)


@versioned
class Flight(Base, table=True):
    """Seats held for the programme on one journey. `seats_taken`: by living bookings; `seats_lost`: given up after
    the airline's cut-off, so paid for by the programme and not given again; `seats_aside`: held by offers that still
    stand, allotted to groups and not booked yet, of escorts, and second seats of passengers. `seats_freed_at`: since
    when seats that were freed wait to be offered; `seats_offered_past`: how far down the waiting list they have been
    offered, as its cursor; `counted_...`: what was counted at the door."""

    __tablename__ = "flight"
    __table_args__ = (
        CheckConstraint(f"status IN ({STATUSES})", name="status"),
        CheckConstraint("kind IN ('commercial', 'charter')", name="kind"),
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint(
            "seats_taken >= 0 AND seats_lost >= 0 AND seats_taken + seats_lost <= seats", name="never_oversold"
        ),
        CheckConstraint(
            "seats_aside >= 0 AND seats_taken + seats_lost + seats_aside <= seats", name="aside_never_oversold"
        ),
        CheckConstraint("fare >= 0", name="fare"),
        Index("ix_flight_departs_at_id", "departs_at", "id"),
        Index("ix_flight_seats_freed", "seats_freed_at", sqlite_where=FREED, postgresql_where=FREED),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=FLIGHT.initial, max_length=20)
    kind: str = Field(max_length=20)
    carrier: str = Field(max_length=80)
    from_airport: str = Field(max_length=3)
    from_country: str = Field(max_length=3)
    to_airport: str = Field(max_length=3)
    to_country: str = Field(max_length=3)
    departs_at: datetime = Field(sa_type=UtcDateTime)
    arrives_at: datetime = Field(sa_type=UtcDateTime)
    seats: int
    seats_taken: int = 0
    seats_lost: int = 0
    seats_aside: int = 0
    fare: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    cut_off_at: datetime = Field(sa_type=UtcDateTime)
    check_in_opens_at: datetime = Field(sa_type=UtcDateTime)
    doors_at: datetime = Field(sa_type=UtcDateTime)
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    closing_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    departed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    counted_persons: int | None = None
    counted_pieces: int | None = None
    seats_freed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seats_offered_past: str | None = Field(default=None, max_length=200)
    recorded_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def left(self) -> int:
        return seats_left(self.seats, self.seats_taken, self.seats_lost, self.seats_aside)


class FlightLeg(Base, table=True):
    """One take-off and landing, as the airline last set it."""

    __tablename__ = "flight_leg"
    __table_args__ = (
        UniqueConstraint("flight_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("arrives > departs", name="in_time_order"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    flight_id: UUID = Field(foreign_key="flight.id")
    number: int
    flight_number: str = Field(max_length=10)
    from_airport: str = Field(max_length=3)
    from_country: str = Field(max_length=3)
    to_airport: str = Field(max_length=3)
    to_country: str = Field(max_length=3)
    departs: datetime = Field(sa_type=UtcDateTime)
    arrives: datetime = Field(sa_type=UtcDateTime)
