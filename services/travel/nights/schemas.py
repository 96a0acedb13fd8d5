"""Stays as they are sent and shown."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.travel.flights.queries import Code
from shared.fields import Answer, AwareTime, Body, BusinessDate, CurrencyCode, Line, Money, shown
from shared.offers import OfferedAction


class StayBody(Body):
    """`individuals`: empty for everyone of the booking. `until`: the morning on which they leave. `night_price`: of one
    room. `free_until`: until then the house takes the nights back; null where it never does."""

    model_config = shown(
        {
            "booking_id": "01890a5d-ac96-774b-bcce-b302099a8110",
            "house": "Hotel by the airport, Minsk",
            "first_night": "2021-12-13",
            "until": "2021-12-14",
            "rooms": 1,
            "beds": 4,
            "night_price": {"amount": "70.00", "currency": "EUR"},
            "free_until": "2021-12-12T18:00:00Z",
            "project_code": "AVRR-BLR-21",
            "budget_line": "TRAVEL",
        }
    )

    booking_id: UUID
    individuals: Annotated[tuple[UUID, ...], Field(max_length=30)] = ()
    house: Line
    first_night: BusinessDate
    until: BusinessDate
    rooms: Annotated[int, Field(ge=1, le=30)]
    beds: Annotated[int, Field(ge=1, le=90)]
    night_price: Money
    free_until: AwareTime | None = None
    project_code: Code
    budget_line: Code


class StayAnswer(Answer):
    """`cost`: of all nights while it stands, and of those that are owed once it was cancelled."""

    id: UUID
    version: int
    status: str
    case_id: UUID
    booking_id: UUID
    flight_id: UUID
    individuals: list[UUID]
    house: str
    first_night: BusinessDate
    until: BusinessDate
    rooms: int
    beds: int
    night_price: Decimal
    currency: CurrencyCode
    free_until: AwareTime | None
    cost: Decimal
    project_code: str
    budget_line: str
    recorded_at: AwareTime
    ended_at: AwareTime | None
    actions: list[OfferedAction]
