"""Offers of seats as they are sent and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.travel.bookings.actions import SplitBody
from shared.fields import Answer, AwareTime, Body, shown
from shared.offers import OfferedAction


class OfferBody(Body):
    """`individuals`: empty for everyone of the case who has not withdrawn, travelled or got a seat."""

    model_config = shown(
        {
            "case_id": "01890a5d-ac96-774b-bcce-b302099a8000",
            "flight_id": "01890a5d-ac96-774b-bcce-b302099a8100",
            "expires_at": "2021-12-11T12:00:00Z",
        }
    )

    case_id: UUID
    flight_id: UUID
    individuals: Annotated[tuple[UUID, ...], Field(max_length=30)] = ()
    expires_at: AwareTime


class OfferAnswer(Answer):
    """`booking_id`: what became of it when it was taken."""

    id: UUID
    version: int
    status: str
    case_id: UUID
    flight_id: UUID
    individuals: list[UUID]
    seats: int
    made_at: AwareTime
    expires_at: AwareTime
    ended_at: AwareTime | None
    booking_id: UUID | None
    actions: list[OfferedAction]


class ExpiryBody(Body):
    """How many flights are looked at."""

    model_config = shown({"most": 50})

    most: Annotated[int, Field(ge=1, le=100)] = 50


class ExpiryAnswer(Answer):
    """`given_back`: seats that went back to their flights. `more`: whether to ask again at once."""

    offers: list[UUID]
    given_back: int
    more: bool


class AcceptanceBody(Body):
    """`split_agreed`: as for a booking, where the offer is not for everyone of the case."""

    model_config = shown(
        {},
        {
            "split_agreed": {
                "stated_by": ["01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"],
                "on": "2021-12-11",
            }
        },
    )

    split_agreed: SplitBody | None = None
