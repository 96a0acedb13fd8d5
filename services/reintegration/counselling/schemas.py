"""Bodies and answers of counselling sessions."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.fields import Answer, BusinessDate, LanguageTag, shown
from shared.occurrence import OnADay

Topic = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class CounsellingSessionBody(OnADay):
    """`individuals` empty: everyone of the case. `topics` are codes, such as housing, business_plan, health."""

    model_config = shown(
        {
            "individuals": ["01890a5d-ac96-774b-bcce-b302099a8057"],
            "language": "ckb",
            "topics": ["housing", "business_plan"],
            "held_on": "2021-12-20",
        }
    )

    individuals: list[UUID] = Field(default=[], max_length=30)
    language: LanguageTag
    interpreter: bool = False
    topics: list[Topic] = Field(min_length=1, max_length=20)
    held_on: BusinessDate


class CounsellingSessionAnswer(Answer):
    session_id: UUID
    case_id: UUID
    individuals: list[UUID]
    language: str
    interpreter: bool
    topics: list[str]
    held_on: date
    held_by: str
    occurred_at: datetime
    recorded_at: datetime
