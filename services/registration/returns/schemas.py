"""Bodies of returns without us."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.registration import ReturnKind
from shared.fields import Answer, BusinessDate, CountryCode
from shared.occurrence import OnADay
from shared.offers import OfferedAction


class ReturnBody(OnADay):
    """`individuals`: who is home; none named means everyone of the case."""

    individuals: Annotated[list[UUID], Field(max_length=30)] = Field(default_factory=list)
    kind: ReturnKind
    country: CountryCode
    returned_on: BusinessDate


class RecordedReturnAnswer(Answer):
    individual_id: UUID
    attempt: int
    kind: ReturnKind
    country: str
    returned_on: date
    recorded_at: datetime
    recorded_by: str


class ReturnsAnswer(Answer):
    """`status`: of the case."""

    case_id: UUID
    status: str
    returns: list[RecordedReturnAnswer]
    actions: list[OfferedAction]
