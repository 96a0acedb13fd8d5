"""Groups as they are sent and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.travel.bookings.actions import SplitBody
from shared.fields import Answer, AwareTime, Body, Text, shown
from shared.offers import OfferedAction

Seats = Annotated[int, Field(ge=1, le=900)]


class GroupBody(Body):
    """`label`: what the group is called at the desk, such as a site and a day; never a person's name."""

    model_config = shown({"label": "Bruzgi, 14 December", "seats": 12})

    label: Annotated[str, Text(120)]
    seats: Seats


class GroupCaseBody(Body):
    """`individuals`: empty for everyone of the case who has not withdrawn or travelled already."""

    model_config = shown({"case_id": "01890a5d-ac96-774b-bcce-b302099a8000"})

    case_id: UUID
    individuals: Annotated[tuple[UUID, ...], Field(max_length=30)] = ()
    split_agreed: SplitBody | None = None


class AllotmentBody(Body):
    model_config = shown({"seats": 16})

    seats: Seats


class MoveBody(Body):
    model_config = shown({"flight_id": "01890a5d-ac96-774b-bcce-b302099a8101"})

    flight_id: UUID


class GroupCaseAnswer(Answer):
    case_id: UUID
    booking_id: UUID


class GroupAnswer(Answer):
    """`seats`: allotted; `seats_left`: of them not booked yet."""

    id: UUID
    version: int
    status: str
    flight_id: UUID
    label: str
    seats: int
    seats_left: int
    cases: list[GroupCaseAnswer]
    recorded_at: AwareTime
    ended_at: AwareTime | None
    actions: list[OfferedAction]


class GroupsAnswer(Answer):
    items: list[GroupAnswer]
