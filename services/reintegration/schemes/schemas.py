"""Bodies and answers of survey schemes."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.fields import Amount, Answer, Body, refused, shown
from shared.text import Text

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
Fraction = Amount
"""A weight or a score: exact, not negative, with at most four decimals, as text."""


class Dimension(StrEnum):
    ECONOMIC = "economic"
    SOCIAL = "social"
    PSYCHOSOCIAL = "psychosocial"


class SchemeStatus(StrEnum):
    PROVISIONAL = "provisional"
    OFFICIAL = "official"


class QuestionBody(Body):
    """`composite_weight` is `weight` where it is left out. An unscored question needs no weights."""

    id: Code
    dimension: Dimension
    topic: Annotated[str, Text(200)]
    option_set: Code
    scored: bool = True
    weight: Fraction = Decimal(1)
    composite_weight: Fraction | None = None


class BandBody(Body):
    """`upper` null: every higher score."""

    code: Code
    upper: Fraction | None = None
    upper_included: bool = False


class SurveySchemeBody(Body):
    """One version of a scheme. `option_sets`: for each set its options, best to worst, with the score of each."""

    model_config = shown(
        {
            "scheme": "SHORT",
            "version": 1,
            "status": "provisional",
            "source": "An example of three questions",
            "questions": [
                {
                    "id": "E1",
                    "dimension": "economic",
                    "topic": "Satisfaction with the economic situation",
                    "option_set": "SAT3",
                },
                {"id": "S1", "dimension": "social", "topic": "Access to housing", "option_set": "SAT3"},
                {"id": "P1", "dimension": "psychosocial", "topic": "Feels safe", "option_set": "YES"},
            ],
            "option_sets": {
                "SAT3": {"satisfied": "1", "neither": "0.5", "dissatisfied": "0"},
                "YES": {"yes": "1", "no": "0"},
            },
            "bands": [
                {"code": "needs_much", "upper": "0.33"},
                {"code": "needs_some", "upper": "0.66", "upper_included": True},
                {"code": "needs_little"},
            ],
        }
    )

    scheme: Code
    version: int = Field(ge=1, le=10_000)
    status: SchemeStatus
    source: Annotated[str, Text(500)]
    minimum_share: Fraction = Decimal("0.6")
    questions: list[QuestionBody] = Field(min_length=3, max_length=100)
    option_sets: dict[Code, dict[Code, Fraction | None]] = Field(min_length=1, max_length=50)
    bands: list[BandBody] = Field(min_length=1, max_length=10)

    @model_validator(mode="after")
    def _sets_are_there(self) -> Self:
        if any(question.option_set not in self.option_sets for question in self.questions):
            raise refused("option_set", "each question must name one of the option sets")
        return self


class QuestionAnswer(Answer):
    id: str
    dimension: str
    topic: str
    option_set: str
    scored: bool
    weight: Decimal
    composite_weight: Decimal


class BandAnswer(Answer):
    code: str
    upper: Decimal | None
    upper_included: bool


class SurveySchemeAnswer(Answer):
    """`provisional`: the weights are not the official ones."""

    scheme_id: UUID
    scheme: str
    version: int
    status: str
    provisional: bool
    source: str
    minimum_share: Decimal
    questions: list[QuestionAnswer]
    option_sets: dict[str, dict[str, Decimal | None]]
    bands: list[BandAnswer]
    made_by: str
    made_at: datetime
