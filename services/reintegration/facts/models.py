"""Foreign facts as they were folded. Each table has one source: facts of different services never meet in a row.

Nothing here is written by HTTP, and nothing refers to a table of this service's own: a rebuild empties these tables
and fills them again from the topics.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import MoneyColumn, UtcDateTime


class FactCase(Base, table=True):
    """From registration: the case as a whole. `closed_reason` is null while it is open there."""

    __tablename__ = "fact_case"

    case_id: UUID = Field(primary_key=True)
    host_country: str | None = Field(default=None, max_length=3)
    destination_country: str | None = Field(default=None, max_length=3)
    closed_reason: str | None = Field(default=None, max_length=40)


class FactMember(Base, table=True):
    """From registration: who belongs to a case. `attempt`: the newest try to return that registration told of."""

    __tablename__ = "fact_member"
    __table_args__ = (CheckConstraint("attempt >= 1", name="attempt"),)

    case_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    relation: str = Field(max_length=40)
    adult: bool
    attempt: int
    present: bool = True


class FactWithdrawal(Base, table=True):
    """From registration: this individual withdrew from the return in this try."""

    __tablename__ = "fact_withdrawal"

    case_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    withdrawn_at: datetime = Field(sa_type=UtcDateTime)


class FactLateStatement(Base, table=True):
    """From registration: a withdrawal stated too late to undo the movement. Marked, and resolved by a person."""

    __tablename__ = "fact_late_statement"

    statement_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    individual_id: UUID
    attempt: int | None
    stated_at: datetime = Field(sa_type=UtcDateTime)
    entered_at: datetime = Field(sa_type=UtcDateTime)


class FactDecision(Base, table=True):
    """From eligibility: one decision with its package. The one with the highest `sequence` of a case is the current."""

    __tablename__ = "fact_decision"
    __table_args__ = (Index("ix_fact_decision_case_id_sequence", "case_id", "sequence"),)

    decision_id: UUID = Field(primary_key=True)
    case_id: UUID
    sequence: int
    outcome: str = Field(max_length=40)
    evaluated_on: date
    attempts: dict[str, int] = Field(sa_type=Json)
    package: list[dict[str, Any]] = Field(sa_type=Json)
    currency: str = Field(max_length=3)


class FactSeat(Base, table=True):
    """From travel: how far one individual came on one booking. `at`: when that standing was reached (business);
    `missed`: how often the flight left without them, whatever came after."""

    __tablename__ = "fact_seat"
    __table_args__ = (
        CheckConstraint(
            "standing IN ('booked', 'cancelled', 'no_show', 'offloaded', 'departed', 'in_transit', 'arrived',"
            " 'not_admitted')",
            name="standing",
        ),
        Index("ix_fact_seat_expected_at", "expected_at", "booking_id", "individual_id"),
    )

    booking_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    attempt: int
    standing: str = Field(max_length=20)
    at: datetime = Field(sa_type=UtcDateTime)
    expected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    met_by: str | None = Field(default=None, max_length=40)
    country: str | None = Field(default=None, max_length=3)
    missed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class FactReturn(Base, table=True):
    """From registration: this individual is home without a departure of ours. Noon in UTC of the day that was told."""

    __tablename__ = "fact_return"
    __table_args__ = (
        CheckConstraint("kind IN ('retroactive', 'own_government', 'on_their_own')", name="kind"),
        CheckConstraint("attempt >= 1", name="attempt"),
    )

    case_id: UUID = Field(primary_key=True)
    individual_id: UUID = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    kind: str = Field(max_length=20)
    country: str = Field(max_length=3)
    returned_at: datetime = Field(sa_type=UtcDateTime)
    entered_at: datetime = Field(sa_type=UtcDateTime)


class FactLink(Base, table=True):
    """From registration: `duplicate`, of `case_id`, and `stands`, of `standing_case`, are one person; or were thought
    to be, when `undone`."""

    __tablename__ = "fact_link"

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    duplicate: UUID
    stands: UUID
    standing_case: UUID = Field(index=True)
    undone: bool = False


class FactAllowance(Base, table=True):
    """From travel: money handed out before departure. `given_back`: the earlier payment that came back before this one,
    which may be heard of later."""

    __tablename__ = "fact_allowance"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)

    payment_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    individual_id: UUID
    line: str = Field(max_length=200)
    amount: Decimal = Field(sa_type=MoneyColumn)
    currency: str = Field(max_length=3)
    given_back: UUID | None = None
