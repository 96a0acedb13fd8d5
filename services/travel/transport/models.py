"""Runs of vehicles to a flight, and the places in them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.travel.tables import Base
from services.travel.transport.rules import RUN, Place, Vehicle
from shared.database import MoneyColumn, UtcDateTime, new_id, versioned

HELD = text("status = 'held'")


@versioned
class TransportRun(Base, table=True):
    """One vehicle that takes people to one flight. `wheelchair_places` are apart from `places`. An ambulance's places
    are for who lies down, too."""

    __tablename__ = "transport_run"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in RUN.states)), name="status"),
        CheckConstraint("vehicle IN ({})".format(", ".join(f"'{each}'" for each in Vehicle)), name="vehicle"),
        CheckConstraint("places_taken >= 0 AND places_taken <= places", name="never_overfull"),
        CheckConstraint(
            "wheelchair_taken >= 0 AND wheelchair_taken <= wheelchair_places", name="wheelchairs_never_overfull"
        ),
        CheckConstraint("cost >= 0", name="cost"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=RUN.initial, max_length=10)
    flight_id: UUID = Field(foreign_key="flight.id", index=True)
    vehicle: str = Field(max_length=10)
    pickup_place: str = Field(max_length=200)
    pickup_at: datetime = Field(sa_type=UtcDateTime)
    places: int
    places_taken: int = 0
    wheelchair_places: int
    wheelchair_taken: int = 0
    cost: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    project_code: str = Field(max_length=40)
    budget_line: str = Field(max_length=40)
    by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class TransportPlace(Base, table=True):
    """One passenger's place on a run; nobody has two."""

    __tablename__ = "transport_place"
    __table_args__ = (
        CheckConstraint("status IN ('held', 'given_back')", name="status"),
        CheckConstraint("place IN ({})".format(", ".join(f"'{each}'" for each in Place)), name="place"),
        Index("uq_transport_place_held", "passenger_id", unique=True, sqlite_where=HELD, postgresql_where=HELD),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    status: str = Field(default="held", max_length=10)
    run_id: UUID = Field(foreign_key="transport_run.id", index=True)
    passenger_id: UUID = Field(foreign_key="passenger.id")
    individual_id: UUID
    case_id: UUID
    place: str = Field(max_length=10)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
