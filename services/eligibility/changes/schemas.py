"""Bodies and answers about coming changes."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.eligibility.decisions.rules import Because
from shared.fields import Answer, Body, shown


class ChangeReviewBody(Body):
    """`limit`: how many changes, and how many cases in which something expired, are taken up at most."""

    model_config = shown({"limit": 5})

    limit: Annotated[int, Field(ge=1, le=20)] = 5


class ChangeReviewAnswer(Answer):
    """`expired`: cases in which a decision or an exception was good no more. `more`: ask again, some may be left.
    `cases_still_to_look_at`: they follow some at a time."""

    taken_up: int
    expired: int
    more: bool
    cases_still_to_look_at: int


class ComingChangeAnswer(Answer):
    """What begins or ends on `due_on`: for the cases bound for a country, of a programme, or one case."""

    change_id: UUID
    due_on: date
    because: Because
    country: str | None
    programme_id: UUID | None
    case_id: UUID | None
    announced_at: datetime
