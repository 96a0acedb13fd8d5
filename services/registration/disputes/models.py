"""The table of disputes about an age."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned

_OPEN = text("settled_at IS NULL")


@versioned
class AgeDispute(Base, table=True):
    """`basis`: what settled it."""

    __tablename__ = "age_dispute"
    __table_args__ = (
        one_of("basis", ("document", "age_assessment", "own_word_withdrawn"), optional=True),
        CheckConstraint("(settled_at IS NULL) = (basis IS NULL)", name="settled_somehow"),
        Index("uq_age_dispute_open", "individual_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individual_id: UUID = Field(foreign_key="individual.id")
    raised_at: datetime = Field(sa_type=UtcDateTime)
    raised_by: str
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_by: str | None = None
    basis: str | None = None
    version: int = 1
