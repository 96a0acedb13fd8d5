"""Bodies of vulnerability assessments."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.screenings.rules import Level
from services.registration.vulnerabilities.rules import Category, Direction, Factor
from shared.fields import Answer, Body, BusinessDate, PlainText, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class FactorBody(Body):
    level: Level
    direction: Direction
    factor: Factor
    note: PlainText | None = None


class StepBody(Body):
    """`sensitive`: read by protection and the author alone. Left out: as factors and categories are."""

    step: PlainText
    sensitive: bool | None = None
    due_on: BusinessDate | None = None


class VulnerabilityBody(Occurrence):
    """The whole of what is so of one person now. `priority`: 1 goes first, 3 last. `protection_note`: shown to
    protection and its author alone; so is `note` where it is sensitive, as a step is."""

    model_config = shown(
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8058",
            "categories": ["pregnant"],
            "factors": [{"level": "household", "direction": "protective", "factor": "family_support"}],
            "steps": [{"step": "A place on the ground floor", "due_on": "2021-12-06"}],
            "priority": 1,
        }
    )

    individual_id: UUID
    categories: Annotated[list[Category], Field(max_length=len(Category))] = Field(default_factory=list)
    factors: Annotated[list[FactorBody], Field(max_length=40)] = Field(default_factory=list)
    steps: Annotated[list[StepBody], Field(max_length=20)] = Field(default_factory=list)
    priority: Annotated[int, Field(ge=1, le=3)]
    note: PlainText | None = None
    note_sensitive: bool | None = None
    protection_note: PlainText | None = None


class FactorAnswer(Answer):
    level: Level
    direction: Direction
    factor: Factor
    note: str | None


class StepAnswer(Answer):
    id: UUID
    step: str
    due_on: date | None
    status: str
    done_at: datetime | None
    actions: list[OfferedAction]


class VulnerabilityAnswer(Answer):
    """Without what the reader may not see: trafficking, torture, protection of children and violence, and steps and
    note that would tell of them, are for protection and the author."""

    id: UUID
    case_id: UUID
    individual_id: UUID
    categories: list[Category]
    factors: list[FactorAnswer]
    steps: list[StepAnswer]
    priority: int
    note: str | None
    protection_note: str | None
    assessed_at: datetime
    recorded_at: datetime
    assessed_by: str


class PriorityAnswer(Answer):
    individual_id: UUID
    level: int
    assigned_at: datetime


class PriorityList(Answer):
    items: list[PriorityAnswer]
