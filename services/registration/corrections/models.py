"""The table of corrections: never changed, so without a version. `before` and `after` may be personal data."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from services.registration.corrections.rules import Why
from services.registration.tables import Base, Listed, one_of
from shared.database import UtcDateTime


class Correction(Base, table=True):
    """One field. `individual_id` is empty where the case itself was corrected."""

    __tablename__ = "correction"
    __table_args__ = (one_of("reason", Why),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individual_id: UUID | None = Field(default=None, foreign_key="individual.id")
    field: str
    before: Any = Field(default=None, sa_type=Listed, nullable=True)
    after: Any = Field(default=None, sa_type=Listed, nullable=True)
    reason: str
    corrected_at: datetime = Field(sa_type=UtcDateTime)
    corrected_by: str
