"""Flights as they are sent and shown."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.travel.flights.rules import AirportCode, Code
from shared.fields import Answer, AwareTime, Body, CountryCode, CurrencyCode, Money, Text, shown
from shared.offers import OfferedAction


class FlightKind(StrEnum):
    COMMERCIAL = "commercial"
    CHARTER = "charter"


class LegBody(Body):
    flight_number: Annotated[str, Field(pattern="^[A-Z0-9]{2,3} ?[0-9]{1,4}[A-Z]?$")]
    from_airport: AirportCode
    from_country: CountryCode
    to_airport: AirportCode
    to_country: CountryCode
    departs: AwareTime
    arrives: AwareTime


class FlightBody(Body):
    """`seats`: held for the programme. `fare`: of one seat. `cut_off_at`: until then the airline takes seats back."""

    model_config = shown(
        {
            "kind": "charter",
            "carrier": "Iraqi Airways",
            "legs": [
                {
                    "flight_number": "IA 1904",
                    "from_airport": "MSQ",
                    "from_country": "BLR",
                    "to_airport": "EBL",
                    "to_country": "IRQ",
                    "departs": "2021-12-14T07:00:00Z",
                    "arrives": "2021-12-14T12:00:00Z",
                }
            ],
            "seats": 24,
            "fare": {"amount": "410.00", "currency": "EUR"},
            "cut_off_at": "2021-12-12T12:00:00Z",
            "check_in_opens_at": "2021-12-14T04:00:00Z",
            "doors_at": "2021-12-14T06:40:00Z",
            "project_code": "AVRR-BLR-21",
            "budget_line": "TRAVEL",
        }
    )

    kind: FlightKind
    carrier: Annotated[str, Text(80)]
    legs: Annotated[tuple[LegBody, ...], Field(min_length=1, max_length=6)]
    seats: Annotated[int, Field(ge=1, le=900)]
    fare: Money
    cut_off_at: AwareTime
    check_in_opens_at: AwareTime
    doors_at: AwareTime
    project_code: Code
    budget_line: Code


class FlightChangeBody(Body):
    """The flight as it will be. Another country is another flight: cancel this one."""

    model_config = shown(
        {
            "legs": [
                {
                    "flight_number": "IA 1904",
                    "from_airport": "MSQ",
                    "from_country": "BLR",
                    "to_airport": "EBL",
                    "to_country": "IRQ",
                    "departs": "2021-12-14T09:00:00Z",
                    "arrives": "2021-12-14T14:00:00Z",
                }
            ],
            "seats": 24,
            "cut_off_at": "2021-12-12T12:00:00Z",
            "check_in_opens_at": "2021-12-14T06:00:00Z",
            "doors_at": "2021-12-14T08:40:00Z",
        }
    )

    legs: Annotated[tuple[LegBody, ...], Field(min_length=1, max_length=6)]
    seats: Annotated[int, Field(ge=1, le=900)]
    cut_off_at: AwareTime
    check_in_opens_at: AwareTime
    doors_at: AwareTime


class LegAnswer(Answer):
    flight_number: str
    from_airport: str
    from_country: str
    to_airport: str
    to_country: str
    departs: AwareTime
    arrives: AwareTime


class SeatsAnswer(Answer):
    """`held` for the programme = `taken` by bookings + `lost` after the airline's cut-off + `left` to give + those the
    flight has set aside."""

    held: int
    taken: int
    lost: int
    left: int


class FareAnswer(Answer):
    amount: Decimal
    currency: CurrencyCode


class FlightAnswer(Answer):
    """`waiting_for`: the service whose answer the flight waits for. `fares_lost`: what the programme bears for seats
    given up after the airline's cut-off. `seats_aside`: held by offers, groups, escorts and second seats."""

    id: UUID
    version: int
    status: str
    waiting_for: str | None
    kind: FlightKind
    carrier: str
    legs: list[LegAnswer]
    seats: SeatsAnswer
    seats_aside: int
    fare: FareAnswer
    fares_lost: FareAnswer
    cut_off_at: AwareTime
    check_in_opens_at: AwareTime
    doors_at: AwareTime
    closing_at: AwareTime | None
    departed_at: AwareTime | None
    project_code: str
    budget_line: str
    recorded_at: AwareTime
    actions: list[OfferedAction]
