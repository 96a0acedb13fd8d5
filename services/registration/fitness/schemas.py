"""Bodies of fitness checks."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.fitness.models import FitnessCheck
from services.registration.fitness.rules import Support
from shared.contracts.registration import Fitness
from shared.fields import Answer, AwareTime, Body, BusinessDate, PlainText, shown


class FitnessBody(Body):
    """`fly_before`: the latest day of departure, if there is one. `findings` are read by medical and protection."""

    model_config = shown(
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8058",
            "outcome": "fit_with_support",
            "checked_at": "2021-12-12T09:00:00Z",
            "support": ["wheelchair"],
            "fly_before": "2021-12-20",
        }
    )

    individual_id: UUID
    outcome: Fitness
    checked_at: AwareTime
    support: Annotated[list[Support], Field(max_length=len(Support))] = Field(default_factory=list)
    fly_before: BusinessDate | None = None
    findings: PlainText | None = None


class FitnessAnswer(Answer):
    id: UUID
    individual_id: UUID
    outcome: Fitness
    checked_at: datetime
    support: list[Support]
    fly_before: date | None
    findings: str | None
    recorded_at: datetime
    recorded_by: str


class FitnessList(Answer):
    items: list[FitnessAnswer]


def fitness_answer(check: FitnessCheck, roles: frozenset[str]) -> FitnessAnswer:
    """`findings` are null to everyone but medical and protection."""
    shown = FitnessAnswer.model_validate(check)
    return shown if not roles.isdisjoint({"protection", "medical"}) else shown.model_copy(update={"findings": None})
