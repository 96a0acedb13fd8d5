"""Tables of cases: where each stands, and the answers to a programme's questions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.eligibility.cases.rules import Ended, Status
from services.eligibility.tables import Base, Small, one_of
from shared.database import UtcDateTime, versioned

_OPEN = text("ended IS NULL")
_ENDED = text("ended IS NOT NULL")
_DATED = text("ended IS NULL AND good_until IS NOT NULL")


@versioned
class Standing(Base, table=True):
    """Where a case stands; `id` is the case's. Its row is the lock of everything in the case.

    `programme_id`: the programme it is decided by; `programme_asked`: an officer named it. `decision_id`: the current
    decision; `good_until`: its last day, until it was noticed that it has passed. `excepted`: an exception was approved
    at some time, so that exceptions are looked for. `look_*`: nobody writes or reads them any more; a process of the
    code before, still running while this one starts, does.
    """

    __tablename__ = "standing"
    __table_args__ = (
        one_of("status", Status),
        one_of("ended", Ended, optional=True),
        CheckConstraint("(status = 'undecided') = (decision_id IS NULL)", name="decided"),
        CheckConstraint("(look_since IS NULL) = (look_cause IS NULL)", name="look"),
        Index("ix_standing_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_standing_ended", "id", sqlite_where=_ENDED, postgresql_where=_ENDED),
        Index("ix_standing_open_status", "status", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_standing_ended_status", "status", "id", sqlite_where=_ENDED, postgresql_where=_ENDED),
        Index("ix_standing_programme", "programme_id", "id"),
        Index(
            "ix_standing_look",
            "id",
            sqlite_where=text("look_since IS NOT NULL"),
            postgresql_where=text("look_since IS NOT NULL"),
        ),
        Index(
            "ix_standing_good_until",
            "good_until",
            "id",
            sqlite_where=_DATED,
            postgresql_where=_DATED,
        ),
    )

    id: UUID = Field(primary_key=True)
    status: str = Status.UNDECIDED
    ended: str | None = None
    programme_id: UUID | None = Field(default=None, foreign_key="programme.id")
    programme_asked: bool = False
    decision_id: UUID | None = None
    excepted: bool = False
    good_until: date | None = None
    look_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    look_cause: UUID | None = None
    look_because: str | None = None
    opened_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class GivenAnswer(Base, table=True):
    """One answer, with who said so and when; a later one of the same question takes its place, and this stays.

    `number` counts the answers of a case: clocks of two machines differ, the case's lock does not.
    """

    __tablename__ = "given_answer"
    __table_args__ = (UniqueConstraint("case_id", "number"), Index("ix_given_answer_case", "case_id", "id"))

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="standing.id")
    number: int
    individual_id: UUID | None = None
    question: str = Field(max_length=60)
    value: Any = Field(sa_type=Small)
    answered_by: str
    answered_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    late_reason: str | None = None
    evidence: str | None = None
