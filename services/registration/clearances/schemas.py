"""Bodies of clearances."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.registration.clearances.rules import Willing
from shared.contracts.registration import ClearanceRefusal
from shared.fields import Answer, AwareTime, Body, refused, shown


class PassengerBody(Body):
    individual_id: UUID
    case_id: UUID
    attempt: Annotated[int, Field(ge=1, le=32_767)]
    willing: Willing


class ClearanceBody(Body):
    """Everyone on the flight whose doors are closing, under an id that travel wrote down before it asked."""

    model_config = shown(
        {
            "clearance_id": "01890a5d-ac96-774b-bcce-b302099a8400",
            "flight_id": "01890a5d-ac96-774b-bcce-b302099a8100",
            "closing_at": "2021-12-14T06:40:00Z",
            "passengers": [
                {
                    "individual_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                    "case_id": "01890a5d-ac96-774b-bcce-b302099a8000",
                    "attempt": 1,
                    "willing": "yes",
                }
            ],
        }
    )

    clearance_id: UUID
    flight_id: UUID
    closing_at: AwareTime
    passengers: Annotated[list[PassengerBody], Field(min_length=1, max_length=900)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({one.individual_id for one in self.passengers}) != len(self.passengers):
            raise refused("passengers", "passengers must name each individual once")
        return self


class RefusedPassenger(Answer):
    individual_id: UUID
    reason: ClearanceRefusal


class ClearanceAnswer(Answer):
    """Given again the same, however often it is asked."""

    clearance_id: UUID
    flight_id: UUID
    decided_at: datetime
    cleared: list[UUID]
    refused: list[RefusedPassenger]
