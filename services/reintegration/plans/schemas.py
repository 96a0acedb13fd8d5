"""Bodies and answers of plans and their lines."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.eligibility import Modality
from shared.fields import Amount, Answer, Body, BusinessDate, CurrencyCode, minor_units, refused, shown
from shared.offers import OfferedAction
from shared.text import Text

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Sentence = Annotated[str, Text(500)]
AccountCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")]


class InstalmentBody(Body):
    """A tranche, due from one day until another, both included."""

    amount: Amount
    due_from: BusinessDate
    due_until: BusinessDate


class PlanLineBody(Body):
    """A budget line. `package_line` names the line of the package that it spends, as the case shows it."""

    code: Code
    description: Sentence
    modality: Modality
    package_line: str
    amount: Amount
    currency: CurrencyCode
    project_code: AccountCode
    budget_line: AccountCode
    instalments: list[InstalmentBody] = Field(min_length=1, max_length=24)

    @model_validator(mode="after")
    def _fits_the_currency(self) -> Self:
        allowed = minor_units(self.currency)
        for amount in (self.amount, *(each.amount for each in self.instalments)):
            exponent = amount.as_tuple().exponent
            if isinstance(exponent, int) and -exponent > allowed:
                raise refused("amount", f"amounts may have {allowed} decimals in this currency")
        return self


class PlanBody(Body):
    """A plan as its author writes it. Its lines stay within the package; the instalments of a line add up to it."""

    model_config = shown(
        {
            "goals": ["The family lives from a small restaurant of its own within a year."],
            "activities": ["Rent rooms near the market for two months."],
            "lines": [
                {
                    "code": "rent",
                    "description": "Two months of rent for the rooms",
                    "modality": "cash",
                    "package_line": "rent:case",
                    "amount": "600.00",
                    "currency": "EUR",
                    "project_code": "AVRR-BLR-21",
                    "budget_line": "REINT-CASH",
                    "instalments": [
                        {"amount": "300.00", "due_from": "2022-01-05", "due_until": "2022-01-15"},
                        {"amount": "300.00", "due_from": "2022-02-05", "due_until": "2022-02-15"},
                    ],
                }
            ],
        }
    )

    goals: list[Sentence] = Field(min_length=1, max_length=10)
    activities: list[Sentence] = Field(min_length=1, max_length=20)
    lines: list[PlanLineBody] = Field(min_length=1, max_length=30)


class PlanRevisionBody(Body):
    """What is to be changed; what is left out stays. `lines`, when given, take the place of all lines."""

    model_config = shown({"goals": ["The family lives from a restaurant of its own within a year."]})

    goals: list[Sentence] | None = Field(None, min_length=1, max_length=10)
    activities: list[Sentence] | None = Field(None, min_length=1, max_length=20)
    lines: list[PlanLineBody] | None = Field(None, min_length=1, max_length=30)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.goals is None and self.activities is None and self.lines is None:
            raise refused("nothing_to_change", "needs goals, activities or lines")
        return self


class ReturnBody(Body):
    """Why a plan is sent back: what its author is to change. No names."""

    model_config = shown({"reason": "Say what the rooms cost elsewhere."})

    reason: Sentence


class ReleaseBody(Body):
    """Why what is left of a line is given up."""

    model_config = shown({"reason": "cheaper_than_planned"})

    reason: Annotated[str, Field(pattern="^(no_longer_needed|cheaper_than_planned|not_available|returnee_declined)$")]


class InstalmentAnswer(Answer):
    number: int
    amount: Decimal
    due_from: date
    due_until: date
    paid: Decimal


class PlanLineAnswer(Answer):
    """`spent`: money for cash; for the rest the larger of what was paid and what was delivered. `individual_id` null:
    the line is the case's."""

    line_id: UUID
    code: str
    description: str
    modality: Modality
    package_line: str
    individual_id: UUID | None
    amount: Decimal
    currency: str
    project_code: str
    budget_line: str
    paid: Decimal
    delivered: Decimal
    spent: Decimal
    released_reason: str | None
    released_at: datetime | None
    instalments: list[InstalmentAnswer]


class PlanStepAnswer(Answer):
    verb: str
    by: str
    at: datetime
    comment: str | None


class ApprovalAnswer(Answer):
    by: str
    at: datetime


class PlanAnswer(Answer):
    """A plan with its lines and everything that was done to it. `arrived`: who had arrived when it was approved;
    `approvals`: those of the last submission, of `approvals_needed`; `revision`: one more with each change since."""

    plan_id: UUID
    case_id: UUID
    status: str
    goals: list[str]
    activities: list[str]
    lines: list[PlanLineAnswer]
    total: Decimal
    currency: str
    decision_id: UUID
    drafted_by: str
    submitted_by: str | None
    approved_by: str | None
    approved_at: datetime | None
    arrived: list[UUID] | None
    revision: int
    approvals: list[ApprovalAnswer]
    approvals_needed: int
    history: list[PlanStepAnswer]
    version: int
    actions: list[OfferedAction]
