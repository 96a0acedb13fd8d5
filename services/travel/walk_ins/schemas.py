"""Who stands at the desk, and how far they came."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.travel.bookings.actions import SplitBody
from services.travel.gates.actions import MissingItem
from shared.fields import Answer, AwareTime, Body, shown


class WalkInBody(Body):
    """`individuals`: empty for everyone of the case who has not withdrawn or travelled already."""

    model_config = shown({"case_id": "01890a5d-ac96-774b-bcce-b302099a8000"})

    case_id: UUID
    individuals: Annotated[tuple[UUID, ...], Field(max_length=30)] = ()
    split_agreed: SplitBody | None = None


class WalkInPerson(Answer):
    """`missing`: what check-in still asks of this person, and who can help; empty where nothing is missing."""

    individual_id: UUID
    status: str
    missing: list[MissingItem]


class WalkInAnswer(Answer):
    """All of them have a seat. Who lacks nothing is checked in, where check-in is open (else it opens at
    `check_in_opens_at`); `to_ask`: the adults who are to be asked, each alone, before they board."""

    booking_id: UUID
    flight_id: UUID
    check_in_is_open: bool
    check_in_opens_at: AwareTime
    persons: list[WalkInPerson]
    to_ask: list[UUID]
