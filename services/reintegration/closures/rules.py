"""What the closure of assistance needs, by its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Protocol

from shared.contracts.reintegration import AssistanceClosureReason
from shared.problems import Problem

BY_OFFICER = frozenset(AssistanceClosureReason) - {AssistanceClosureReason.WITHDRAWN_BEFORE_DEPARTURE}
"""A withdrawal before departure is told by registration, and ends what is here by itself."""


class ClosureIncomplete(Problem):
    slug = "closure-incomplete"
    status = 409
    title = "Something is still open that a closure with this reason needs"
    remedy = "`missing` names it: pay, deliver or release what is owed, reconcile, visit, survey, or try to reach them."


class OwnClosure(Problem):
    slug = "own-closure"
    status = 403
    title = "Nobody opens again what they closed themselves"
    remedy = "Let somebody else look at it and open the assistance again."


SPENT_WITHIN: Final = timedelta(days=365)
"""A budget has expired a year after the return. Source: domain.md, section 1 (12 months, Belgium and the EU
programme); provisional for this one."""


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


@dataclass(frozen=True, slots=True)
class Done:
    """What was done for a case besides the money. `surveys_missing`: how many rounds were due and neither made nor
    given up; `contact_lost`: it counts as lost; `expired`: the time for the budget is over; `waiting`: a change to
    the plan waits for its approval; `shares_open`: lines that gave more to a community project than was spent;
    `orders_open`: lines with an order of which nothing was delivered or nothing charged; `invoices_unpaid`: lines whose
    provider is owed for what was delivered."""

    visits: int = 0
    surveys: int = 0
    surveys_missing: int = 0
    contact_lost: bool = False
    expired: bool = False
    waiting: bool = False
    shares_open: tuple[str, ...] = ()
    orders_open: tuple[str, ...] = ()
    invoices_unpaid: tuple[str, ...] = ()


def has_expired(closed_on: date, arrived: date, windows: Sequence[date]) -> bool:
    """Whether the budget's time is over: a year after the return, or after the last window of an instalment."""
    return closed_on > arrived + SPENT_WITHIN or (bool(windows) and closed_on > max(windows))


def check_reopens(by: str, closed_by: str) -> None:
    """Raises `OwnClosure`."""
    if by == closed_by:
        raise OwnClosure()


def check_complete(reason: AssistanceClosureReason, lines: Sequence[LineMoney], done: Done, *, approved: bool) -> None:
    """Raises `ClosureIncomplete`. Every closure needs its payments reconciled: nothing paid for goods that no
    certificate shows, no share promised that was not spent, nothing on order nor owed to a provider, and no change to
    the plan that waits. `completed` also needs an approved plan with nothing owed, a visit, a survey, and every survey
    round that was due; `budget_expired` an approved plan, a visit, every survey round that was due made or given up,
    and that its time is over; `lost_contact` that
    contact counts as lost."""
    missing = [Missing("not_reconciled", line.code) for line in lines if line.paid_for_nothing]
    missing += [Missing("share_not_spent", code) for code in done.shares_open]
    missing += [Missing("order_open", code) for code in done.orders_open]
    missing += [Missing("invoice_not_paid", code) for code in done.invoices_unpaid]
    if done.waiting:
        missing.append(Missing("amendment_waiting"))
    if reason in (AssistanceClosureReason.COMPLETED, AssistanceClosureReason.BUDGET_EXPIRED):
        if not approved:
            missing.append(Missing("plan_not_approved"))
        if not done.visits:
            missing.append(Missing("no_visit"))
    if reason is AssistanceClosureReason.COMPLETED:
        missing += [Missing("line_owed", line.code) for line in lines if line.owed]
        if not done.surveys:
            missing.append(Missing("no_survey"))
    expired = reason is AssistanceClosureReason.BUDGET_EXPIRED
    if done.surveys_missing and (expired or (reason is AssistanceClosureReason.COMPLETED and done.surveys)):
        missing.append(Missing("survey_round_missing"))
    if expired and approved and not done.expired:
        missing.append(Missing("budget_not_expired"))
    if reason is AssistanceClosureReason.LOST_CONTACT and not done.contact_lost:
        missing.append(Missing("contact_not_lost"))
    if missing:
        raise ClosureIncomplete(missing=[each.member() for each in missing])
