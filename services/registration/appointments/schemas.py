"""Bodies of appointments."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.appointments.rules import AppointmentEnd
from shared.fields import Answer, AwareTime, Body, LanguageTag, shown
from shared.offers import OfferedAction

InterpreterCode = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class AppointmentBody(Body):
    """`individuals`: who is to come; none named means everyone of the case."""

    model_config = shown(
        {
            "individuals": ["01890a5d-ac96-774b-bcce-b302099a8057"],
            "at": "2021-12-08T10:00:00+03:00",
            "language": "ckb",
            "interpreter_wanted": True,
        }
    )

    individuals: Annotated[list[UUID], Field(max_length=30)] = Field(default_factory=list)
    at: AwareTime
    language: LanguageTag
    interpreter_wanted: bool


class InterpreterBody(Body):
    """`interpreter`: a code of the interpreters' list."""

    model_config = shown({"interpreter": "CKB-03"})

    interpreter: InterpreterCode


class AppointmentEndBody(Body):
    model_config = shown({"outcome": "kept"})

    outcome: AppointmentEnd


class AppointmentAnswer(Answer):
    id: UUID
    case_id: UUID
    individuals: list[UUID]
    at: datetime
    language: str
    interpreter_wanted: bool
    interpreter: str | None
    status: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    actions: list[OfferedAction]
