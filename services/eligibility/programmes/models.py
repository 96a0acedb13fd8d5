"""Tables of programmes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from services.eligibility.tables import Base, Small
from shared.database import UtcDateTime, versioned


@versioned
class Programme(Base, table=True):
    """A programme. `latest`: the number of its newest version, 0 for none yet."""

    __tablename__ = "programme"
    __table_args__ = (CheckConstraint("latest >= 0", name="latest"),)

    id: UUID = Field(primary_key=True)
    code: str = Field(unique=True, max_length=60)
    name: str
    donor: str
    currency: str = Field(max_length=3)
    host_countries: list[str] = Field(sa_type=Small)
    destination_countries: list[str] | None = Field(default=None, sa_type=Small)
    latest: int = 0
    made_by: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class ProgrammeVersion(Base, table=True):
    """One version: never changed. `document`: its content, always the same bytes."""

    __tablename__ = "programme_version"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates"),
    )

    id: UUID = Field(primary_key=True)
    programme_id: UUID = Field(foreign_key="programme.id")
    number: int
    valid_from: date
    valid_until: date | None = None
    provisional: bool
    document: bytes
    made_by: str
    made_at: datetime = Field(sa_type=UtcDateTime)
