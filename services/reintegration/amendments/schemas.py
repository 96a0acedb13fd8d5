"""Bodies and answers of changes to approved plans."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.reintegration.plans.actions import PlanLineBody
from shared.fields import Answer, Body, refused, shown
from shared.offers import OfferedAction
from shared.text import Text

Sentence = Annotated[str, Text(500)]


class AmendmentBody(Body):
    """What is to change, and why. `lines`: those that change, named by their code and given whole, and new ones; lines
    that are not named stay. No names."""

    model_config = shown(
        {
            "reason": "The rooms near the market are let; others cost more.",
            "lines": [
                {
                    "code": "rent",
                    "description": "Two months of rent for the rooms",
                    "modality": "cash",
                    "package_line": "rent:case",
                    "amount": "640.00",
                    "currency": "EUR",
                    "project_code": "AVRR-BLR-21",
                    "budget_line": "REINT-CASH",
                    "instalments": [
                        {"amount": "320.00", "due_from": "2022-01-05", "due_until": "2022-01-15"},
                        {"amount": "320.00", "due_from": "2022-02-05", "due_until": "2022-02-15"},
                    ],
                }
            ],
        }
    )

    reason: Sentence
    goals: list[Sentence] | None = Field(None, min_length=1, max_length=10)
    activities: list[Sentence] | None = Field(None, min_length=1, max_length=20)
    lines: list[PlanLineBody] = Field(default=[], max_length=30)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.goals is None and self.activities is None and not self.lines:
            raise refused("nothing_to_change", "needs goals, activities or lines")
        return self


class AmendmentReturnBody(Body):
    """Why it is not approved. No names."""

    model_config = shown({"reason": "Say where the other rooms are looked for."})

    reason: Sentence


class AmendmentApprovalAnswer(Answer):
    by: str
    at: datetime


class AmendmentAnswer(Answer):
    """`total`: what the whole plan asks for with this change. `approvals_needed`: by how many different people."""

    amendment_id: UUID
    plan_id: UUID
    number: int
    status: str
    reason: str
    goals: list[str] | None
    activities: list[str] | None
    lines: list[PlanLineBody]
    total: Decimal
    currency: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    comment: str | None
    approvals: list[AmendmentApprovalAnswer]
    approvals_needed: int
    version: int
    actions: list[OfferedAction]
