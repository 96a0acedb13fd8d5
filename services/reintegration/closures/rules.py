"""What the closure of assistance needs, by its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from shared.contracts.reintegration import AssistanceClosureReason
from shared.problems import Problem

BY_OFFICER = frozenset(AssistanceClosureReason) - {AssistanceClosureReason.WITHDRAWN_BEFORE_DEPARTURE}
"""A withdrawal before departure is told by registration, and ends what is here by itself."""


class ClosureIncomplete(Problem):
    slug = "closure-incomplete"
    status = 409
    title = "Something is still open that a closure with this reason needs"
    remedy = "`missing` names it: pay or deliver what is owed or release it with a reason, visit, survey, or reconcile."


class LineMoney(Protocol):
    """What a closure asks of a line."""

    @property
    def code(self) -> str: ...
    @property
    def owed(self) -> Decimal: ...
    @property
    def paid_for_nothing(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Missing:
    """`code` is stable; `line` names the plan's line it is about."""

    code: str
    line: str | None = None

    def member(self) -> dict[str, str]:
        return {"code": self.code} | ({"line": self.line} if self.line else {})


def check_complete(
    reason: AssistanceClosureReason, lines: Sequence[LineMoney], *, approved: bool, visits: int, surveys: int
) -> None:
    """Raises `ClosureIncomplete`. Every closure needs its payments reconciled: nothing paid for goods that no
    certificate shows. `completed` also needs an approved plan with nothing owed, a visit and a survey;
    `budget_expired` an approved plan and a visit."""
    missing = [Missing("not_reconciled", line.code) for line in lines if line.paid_for_nothing]
    if reason in (AssistanceClosureReason.COMPLETED, AssistanceClosureReason.BUDGET_EXPIRED):
        if not approved:
            missing.append(Missing("plan_not_approved"))
        if not visits:
            missing.append(Missing("no_visit"))
    if reason is AssistanceClosureReason.COMPLETED:
        missing += [Missing("line_owed", line.code) for line in lines if line.owed]
        if not surveys:
            missing.append(Missing("no_survey"))
    if missing:
        raise ClosureIncomplete(missing=[each.member() for each in missing])
