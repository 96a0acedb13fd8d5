"""Fares as they are sent and shown."""

from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.travel.fares.rules import FareFor, FareOutcome
from services.travel.flights.queries import Code
from shared.codes import minor_units
from shared.fields import Amount, Answer, AwareTime, Body, BusinessDate, CurrencyCode, Line, Money, refused, shown


class StepBody(Body):
    """From so many hours before departure on, the airline keeps `share` per cent of the fare, or `amount`."""

    hours_before: Annotated[int, Field(ge=0, le=8784)]
    share: Annotated[Amount, Field(le=100)] | None = None
    amount: Amount | None = None


class FareBody(Body):
    """Before the first step the whole fare comes back. `no_show_fee`: on top of what the last step keeps. `source`:
    where the airline says so."""

    model_config = shown(
        {
            "for_whom": "adult",
            "price": {"amount": "410.00", "currency": "EUR"},
            "steps": [{"hours_before": 168, "share": "50"}, {"hours_before": 24, "share": "100"}],
            "no_show_fee": "30.00",
            "project_code": "AVRR-BLR-21",
            "budget_line": "TRAVEL",
            "source": "Fare rules of the airline, 1 November 2021",
        }
    )

    for_whom: FareFor = FareFor.ANYBODY
    price: Money
    steps: Annotated[tuple[StepBody, ...], Field(max_length=12)]
    no_show_fee: Amount = Decimal(0)
    project_code: Code
    budget_line: Code
    source: Line

    @model_validator(mode="after")
    def _fits_the_currency(self) -> Self:
        decimals = minor_units(self.price.currency)
        for amount in (self.no_show_fee, *(step.amount for step in self.steps if step.amount is not None)):
            exponent = amount.as_tuple().exponent
            if isinstance(exponent, int) and -exponent > decimals:
                raise refused("amount", f"may have {decimals} decimals in its currency")
        return self


class StepAnswer(Answer):
    hours_before: int
    share: Decimal | None
    amount: Decimal | None


class SoldFare(Answer):
    id: UUID
    for_whom: FareFor
    amount: Decimal
    currency: CurrencyCode
    steps: list[StepAnswer]
    no_show_fee: Decimal
    project_code: str
    budget_line: str
    source: str
    recorded_at: AwareTime


class SoldFares(Answer):
    """Oldest first: a seat is sold by the last one for such a person that was there when it was booked."""

    items: list[SoldFare]


class SettledAnswer(Answer):
    refunded: Decimal
    lost: Decimal


class SeatFare(Answer):
    """What one passenger's seat costs, and what would come back and be lost if it were given up now, or not flown.
    `fare_id` null: by the flight's own fare and cut-off. The person is never charged."""

    fare_id: UUID | None
    amount: Decimal
    currency: CurrencyCode
    project_code: str
    budget_line: str
    if_given_up_now: SettledAnswer
    if_no_show: SettledAnswer


class FareEntryAnswer(Answer):
    """Of a passenger's seat; `escort_id`: of an escort's; of a passenger without `number`: of second seats that were no
    longer needed."""

    id: UUID
    passenger_id: UUID | None
    escort_id: UUID | None = None
    number: int | None = None
    case_id: UUID | None = None
    fare_id: UUID | None = None
    outcome: FareOutcome
    seats: int
    fare: Decimal
    refunded: Decimal
    lost: Decimal
    currency: CurrencyCode
    project_code: str
    budget_line: str
    at: AwareTime
    recorded_at: AwareTime


class FareLine(Answer):
    """One project, line, currency and outcome: the fares, what came back of them, and what was lost."""

    project_code: str
    budget_line: str
    currency: CurrencyCode
    outcome: FareOutcome
    entries: int
    fare: Decimal
    refunded: Decimal
    lost: Decimal


class FareReport(Answer):
    since: BusinessDate
    until: BusinessDate
    lines: list[FareLine]
