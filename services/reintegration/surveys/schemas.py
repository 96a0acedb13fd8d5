"""Bodies and answers of surveys."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.fields import Answer, BusinessDate, shown
from shared.occurrence import OnADay

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]


class InterviewMethod(StrEnum):
    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"


class SurveyBody(OnADay):
    """`answers`: for each question of the scheme one of its options, or refused, or not_applicable."""

    model_config = shown(
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8057",
            "round": 1,
            "scheme": "SHORT",
            "scheme_version": 1,
            "interviewed_on": "2022-03-14",
            "method": "in_person",
            "answers": {"E1": "satisfied", "S1": "neither", "P1": "yes"},
        }
    )

    individual_id: UUID
    round: int = Field(ge=1, le=40)
    scheme: Code
    scheme_version: int = Field(ge=1, le=10_000)
    interviewed_on: BusinessDate
    method: InterviewMethod
    answers: dict[Code, Code] = Field(min_length=1, max_length=100)


class ScoreAnswer(Answer):
    """`value` from 0 (conditions absent) to 1 (achieved); null, with `status` insufficient_data, when too little of
    the weight was answered."""

    status: str
    value: Decimal | None
    answered_weight_share: Decimal


class ScoresAnswer(Answer):
    economic: ScoreAnswer
    social: ScoreAnswer
    psychosocial: ScoreAnswer
    composite: ScoreAnswer
    band: str


class SurveyAnswer(Answer):
    """`provisional`: scored with weights that are not the official ones. `answers` null: not for this reader."""

    survey_id: UUID
    case_id: UUID
    individual_id: UUID
    round: int
    scheme: str
    scheme_version: int
    provisional: bool
    interviewed_on: date
    method: str
    scores: ScoresAnswer
    answers: dict[str, str] | None
    recorded_by: str
    recorded_at: datetime


class RecomputationAnswer(Answer):
    """The scores as they were stored, and as the stored answers give them with the stored version of the scheme."""

    survey_id: UUID
    scheme: str
    scheme_version: int
    provisional: bool
    stored: ScoresAnswer
    recomputed: ScoresAnswer
    identical: bool
