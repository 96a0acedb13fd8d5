"""Bodies and answers of closures."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from services.reintegration.closures.rules import BY_OFFICER
from shared.contracts.reintegration import AssistanceClosureReason, ReopeningReason
from shared.fields import Answer, Body, BusinessDate, PlainText, refused, shown
from shared.occurrence import OnADay


def _an_officers_reason(reason: AssistanceClosureReason) -> AssistanceClosureReason:
    if reason not in BY_OFFICER:
        raise refused("reason", "is not for people to say: it follows from the withdrawal that registration records")
    return reason


class ClosureBody(OnADay):
    """Ends the assistance. `final_report`: what the budget achieved; read by those who may read the case, and never
    part of an event."""

    model_config = shown(
        {
            "reason": "completed",
            "final_report": "The restaurant feeds the family since March.",
            "closed_on": "2022-12-14",
        }
    )

    reason: Annotated[AssistanceClosureReason, AfterValidator(_an_officers_reason)]
    final_report: PlainText
    closed_on: BusinessDate


class ReopeningBody(Body):
    """Why the closure counts no more."""

    model_config = shown({"reason": "still_owed"})

    reason: ReopeningReason


class ReopeningAnswer(Answer):
    """A closure that counts no more (`reason`, `closed_on`, `closed_by`), and how the assistance was opened again."""

    reopening_id: UUID
    case_id: UUID
    reason: str
    closed_on: date
    closed_by: str
    closure_recorded_at: datetime
    why: str
    reopened_by: str
    reopened_at: datetime


class ClosureAnswer(Answer):
    case_id: UUID
    status: str
    reason: str
    final_report: str
    closed_on: date
    closed_by: str
    recorded_at: datetime
