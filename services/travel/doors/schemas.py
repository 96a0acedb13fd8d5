"""What is said when the doors close and when the aircraft left; and what registration answers."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.fields import Answer, AwareTime, Body, Line
from shared.occurrence import LateReason
from shared.offers import OfferedAction


class DepartureBody(Body):
    """When the aircraft left, said by a person who knows."""

    departed_at: AwareTime
    late_reason: LateReason | None = None
    evidence: Line | None = None


class DoorPassenger(Answer):
    """`taken_off_for`: why someone stays behind; `refused_for`: registration's own code."""

    individual_id: UUID
    case_id: UUID
    status: str
    taken_off_for: str | None
    refused_for: str | None


class DoorsAnswer(Answer):
    """Where the flight stands with its doors. `waiting_for`: registration, while it has not said who is cleared: then
    nobody departs, and nothing is lost by waiting. `to_ask`: adults who must be asked again before departure."""

    flight_id: UUID
    version: int
    status: str
    waiting_for: str | None
    clearance_id: UUID | None
    closing_at: AwareTime | None
    departed_at: AwareTime | None
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
