"""Bookings as they are sent and shown."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.travel import BookingReason
from shared.fields import Answer, AwareTime, Body, BusinessDate, shown
from shared.offers import OfferedAction

Individuals = Annotated[tuple[UUID, ...], Field(max_length=30)]


class SplitBody(Body):
    """The adults of the family who agreed, each asked, that some of them travel apart; and the day they said so."""

    stated_by: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=30)]
    on: BusinessDate


def split_given(stated_by: Sequence[str], on: date | None) -> SplitBody | None:
    """The word as a booking keeps it; None where nobody was asked."""
    return None if on is None else SplitBody(stated_by=tuple(UUID(each) for each in stated_by), on=on)


class BookingBody(Body):
    """`individuals`: empty for everyone of the case who has not withdrawn or travelled already."""

    model_config = shown(
        {
            "case_id": "01890a5d-ac96-774b-bcce-b302099a8000",
            "flight_id": "01890a5d-ac96-774b-bcce-b302099a8100",
        }
    )

    case_id: UUID
    flight_id: UUID
    individuals: Individuals = ()
    split_agreed: SplitBody | None = None


class CancelReason(StrEnum):
    """Why an officer gives seats back."""

    BY_OFFICER = BookingReason.BY_OFFICER
    WITHDRAWN = BookingReason.WITHDRAWN
    HELD = BookingReason.HELD
    RESTRICTION = BookingReason.RESTRICTION
    NOT_ELIGIBLE = BookingReason.NOT_ELIGIBLE


class CancellationBody(Body):
    """`individuals`: empty for everyone of the booking. Leaving some behind needs `split_agreed`."""

    model_config = shown(
        {"reason": "withdrawn"},
        {
            "individuals": ["01890a5d-ac96-774b-bcce-b302099a8058"],
            "reason": "by_officer",
            "split_agreed": {
                "stated_by": ["01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"],
                "on": "2021-12-11",
            },
        },
    )

    individuals: Individuals = ()
    reason: CancelReason
    split_agreed: SplitBody | None = None


class RebookingBody(Body):
    """`split_agreed`: as for a booking, where they leave somebody of the case behind; without it, the word that they
    gave for this booking."""

    model_config = shown(
        {"flight_id": "01890a5d-ac96-774b-bcce-b302099a8101"},
        {
            "flight_id": "01890a5d-ac96-774b-bcce-b302099a8101",
            "split_agreed": {
                "stated_by": ["01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"],
                "on": "2021-12-11",
            },
        },
    )

    flight_id: UUID
    split_agreed: SplitBody | None = None


class SeatAnswer(Answer):
    """`fare_refunded`, `fare_lost`: of a seat given back; what is lost the programme bears, never the person."""

    individual_id: UUID
    attempt: int
    adult: bool
    status: str
    seat: str
    fare_refunded: Decimal | None
    fare_lost: Decimal | None
    fare_currency: str | None


class BookingAnswer(Answer):
    """`held_for`: why it is on hold: restriction, held, not_eligible, expired (the decision, before departure), or
    party_grew (somebody joined the case since: book a seat for them too, or cancel); `held_from`, `held_source`: the
    restriction's own."""

    id: UUID
    version: int
    status: str
    case_id: UUID
    flight_id: UUID
    passengers: list[SeatAnswer]
    split_stated_by: list[UUID]
    split_stated_on: BusinessDate | None
    cancelled_for: str | None
    held_for: str | None
    held_at: AwareTime | None
    held_from: BusinessDate | None
    held_source: str | None
    made_at: AwareTime
    actions: list[OfferedAction]
