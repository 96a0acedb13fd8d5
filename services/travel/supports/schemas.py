"""Rules on support and checks as they are sent and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.travel.escorts.rules import EscortKind
from services.travel.supports.rules import CheckOutcome, SupportCode
from shared.fields import Answer, AwareTime, Body, BusinessDate, Line, shown


class SupportRuleBody(Body):
    """`extra_seats`: beside the person's own. `escorts`: kinds of which one goes along; empty where nobody must."""

    model_config = shown(
        {
            "code": "stretcher",
            "extra_seats": 8,
            "escorts": ["medical"],
            "valid_from": "2021-11-01",
            "source": "The airline, 2 November 2021",
        }
    )

    code: SupportCode
    extra_seats: Annotated[int, Field(ge=0, le=20)]
    escorts: Annotated[tuple[EscortKind, ...], Field(max_length=3)] = ()
    valid_from: BusinessDate
    source: Line


class SupportRuleAnswer(Answer):
    id: UUID
    code: SupportCode
    extra_seats: int
    escorts: list[EscortKind]
    valid_from: BusinessDate
    source: str
    recorded_at: AwareTime


class SupportRules(Answer):
    """The last one of a code that is valid on the day of departure counts."""

    items: list[SupportRuleAnswer]


class CheckRuleBody(Body):
    """`good_for_hours`: how long before departure a check of this outcome may be made. `repeat_after_cancellation`:
    whether it is made again once the person lost the seat it was made for."""

    model_config = shown(
        {"outcome": "fit", "good_for_hours": 72, "valid_from": "2021-11-01", "source": "Medical team, 1 November 2021"}
    )

    outcome: CheckOutcome
    good_for_hours: Annotated[int, Field(ge=1, le=8784)]
    repeat_after_cancellation: bool = False
    valid_from: BusinessDate
    source: Line


class CheckRuleAnswer(Answer):
    id: UUID
    outcome: CheckOutcome
    good_for_hours: int
    repeat_after_cancellation: bool
    valid_from: BusinessDate
    source: str
    recorded_at: AwareTime


class CheckRules(Answer):
    """The last one of an outcome that is valid on the day of departure counts; 72 hours where there is none."""

    items: list[CheckRuleAnswer]


class SecondSeatsAnswer(Answer):
    """`held`: extra seats this passenger has now."""

    individual_id: UUID
    flight_id: UUID
    held: int
