"""Fares as the airline sold them, and the ledger of what became of each seat's. Rows are never changed."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field

from services.travel.fares.rules import FareFor, FareOutcome
from services.travel.tables import Base
from shared.database import JsonColumn, MoneyColumn, UtcDateTime, new_id


class Fare(Base, table=True):
    """What one seat costs whom. `steps`: what the airline keeps from so many hours before departure on. A later fare
    counts for seats booked after it."""

    __tablename__ = "fare"
    __table_args__ = (
        CheckConstraint("for_whom IN ({})".format(", ".join(f"'{each}'" for each in FareFor)), name="for_whom"),
        CheckConstraint("amount >= 0 AND no_show_fee >= 0", name="amounts"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    flight_id: UUID = Field(foreign_key="flight.id", index=True)
    for_whom: str = Field(max_length=10)
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    steps: list[dict[str, Any]] = Field(sa_column=Column(JsonColumn, nullable=False))
    no_show_fee: Decimal = Field(sa_type=MoneyColumn)
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    source: str = Field(max_length=200)
    by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class FareEntry(Base, table=True):
    """One line of the ledger: a seat was flown, or given up with so much refunded and so much lost. `number` counts the
    entries of a passenger; one that reverses another has its amounts with the other sign."""

    __tablename__ = "fare_entry"
    __table_args__ = (
        CheckConstraint("outcome IN ({})".format(", ".join(f"'{each}'" for each in FareOutcome)), name="outcome"),
        CheckConstraint("outcome = 'reversed' OR (fare >= 0 AND refunded >= 0 AND lost >= 0)", name="signs"),
        UniqueConstraint("passenger_id", "number"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    passenger_id: UUID = Field(foreign_key="passenger.id")
    number: int
    flight_id: UUID = Field(foreign_key="flight.id", index=True)
    case_id: UUID
    fare_id: UUID | None = Field(default=None, foreign_key="fare.id")
    outcome: str = Field(max_length=20)
    seats: int
    fare: Decimal = Field(sa_type=MoneyColumn)
    refunded: Decimal = Field(sa_type=MoneyColumn)
    lost: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class FareEntryBeside(Base, table=True):
    """One line of the ledger for seats beside the passengers' own: an escort's, or second seats no longer needed.
    `seat`: whether it was flown in (held), freed, or lost to the programme after the cut-off."""

    __tablename__ = "fare_entry_beside"
    __table_args__ = (
        CheckConstraint("(escort_id IS NULL) <> (passenger_id IS NULL)", name="of_one"),
        CheckConstraint("outcome IN ('flown', 'cancelled', 'flight_cancelled')", name="outcome"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    flight_id: UUID = Field(foreign_key="flight.id", index=True)
    escort_id: UUID | None = Field(default=None, foreign_key="escort.id")
    passenger_id: UUID | None = Field(default=None, foreign_key="passenger.id")
    outcome: str = Field(max_length=20)
    seat: str = Field(max_length=10)
    seats: int
    fare: Decimal = Field(sa_type=MoneyColumn)
    refunded: Decimal = Field(sa_type=MoneyColumn)
    lost: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
