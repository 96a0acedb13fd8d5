"""Rules on papers as they are sent and shown."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.travel.papers.rules import Applies, Paper
from shared.fields import Answer, AwareTime, Body, BusinessDate, CountryCode, Line, refused


class PaperRuleBody(Body):
    """`nationalities`: whom the rule asks, null for everyone. `source`: where it is written. `provisional`: not yet
    confirmed by the embassy or the airline."""

    country: CountryCode
    applies: Applies
    document: Paper
    nationalities: Annotated[tuple[CountryCode, ...], Field(min_length=1, max_length=250)] | None
    valid_from: BusinessDate
    valid_until: BusinessDate | None
    source: Line
    provisional: bool

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise refused("dates", "valid_until must not be before valid_from")
        return self


class PaperRuleAnswer(Answer):
    id: UUID
    country: str
    applies: Applies
    document: Paper
    nationalities: list[str] | None
    valid_from: BusinessDate
    valid_until: BusinessDate | None
    source: str
    provisional: bool
    recorded_at: AwareTime
