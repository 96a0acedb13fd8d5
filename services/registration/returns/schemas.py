"""Bodies of returns without us."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.returns.rules import Mistake
from shared.contracts.registration import ReturnKind
from shared.fields import Answer, Body, BusinessDate, CountryCode, PlainText, shown
from shared.occurrence import OnADay
from shared.offers import OfferedAction


class ReturnBody(OnADay):
    """`individuals`: who is home; none named means everyone of the case."""

    model_config = shown(
        {
            "individuals": ["01890a5d-ac96-774b-bcce-b302099a8057"],
            "kind": "own_government",
            "country": "IRQ",
            "returned_on": "2021-11-18",
            "late_reason": "told_later",
            "evidence": "Passenger list of 18 November 2021",
        }
    )

    individuals: Annotated[list[UUID], Field(max_length=30)] = Field(default_factory=list)
    kind: ReturnKind
    country: CountryCode
    returned_on: BusinessDate


class UndoReturnBody(Body):
    """`individuals`: whose return was recorded by mistake; none named means everyone of whom one stands."""

    model_config = shown({"individuals": ["01890a5d-ac96-774b-bcce-b302099a8057"], "reason": "wrong_person"})

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
