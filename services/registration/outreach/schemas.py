"""Bodies and answers of outreach."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.registration.outreach.rules import AgeGroup, Explained, Purpose
from shared.contracts.registration import Sex
from shared.fields import Answer, Body, LanguageTag, Line, refused, shown
from shared.occurrence import Occurrence

Number = Annotated[int, Field(ge=0, le=5_000)]


class VisitBody(Occurrence):
    """`team`: its code or the agency's name, never a person's."""

    model_config = shown({"team": "GRO-1", "purpose": "information", "people_spoken_to": 60})

    team: Line
    purpose: Purpose
    people_spoken_to: Number


class VisitAnswer(Answer):
    id: UUID
    site_id: UUID
    team: str
    purpose: Purpose
    people_spoken_to: int
    occurred_at: datetime
    recorded_by: str


class AttendanceBody(Body):
    sex: Sex
    age_group: AgeGroup
    people: Number


class SessionBody(Occurrence):
    model_config = shown(
        {
            "language": "ckb",
            "interpreter": True,
            "topics": ["voluntariness", "asylum", "right_to_withdraw"],
            "attendance": [
                {"sex": "male", "age_group": "adult", "people": 41},
                {"sex": "female", "age_group": "adult", "people": 17},
            ],
        }
    )

    language: LanguageTag
    interpreter: bool
    topics: Annotated[list[Explained], Field(min_length=1, max_length=8)]
    attendance: Annotated[list[AttendanceBody], Field(min_length=1, max_length=12)]

    @model_validator(mode="after")
    def _each_group_once(self) -> Self:
        groups = [(each.sex, each.age_group) for each in self.attendance]
        if len(set(groups)) < len(groups):
            raise refused("attendance", "attendance must name each sex and age group once")
        return self


class SessionAnswer(Answer):
    id: UUID
    site_id: UUID
    language: str
    interpreter: bool
    topics: list[Explained]
    attendance: list[AttendanceBody]
    attended: int
    occurred_at: datetime
    recorded_by: str
