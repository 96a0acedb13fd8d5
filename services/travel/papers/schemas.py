"""Rules on papers as they are sent and shown."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.travel.flights.queries import AirportCode
from services.travel.papers.rules import Applies, Paper
from shared.fields import Answer, AwareTime, Body, BusinessDate, CountryCode, Line, refused, shown


class PaperRuleBody(Body):
    """`nationalities`: whom the rule asks, null for everyone. `source`: where it is written. `provisional`: not yet
    confirmed by the embassy or the airline. `airport`: a rule on transit that asks only there; `longer_than_hours`: one
    that asks only of who waits longer there for the next departure."""

    model_config = shown(
        {
            "country": "BLR",
            "applies": "exit",
            "document": "exit_permit",
            "nationalities": ["IRQ", "SYR"],
            "valid_from": "2021-11-01",
            "valid_until": "2022-10-31",
            "source": "Border committee, 29 October 2021",
            "provisional": True,
        },
        {
            "country": "TUR",
            "applies": "transit",
            "document": "transit_visa",
            "airport": "IST",
            "longer_than_hours": 24,
            "nationalities": ["IRQ"],
            "valid_from": "2021-11-01",
            "valid_until": "2022-10-31",
            "source": "The airline, 2 November 2021",
            "provisional": True,
        },
    )

    country: CountryCode
    applies: Applies
    document: Paper
    airport: AirportCode | None = None
    longer_than_hours: Annotated[int, Field(ge=0, le=240)] | None = None
    nationalities: Annotated[tuple[CountryCode, ...], Field(min_length=1, max_length=250)] | None
    valid_from: BusinessDate
    valid_until: BusinessDate | None
    source: Line
    provisional: bool

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise refused("dates", "valid_until must not be before valid_from")
        if self.applies is not Applies.TRANSIT and (self.airport, self.longer_than_hours) != (None, None):
            raise refused("applies", "airport and longer_than_hours are given for transit alone")
        return self


class PaperRuleAnswer(Answer):
    id: UUID
    country: str
    applies: Applies
    document: Paper
    airport: str | None
    longer_than_hours: int | None
    nationalities: list[str] | None
    valid_from: BusinessDate
    valid_until: BusinessDate | None
    source: str
    provisional: bool
    recorded_at: AwareTime
