"""Noticing that a decision or an exception is good no more: the exception is marked, and the case decided again.

What is noticed follows from the dates alone: made twice, or after a restart, it finds only what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.eligibility.cases.actions import look_again
from services.eligibility.cases.queries import cases_past_their_decision, locked_standing
from services.eligibility.decisions.rules import Because
from services.eligibility.exceptions.actions import expire_exceptions
from services.eligibility.exceptions.queries import cases_with_exceptions_past
from shared.act import Act
from shared.clock import machine_now
from shared.database import Session, new_id
from shared.runner import Errand, nothing_to_ask

AT_ONCE = 20


async def notice_expiries(session: Session, act: Act, limit: int) -> int:
    """Up to `limit` cases, by the act's business date. Gives how many were found."""
    cases = await _cases_past_a_day(session, act.today, limit)
    for case_id in cases:
        await _notice(session, act, case_id)
    return len(cases)


async def _cases_past_a_day(session: Session, today: date, limit: int) -> Sequence[UUID]:
    """In the order of their ids, as they are locked."""
    decided = await cases_past_their_decision(session, today, limit)
    excepted = await cases_with_exceptions_past(session, today, limit)
    return sorted(dict.fromkeys((*decided, *excepted)))[:limit]


async def _notice(session: Session, act: Act, case_id: UUID) -> None:
    standing = await locked_standing(session, case_id)
    counted = await expire_exceptions(session, act, standing)
    past = standing.good_until is not None and standing.good_until < act.today
    if past or counted:
        because = Because.EXCEPTION_CHANGED if counted else Because.DECISION_EXPIRED
        await look_again(session, act, [case_id], because)
    if standing.good_until is not None and standing.good_until < act.today:
        standing.good_until = None  # the decision stands: some have left under it, or no programme is in force


@dataclass(frozen=True, slots=True)
class CasePastADay:
    case_id: UUID
    now: datetime
    cause: UUID

    def act(self) -> Act:
        return Act("service:eligibility", frozenset({"service"}), self.now, self.cause, self.cause, "eligibility")


async def cases_to_notice(session: Session) -> Sequence[CasePastADay]:
    """By the machine's date."""
    now = machine_now()
    return [CasePastADay(case, now, new_id()) for case in await _cases_past_a_day(session, now.date(), AT_ONCE)]


async def settle_case(session: Session, act: Act, case: CasePastADay, _result: None) -> None:
    """One case in a transaction of its own; nothing where another worker was faster."""
    await _notice(session, act, case.case_id)


NOTICE_EXPIRIES: Errand[CasePastADay, None] = Errand(
    name="notice_expiries",
    take=cases_to_notice,
    go=nothing_to_ask,
    settle=settle_case,
    act=CasePastADay.act,
    production_only=True,
)
