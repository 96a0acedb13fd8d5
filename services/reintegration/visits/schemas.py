"""Bodies and answers of visits."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.fields import Answer, BusinessDate, PlainText, refused, shown
from shared.occurrence import OnADay

NEXT_WITHIN = timedelta(days=730)
"""Nobody is followed up for longer: what is later is a slip of the pen."""


class VisitKind(StrEnum):
    AT_HOME = "at_home"
    AT_WORK = "at_work"
    AT_OFFICE = "at_office"
    BY_PHONE = "by_phone"


class VisitBody(OnADay):
    """`individuals`: who was seen or spoken to. `next_due`: when the next one is to be."""

    model_config = shown(
        {
            "made_on": "2022-03-14",
            "kind": "at_work",
            "individuals": ["01890a5d-ac96-774b-bcce-b302099a8057"],
            "findings": "The restaurant is open six days a week.",
            "next_due": "2022-06-14",
        }
    )

    made_on: BusinessDate
    kind: VisitKind
    individuals: list[UUID] = Field(min_length=1, max_length=30)
    findings: PlainText
    next_due: BusinessDate | None = None

    @model_validator(mode="after")
    def _next_comes_later(self) -> Self:
        if self.next_due is not None and self.next_due <= self.made_on:
            raise refused("next_due", "the next visit must be due after this one")
        if self.next_due is not None and self.next_due - self.made_on > NEXT_WITHIN:
            raise refused("next_due", "the next visit must be due within two years")
        return self


class VisitAnswer(Answer):
    """`findings` null: kept, and not for this reader."""

    visit_id: UUID
    case_id: UUID
    made_on: date
    kind: str
    individuals: list[UUID]
    findings: str | None
    next_due: date | None
    made_by: str
    recorded_at: datetime
