"""Bodies and answers about exceptions."""

from datetime import date, datetime
from uuid import UUID

from services.eligibility.exceptions.models import RuleException
from services.eligibility.exceptions.rules import DecisionReason, Reason, Status
from services.eligibility.packages.rules import Code
from shared.fields import Answer, Body, BusinessDate, shown
from shared.offers import OfferedAction


class ExceptionBody(Body):
    """`rule`: the code of a rule of the case's programme that fails and allows an exception. `valid_until`: its last
    day. `reason`: a code; nothing about the person is written here. `individual_id`: the one of the case for whom it is
    asked, where the rule asks each; left out: it is for the case."""

    model_config = shown({"rule": "without_means", "reason": "humanitarian", "valid_until": "2021-12-31"})

    rule: Code
    individual_id: UUID | None = None
    reason: Reason
    valid_until: BusinessDate


class RefusalBody(Body):
    model_config = shown({"reason": "evidence_lacks"})

    reason: DecisionReason


class ExceptionAnswer(Answer):
    """`in_force`: approved and not past its last day, by the date of the request."""

    exception_id: UUID
    case_id: UUID
    programme: str
    rule: str
    individual_id: UUID | None
    reason: Reason
    status: Status
    in_force: bool
    valid_until: date
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: DecisionReason | None
    ended_by: str | None
    ended_at: datetime | None
    actions: list[OfferedAction]


def exception_answer(row: RuleException, today: date, actions: list[OfferedAction]) -> ExceptionAnswer:
    return ExceptionAnswer(
        exception_id=row.id,
        case_id=row.case_id,
        programme=row.programme,
        rule=row.rule,
        individual_id=row.individual_id,
        reason=Reason(row.reason),
        status=Status(row.status),
        in_force=row.status == Status.APPROVED and today <= row.valid_until,
        valid_until=row.valid_until,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=None if row.decision_reason is None else DecisionReason(row.decision_reason),
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        actions=actions,
    )
