"""The table of returns without a departure of ours; never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from services.registration.tables import Base, one_of
from shared.contracts.registration import ReturnKind
from shared.database import UtcDateTime


class RecordedReturn(Base, table=True):
    __tablename__ = "recorded_return"
    __table_args__ = (one_of("kind", ReturnKind), UniqueConstraint("case_id", "individual_id", "attempt"))

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individual_id: UUID = Field(foreign_key="individual.id")
    attempt: int
    kind: str
    country: str
    returned_on: date
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
