"""Dated rules on what support codes ask for, and on how long checks are good. Never changed: a later one takes over."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field

from services.travel.supports.rules import CheckOutcome, SupportCode
from services.travel.tables import Base
from shared.database import JsonColumn, UtcDateTime, new_id


class SupportRule(Base, table=True):
    """`extra_seats`: beside the person's own; `escorts`: kinds of which one goes along, none where nobody must."""

    __tablename__ = "support_rule"
    __table_args__ = (
        CheckConstraint("code IN ({})".format(", ".join(f"'{each}'" for each in SupportCode)), name="code"),
        CheckConstraint("extra_seats BETWEEN 0 AND 20", name="extra_seats"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str = Field(max_length=20)
    extra_seats: int
    escorts: list[str] = Field(sa_column=Column(JsonColumn, nullable=False))
    valid_from: date
    source: str = Field(max_length=200)
    by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class CheckRule(Base, table=True):
    """How many hours before departure a check of this outcome may be made."""

    __tablename__ = "check_rule"
    __table_args__ = (
        CheckConstraint("outcome IN ({})".format(", ".join(f"'{each}'" for each in CheckOutcome)), name="outcome"),
        CheckConstraint("good_for_hours BETWEEN 1 AND 8784", name="good_for_hours"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    outcome: str = Field(max_length=20)
    good_for_hours: int
    repeat_after_cancellation: bool
    valid_from: date
    source: str = Field(max_length=200)
    by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
