"""Stays near the airport. No name is with the house's: who sleeps there is ids."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field

from services.travel.nights.rules import STAY
from services.travel.tables import Base
from shared.database import JsonColumn, MoneyColumn, UtcDateTime, new_id, versioned


@versioned
class HotelStay(Base, table=True):
    """Nights of people of one booking. `until`: the morning on which they leave; `free_until`: until then the house
    takes them back; `cost`: what is owed as things stand."""

    __tablename__ = "hotel_stay"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in STAY.states)), name="status"),
        CheckConstraint("until > first_night", name="nights"),
        CheckConstraint("rooms > 0 AND beds > 0 AND night_price >= 0 AND cost >= 0", name="amounts"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=STAY.initial, max_length=10)
    case_id: UUID = Field(index=True)
    booking_id: UUID = Field(foreign_key="booking.id", index=True)
    flight_id: UUID = Field(foreign_key="flight.id", index=True)
    individuals: list[str] = Field(sa_column=Column(JsonColumn, nullable=False))
    house: str = Field(max_length=200)
    first_night: date
    until: date
    rooms: int
    beds: int
    night_price: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    free_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cost: Decimal = Field(sa_type=MoneyColumn)
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
