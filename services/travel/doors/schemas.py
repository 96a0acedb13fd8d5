"""What is said when the doors close and when the aircraft left; and what registration answers."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.fields import Answer, AwareTime, Body, Line, shown
from shared.occurrence import LateReason
from shared.offers import OfferedAction


class CountedBody(Body):
    """What was counted at the door, beside the manifest: persons with escorts, and pieces of baggage."""

    persons: Annotated[int, Field(ge=0, le=900)]
    pieces: Annotated[int | None, Field(ge=0, le=18_000)] = None


class DepartureBody(Body):
    """When the aircraft left, said by a person who knows. `counted` validates the manifest: where it is not what is
    recorded, nothing is confirmed."""

    model_config = shown({"departed_at": "2021-12-14T07:05:00Z", "counted": {"persons": 24, "pieces": 31}})

    departed_at: AwareTime
    late_reason: LateReason | None = None
    evidence: Line | None = None
    counted: CountedBody | None = None


class DoorPassenger(Answer):
    """`taken_off_for`: why someone stays behind; `refused_for`: registration's own code."""

    individual_id: UUID
    case_id: UUID
    status: str
    taken_off_for: str | None
    refused_for: str | None


class DoorsAnswer(Answer):
    """Where the flight stands with its doors. `waiting_for`: registration, while it has not said who is cleared: then
    nobody departs, and nothing is lost by waiting. `sentence`: such as "23 of 24 boarded", of all who had a seat and
    whose booking was not cancelled; `pieces`: baggage of those aboard; `counted_...`: what was counted when it left;
    `validated`: somebody counted at the door, and it was what is recorded. `to_ask`: adults who must be asked again
    before departure."""

    flight_id: UUID
    version: int
    status: str
    waiting_for: str | None
    clearance_id: UUID | None
    closing_at: AwareTime | None
    departed_at: AwareTime | None
    sentence: str
    pieces: int
    counted_persons: int | None
    counted_pieces: int | None
    validated: bool
    to_ask: list[UUID]
    passengers: list[DoorPassenger]
    actions: list[OfferedAction]


class RefusedAnswer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    individual_id: UUID
    reason: str


class ClearanceAnswer(BaseModel):
    """Registration's answer to a hand-over."""

    model_config = ConfigDict(extra="ignore")

    clearance_id: UUID
    cleared: list[UUID]
    refused: list[RefusedAnswer]
