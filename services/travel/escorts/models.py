"""Escorts on flights."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from services.travel.escorts.rules import ESCORT, EscortKind
from services.travel.tables import Base
from shared.database import JsonColumn, MoneyColumn, UtcDateTime, new_id, versioned

BOOKED = text("status = 'booked'")


@versioned
class Escort(Base, table=True):
    """One escort's seat, set aside on the flight while it is booked. `reference`: a code of staff, never a name."""

    __tablename__ = "escort"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in ESCORT.states)), name="status"),
        CheckConstraint("kind IN ({})".format(", ".join(f"'{each}'" for each in EscortKind)), name="kind"),
        CheckConstraint("fare >= 0", name="fare"),
        Index(
            "uq_escort_reference",
            "flight_id",
            "reference",
            unique=True,
            sqlite_where=BOOKED,
            postgresql_where=BOOKED,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=ESCORT.initial, max_length=10)
    flight_id: UUID = Field(foreign_key="flight.id", index=True)
    kind: str = Field(max_length=12)
    reference: str = Field(max_length=40)
    individuals: list[str] = Field(sa_column=Column(JsonColumn, nullable=False))
    fare: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    seat: str = Field(default="held", max_length=10)
    by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
