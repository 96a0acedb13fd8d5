"""Transport as it is sent and shown: ids and places, never a name."""

from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.travel.flights.queries import Code
from services.travel.transport.rules import Place, Vehicle
from shared.fields import Answer, AwareTime, Body, CurrencyCode, Line, Money, refused, shown
from shared.offers import OfferedAction


class RunBody(Body):
    """`places`: for passengers, without the driver; `wheelchair_places`: beside them, for who rides in a wheelchair."""

    model_config = shown(
        {
            "vehicle": "minibus",
            "pickup_place": "Bruzgi, gate 1",
            "pickup_at": "2021-12-13T20:00:00Z",
            "places": 16,
            "wheelchair_places": 1,
            "cost": {"amount": "180.00", "currency": "EUR"},
            "project_code": "AVRR-BLR-21",
            "budget_line": "TRAVEL",
        }
    )

    vehicle: Vehicle
    pickup_place: Line
    pickup_at: AwareTime
    places: Annotated[int, Field(ge=0, le=200)]
    wheelchair_places: Annotated[int, Field(ge=0, le=20)] = 0
    cost: Money
    project_code: Code
    budget_line: Code

    @model_validator(mode="after")
    def _holds_somebody(self) -> Self:
        if self.places + self.wheelchair_places == 0:
            raise refused("places", "must have a place for somebody")
        return self


class PickUpBody(Body):
    """Where and when the vehicle fetches its people from now on: both, also where one of them stays as it was."""

    model_config = shown({"pickup_place": "Bruzgi, gate 2", "pickup_at": "2021-12-13T19:00:00Z"})

    pickup_place: Line
    pickup_at: AwareTime


class RidersBody(Body):
    """`individuals`: empty for everyone of the case who has a seat on the flight and no place yet."""

    model_config = shown({"case_id": "01890a5d-ac96-774b-bcce-b302099a8000"})

    case_id: UUID
    individuals: Annotated[tuple[UUID, ...], Field(max_length=30)] = ()


class RiderBody(Body):
    model_config = shown({"individual_id": "01890a5d-ac96-774b-bcce-b302099a8057"})

    individual_id: UUID


class RiderAnswer(Answer):
    """`fits`: false where a later check asks for another place than is held."""

    individual_id: UUID
    case_id: UUID
    place: Place
    fits: bool


class RunAnswer(Answer):
    """`in_time`: false where the flight's doors would be closed by the pick-up, as after a changed flight."""

    id: UUID
    version: int
    status: str
    flight_id: UUID
    vehicle: Vehicle
    pickup_place: str
    pickup_at: AwareTime
    in_time: bool
    places: int
    places_taken: int
    wheelchair_places: int
    wheelchair_taken: int
    cost: Decimal
    currency: CurrencyCode
    project_code: str
    budget_line: str
    recorded_at: AwareTime
    riders: list[RiderAnswer]
    actions: list[OfferedAction]


class RunsAnswer(Answer):
    """`without_a_place`: passengers of the flight who have no place on any run."""

    items: list[RunAnswer]
    without_a_place: list[UUID]
