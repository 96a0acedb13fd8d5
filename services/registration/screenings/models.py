"""The table of screenings; what was found is not changed afterwards, so it has no version."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.registration.screenings.rules import Level, ScreeningOutcome
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime


class Screening(Base, table=True):
    __tablename__ = "screening"
    __table_args__ = (one_of("level", Level), one_of("outcome", ScreeningOutcome))

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individual_id: UUID = Field(foreign_key="individual.id")
    level: str
    outcome: str
    notes: str | None = None
    hold_id: UUID | None = Field(default=None, foreign_key="hold.id")
    screened_at: datetime = Field(sa_type=UtcDateTime)
    screened_by: str
