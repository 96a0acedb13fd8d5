"""Folded facts. Each row comes from events alone; nothing refers to these by foreign key, so they can be made again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table
from sqlmodel import Field

from services.travel.tables import Base
from shared.database import JsonColumn, UtcDateTime


class CaseFact(Base, table=True):
    """A case as registration last told it. `registered_at`: when the visit was that it began with."""

    __tablename__ = "case_fact"

    case_id: UUID = Field(primary_key=True)
    host_country: str = Field(max_length=3)
    destination_country: str = Field(max_length=3)
    destination_area: str | None = Field(default=None, max_length=200)
    registered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed: bool = False
    site_id: UUID | None = None


class MemberFact(Base, table=True):
    """An individual of a case. `responsible`: ids of those who hold parental responsibility, for a child."""

    __tablename__ = "member_fact"

    case_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    nationality: str = Field(max_length=3)
    adult: bool
    responsible: list[str] = Field(sa_column=Column(JsonColumn, nullable=False))
    attempt: int
    sex: str | None = Field(default=None, max_length=10)
    age_group: str | None = Field(default=None, max_length=10)

    @property
    def guardians(self) -> list[UUID]:
        return [UUID(each) for each in self.responsible]


class AttemptFact(Base, table=True):
    """One try of an individual to return: declared or not, withdrawn or not."""

    __tablename__ = "attempt_fact"

    case_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    declaration_id: UUID | None = None
    lapsed: bool = False
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stated_late_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class HoldFact(Base, table=True):
    __tablename__ = "hold_fact"

    hold_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    released: bool = False


class ProtectionFact(Base, table=True):
    """What protection last said about an individual."""

    __tablename__ = "protection_fact"

    case_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    pending: bool


class DocumentFact(Base, table=True):
    __tablename__ = "document_fact"

    document_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    individual_id: UUID
    kind: str = Field(max_length=40)
    issuing_country: str = Field(max_length=3)
    valid_from: date | None = None
    valid_until: date | None = None
    for_country: str | None = Field(default=None, max_length=3)
    single_journey: bool
    valid: bool


class CheckFact(Base, table=True):
    """A pre-embarkation check: its outcome, never a finding. `sequence` tells the later of two of the same moment."""

    __tablename__ = "check_fact"

    check_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    individual_id: UUID
    outcome: str = Field(max_length=40)
    checked_at: datetime = Field(sa_type=UtcDateTime)
    support: list[str] = Field(sa_column=Column(JsonColumn, nullable=False))
    fly_before: date | None = None
    sequence: int


class ClearanceFact(Base, table=True):
    """What registration decided about one individual of a hand-over, and whether it let go again."""

    __tablename__ = "clearance_fact"

    clearance_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    case_id: UUID
    flight_id: UUID
    cleared: bool
    reason: str | None = Field(default=None, max_length=60)
    released: bool = False


class DecisionFact(Base, table=True):
    """Eligibility's last decision on a case. `attempts`: which try of each individual it was made for."""

    __tablename__ = "decision_fact"

    case_id: UUID = Field(primary_key=True)
    decision_id: UUID
    outcome: str = Field(max_length=40)
    good_until: date | None = None
    attempts: dict[str, int] = Field(sa_column=Column(JsonColumn, nullable=False))
    package: list[dict[str, Any]] = Field(sa_column=Column(JsonColumn, nullable=False))


class RestrictionFact(Base, table=True):
    """Returns to a country, or an area of it, are suspended."""

    __tablename__ = "restriction_fact"

    restriction_id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3, index=True)
    area: str | None = Field(default=None, max_length=200)
    valid_from: date
    valid_until: date | None = None
    source: str = Field(max_length=400)
    lifted_on: date | None = None


class ReturnFact(Base, table=True):
    """Somebody is home without a departure of ours, in that try."""

    __tablename__ = "return_fact"

    case_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    attempt: int = Field(primary_key=True)


class LinkFact(Base, table=True):
    """Two records are one person; `case_id` is of the one that does not stand."""

    __tablename__ = "link_fact"

    link_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    duplicate: UUID = Field(index=True)
    stands: UUID = Field(index=True)
    undone: bool = False


FACTS: list[Table] = [
    Base.metadata.tables[name]
    for name in (
        "case_fact",
        "member_fact",
        "attempt_fact",
        "hold_fact",
        "protection_fact",
        "document_fact",
        "check_fact",
        "clearance_fact",
        "decision_fact",
        "restriction_fact",
        "return_fact",
        "link_fact",
    )
]
"""What a rebuild empties and folds again."""
