"""The waiting list as it is asked for and shown."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.fields import Answer, Body, shown


class WaitingBody(Body):
    """Everyone of the case who has no seat, has not travelled and has not withdrawn."""

    model_config = shown({"case_id": "01890a5d-ac96-774b-bcce-b302099a8000"})

    case_id: UUID


class WaitingAnswer(Answer):
    id: UUID
    case_id: UUID
    destination: str
    individuals: list[UUID]
    level: int
    since: datetime
    status: str


class WaitingList(Answer):
    """`order`: how it is ordered, in words."""

    order: str
    items: list[WaitingAnswer]
    next: str | None


class SeatingBody(Body):
    """How many of the list are looked at, and after which place: `next` of the answer before."""

    model_config = shown({"most": 20})

    most: Annotated[int, Field(ge=1, le=30)] = 20
    cursor: Annotated[str | None, Field(max_length=200)] = None


class SeatedAnswer(Answer):
    """`booking_id` null: passed over, for `why` (the kind of the refusal)."""

    case_id: UUID
    entry_id: UUID
    people: int
    booking_id: UUID | None
    why: str | None


class SeatingAnswer(Answer):
    """In the order of the list. `left`: seats that are still free; `next`: null where the list ends."""

    flight_id: UUID
    seated: list[SeatedAnswer]
    left: int
    next: str | None
