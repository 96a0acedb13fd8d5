"""Bodies of returns without us."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.returns.rules import Mistake
from shared.contracts.registration import ReturnKind
from shared.fields import Answer, Body, BusinessDate, CountryCode, PlainText
from shared.occurrence import OnADay
from shared.offers import OfferedAction


class ReturnBody(OnADay):
    """`individuals`: who is home; none named means everyone of the case."""

    individuals: Annotated[list[UUID], Field(max_length=30)] = Field(default_factory=list)
    kind: ReturnKind
    country: CountryCode
    returned_on: BusinessDate


class UndoReturnBody(Body):
    """`individuals`: whose return was recorded by mistake; none named means everyone of whom one stands."""

    individuals: Annotated[list[UUID], Field(max_length=30)] = Field(default_factory=list)
    reason: Mistake
    note: PlainText | None = None


class RecordedReturnAnswer(Answer):
    """`undone_at`: when it was found to be a mistake; none while it stands."""

    individual_id: UUID
    attempt: int
    kind: ReturnKind
    country: str
    returned_on: date
    recorded_at: datetime
    recorded_by: str
    undone_at: datetime | None
    undone_by: str | None
    undone_because: Mistake | None
    undone_note: str | None


class ReturnsAnswer(Answer):
    """`status`: of the case."""

    case_id: UUID
    status: str
    returns: list[RecordedReturnAnswer]
    actions: list[OfferedAction]
