"""Bodies and answers of the feasibility grid."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.reintegration.feasibility.rules import Finding
from shared.fields import Answer, BusinessDate, shown
from shared.occurrence import OnADay

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class FeasibilityBody(OnADay):
    """`option`: a row of the grid; `findings`: each of its criteria, no more and no less."""

    model_config = shown(
        {
            "aspect": "restaurant",
            "option": "cash",
            "findings": {
                "high_unproductive_debt": "not_met",
                "no_income": "met",
                "extreme_vulnerability": "not_met",
                "remoteness": "not_met",
                "endangers_nobody": "met",
                "breaks_the_debt_cycle": "not_applicable",
                "little_tension": "met",
                "safe_delivery_channel": "met",
            },
            "checked_on": "2021-12-22",
        }
    )

    aspect: Code
    option: Code
    findings: dict[Code, Finding] = Field(min_length=1, max_length=40)
    checked_on: BusinessDate


class FeasibilityAnswer(Answer):
    check_id: UUID
    case_id: UUID
    aspect: str
    option: str
    grid: str
    grid_version: int
    provisional: bool
    findings: dict[str, str]
    verdict: str
    checked_on: date
    checked_by: str
    recorded_at: datetime


class OptionAnswer(Answer):
    """`useful_when`: one of these; `individual`, `community`, `structural`: every one of these that applies."""

    option: str
    useful_when: list[str]
    individual: list[str]
    community: list[str]
    structural: list[str]


class GridAnswer(Answer):
    grid: str
    version: int
    provisional: bool
    source: str
    options: list[OptionAnswer]
