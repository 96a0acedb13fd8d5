"""Bodies of counselling."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.counselling.rules import InterpreterKind, Topic
from shared.fields import Answer, Body, LanguageTag, shown
from shared.occurrence import Occurrence


class Interpreter(Body):
    present: bool
    kind: InterpreterKind


class CounsellingBody(Occurrence):
    """`individuals`: who was there. `understood`: whether they understood, as they said themselves."""

    model_config = shown(
        {
            "individuals": ["01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"],
            "language": "ckb",
            "interpreter": {"present": True, "kind": "in_person"},
            "topics": ["voluntariness", "alternatives", "right_to_withdraw"],
            "understood": True,
        }
    )

    individuals: Annotated[list[UUID], Field(min_length=1, max_length=30)]
    language: LanguageTag
    interpreter: Interpreter
    topics: Annotated[list[Topic], Field(min_length=1, max_length=len(Topic))]
    understood: bool


class CounsellingAnswer(Answer):
    id: UUID
    individuals: list[UUID]
    language: str
    interpreter: InterpreterKind
    topics: list[Topic]
    understood: bool
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str


class CounsellingList(Answer):
    items: list[CounsellingAnswer]
