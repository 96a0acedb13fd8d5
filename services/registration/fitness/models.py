"""The table of fitness checks; a new check takes the place of an older one, so it has no version."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from services.registration.tables import Base, Listed, one_of
from shared.contracts.registration import Fitness
from shared.database import UtcDateTime


class FitnessCheck(Base, table=True):
    __tablename__ = "fitness_check"
    __table_args__ = (one_of("outcome", Fitness),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individual_id: UUID = Field(foreign_key="individual.id")
    outcome: str
    support: list[str] = Field(sa_type=Listed)
    fly_before: date | None = None
    findings: str | None = None
    checked_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
