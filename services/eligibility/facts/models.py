"""Tables of folded facts: made from events alone, so that a rebuild gives the same rows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.eligibility.tables import Base
from shared.database import UtcDateTime


class CaseFact(Base, table=True):
    """A case as registration last told it. `registered_on`: the business date of its first telling."""

    __tablename__ = "case_fact"
    __table_args__ = (Index("ix_case_fact_destination", "destination_country", "case_id"),)

    case_id: UUID = Field(primary_key=True)
    channel: str
    host_country: str
    destination_country: str
    destination_area: str | None = None
    arrived_on: date
    registered_on: date
    means: str
    closed: bool = False


class MemberFact(Base, table=True):
    """One individual of a case. `attempt`: the latest try to return; `withdrawn_attempt`: the latest one withdrawn
    from, 0 for none; `returned_attempt`: the latest one in which they came home without a departure of ours.
    `belongs`: false once the case was told without them. `duplicate_of`: the individual of whom this is a second
    record; `linked`: a link names this individual, so that the other record is looked for."""

    __tablename__ = "member_fact"
    __table_args__ = (
        CheckConstraint("attempt >= 1", name="attempt"),
        CheckConstraint("withdrawn_attempt >= 0", name="withdrawn_attempt"),
        Index("ix_member_fact_individual", "individual_id"),
    )

    case_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    relation: str
    nationality: str
    sex: str
    age_band: str
    attempt: int
    withdrawn_attempt: int = 0
    last_assisted_return: date | None = None
    belongs: bool = True
    returned_attempt: int = 0
    returned_kind: str | None = None
    returned_on: date | None = None
    duplicate_of: UUID | None = None
    linked: bool = False


class LinkFact(Base, table=True):
    """Two individuals that are one person: `stands` goes on. `undone`: they are two again."""

    __tablename__ = "link_fact"
    __table_args__ = (Index("ix_link_fact_duplicate", "duplicate"), Index("ix_link_fact_stands", "stands"))

    link_id: UUID = Field(primary_key=True)
    duplicate: UUID
    stands: UUID
    undone: bool = False


class PassageFact(Base, table=True):
    """One attempt of an individual that came as far as a departure. `not_admitted`: it does not count as assisted."""

    __tablename__ = "passage_fact"
    __table_args__ = (Index("ix_passage_fact_individual", "individual_id"),)

    case_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    departed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_admitted: bool = False
