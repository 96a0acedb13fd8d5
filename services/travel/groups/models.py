"""Groups and their cases."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from services.travel.groups.rules import GROUP
from services.travel.tables import Base
from shared.database import UtcDateTime, new_id, versioned


@versioned
class TravelGroup(Base, table=True):
    """`seats`: allotted; `seats_left`: not booked yet, each of which counts in the flight's `seats_aside`. A seat of
    it that is freed in time is the group's again."""

    __tablename__ = "travel_group"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in GROUP.states)), name="status"),
        CheckConstraint("seats_left >= 0 AND seats_left <= seats", name="seats"),
        CheckConstraint("status = 'open' OR seats_left = 0", name="closed_holds_none"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=GROUP.initial, max_length=10)
    flight_id: UUID = Field(foreign_key="flight.id", index=True)
    label: str = Field(max_length=120)
    seats: int
    seats_left: int
    by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GroupCase(Base, table=True):
    """A case that travels with a group, by its last booking in it."""

    __tablename__ = "group_case"

    group_id: UUID = Field(primary_key=True, foreign_key="travel_group.id")
    case_id: UUID = Field(primary_key=True)
    booking_id: UUID = Field(foreign_key="booking.id", index=True)
