"""Tables of cases: household, individual and case are three things; a member links an individual to a case.

The case's row is the lock and the version of everything in the case: whoever changes a member, a hold or a
declaration locks it first and touches it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.cases.rules import RETURN, SHOWN, Channel
from services.registration.tables import Base, IdList, Listed, one_of
from shared.contracts.registration import CaseClosureReason, Means, Relation, Sex
from shared.database import UtcDateTime, versioned


@versioned
class Household(Base, table=True):
    """People who live together. Relief needs it, with or without a case of return. `phone_key`: what the telephone
    number is found by."""

    __tablename__ = "household"
    __table_args__ = (Index("ix_household_phone_key_id", "phone_key", "id"),)

    id: UUID = Field(primary_key=True)
    phone: str | None = None
    phone_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    email: str | None = None
    address: str | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


@versioned
class Individual(Base, table=True):
    """A person. `family_name` is empty for people who have one name. `languages`: BCP 47, the preferred one first.
    `given_key`, `family_key`: what the name is found by, the given or the family name first."""

    __tablename__ = "individual"
    __table_args__ = (
        one_of("sex", Sex),
        Index("ix_individual_given_key_id", "given_key", "id"),
        Index("ix_individual_family_key_id", "family_key", "id"),
        Index("ix_individual_birth_date_given_key_id", "birth_date", "given_key", "id"),
        Index("ix_individual_birth_date_family_key_id", "birth_date", "family_key", "id"),
        Index(
            "ix_individual_not_compared",
            "id",
            postgresql_where=text("compared_at IS NULL"),
            sqlite_where=text("compared_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    household_id: UUID = Field(foreign_key="household.id", index=True)
    given_name: str
    family_name: str | None = None
    given_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    family_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    birth_date: date
    sex: str
    nationality: str
    other_nationalities: list[str] = Field(sa_type=Listed)
    languages: list[str] = Field(sa_type=Listed)
    last_assisted_return: date | None = None
    age_disputed: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Until it is settled, the person counts as a child."""
    compared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the record was last compared with the others; null since it was made or changed."""
    version: int = 1


@versioned
class Case(Base, table=True):
    """The file of a return. `status` is derived from the members and kept for lists."""

    __tablename__ = "case_file"
    __table_args__ = (
        one_of("status", SHOWN),
        one_of("channel", Channel),
        one_of("means", Means),
        one_of("closed_reason", CaseClosureReason, optional=True),
        CheckConstraint("(closed_at IS NULL) = (closed_reason IS NULL)", name="closed_with_reason"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_status"),
        Index("ix_case_file_status_id", "status", "id"),
        Index("ix_case_file_site_id_id", "site_id", "id"),
        Index("ix_case_file_site_id_status_id", "site_id", "status", "id"),
        Index(
            "ix_case_file_bands_told_on_id",
            "bands_told_on",
            "id",
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    household_id: UUID = Field(foreign_key="household.id", index=True)
    site_id: UUID | None = Field(default=None, foreign_key="site.id")
    channel: str
    host_country: str
    destination_country: str
    destination_area: str | None = None
    arrived_in_host_country: date
    bands_told_on: date
    """The business date whose age bands are those that the others were last told."""
    means: str
    status: str = RETURN.initial
    registered_at: datetime = Field(sa_type=UtcDateTime)
    registered_by: str
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_reason: str | None = None
    closed_on_assistance: UUID | None = None
    """The fact "assistance closed" that closed it, so that the same fact does not close a reopened case again."""
    version: int = 1


class CaseMember(Base, table=True):
    """An individual in a case. Guarded by the version of the case. `responsible`: members with parental
    responsibility. `withdrawn_at`: when the person said so. `clearance_id`, `flight_id`: set while cleared.
    `left_at`: when they left the case; the row stays, as they last stood, and is no member's any more."""

    __tablename__ = "case_member"
    __table_args__ = (
        one_of("status", RETURN.states),
        one_of("relation", Relation),
        CheckConstraint("attempt >= 1", name="attempt"),
        CheckConstraint("(status = 'cleared') = (clearance_id IS NOT NULL)", name="cleared_by"),
    )

    case_id: UUID = Field(primary_key=True, foreign_key="case_file.id")
    individual_id: UUID = Field(primary_key=True, foreign_key="individual.id", index=True)
    place: int
    relation: str
    responsible: list[Any] = Field(sa_type=IdList)
    status: str = RETURN.initial
    attempt: int = 1
    protection_pending: bool = False
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    clearance_id: UUID | None = None
    flight_id: UUID | None = None
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
