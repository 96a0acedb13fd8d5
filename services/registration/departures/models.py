"""The table of departures."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from services.registration.tables import Base, one_of
from shared.database import UtcDateTime


class Departure(Base, table=True):
    """Once for each individual and attempt of a case. `how`: cleared by us; on paper (the flight was worked on paper);
    confirmed (a person found that somebody uncleared did leave)."""

    __tablename__ = "departure"
    __table_args__ = (
        one_of("how", ("cleared", "on_paper", "confirmed")),
        UniqueConstraint("case_id", "individual_id", "attempt"),
    )

    individual_id: UUID = Field(primary_key=True, foreign_key="individual.id")
    flight_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    attempt: int
    how: str
    departed_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
