"""Verbs of changes: carry one through the cases it concerns, announce one for a day, take up those whose day has come.

A restriction or a version may begin or end on a later day, and an exception ends on one: on that day the open cases it
concerns are looked at again, as on the day of any other change of rules. Many cases are looked at some at a time, each
time in a transaction of its own: the row says how far that came, and the runner goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.eligibility.cases.actions import look_again
from services.eligibility.cases.queries import count_where, standings_where
from services.eligibility.changes.models import ComingChange
from services.eligibility.changes.queries import changes_due, changes_under_way, concerned
from services.eligibility.decisions.rules import Because
from services.eligibility.programmes.queries import change_rules, hold_rules
from shared.act import Act
from shared.clock import machine_now
from shared.concurrency import locked
from shared.database import Session, new_id
from shared.runner import Errand, nothing_to_ask, wished

AT_ONCE = 5
"""Changes taken up in one transaction; each looks at a page of cases, and leaves the rest to the runner."""
LOOK_AT_ONCE = 100
"""How many cases a change decides again in its own transaction."""
CARRY_AT_ONCE = 20
"""How many the runner looks at in one: these wait for nobody, and hold the database for a moment only."""


async def announce(
    session: Session,
    act: Act,
    due_on: date | None,
    because: Because,
    *,
    country: str | None = None,
    programme_id: UUID | None = None,
    case_id: UUID | None = None,
) -> None:
    """Keeps that something begins or ends on a day to come; nothing where the day is not to come."""
    if due_on is None or due_on <= act.today:
        return
    row = ComingChange(
        id=new_id(),
        due_on=due_on,
        because=because,
        country=country,
        programme_id=programme_id,
        case_id=case_id,
        announced_at=act.now,
    )
    session.add(row)


async def spread(
    session: Session, act: Act, because: Because, *, country: str | None = None, programme_id: UUID | None = None
) -> int:
    """After a change of rules: looks at the first `LOOK_AT_ONCE` of the open cases it concerns, and leaves the rest to
    the runner. Gives how many are left. The caller keeps the rules from being used meanwhile."""
    row = ComingChange(
        id=new_id(), due_on=act.today, because=because, country=country, programme_id=programme_id, announced_at=act.now
    )
    left = await _take_up(session, act, row)
    if left:
        session.add(row)
    return left


async def review_changes(session: Session, act: Act, limit: int) -> tuple[int, int]:
    """Takes up to `limit` changes whose day has come by the act's business date, the earliest first: the open cases
    each concerns are looked at again. Gives how many were taken up, and how many cases are still to be looked at."""
    await change_rules(session)
    rows = await changes_due(session, act.today, limit)
    left = 0
    for row in rows:
        left += await _take_up(session, act, row)
    return len(rows), left


async def _take_up(session: Session, act: Act, row: ComingChange) -> int:
    await _look_at_next(session, act, row, LOOK_AT_ONCE)
    if row.done_at is not None:
        return 0
    row.since, row.cause = act.now, act.cause
    return await count_where(session, concerned(row))


async def _look_at_next(session: Session, act: Act, row: ComingChange, limit: int) -> None:
    """Looks at the next cases, and keeps how far that came."""
    cases = await standings_where(session, concerned(row), limit)
    await look_again(session, act, cases[:limit], Because(row.because))
    await session.flush()
    if len(cases) > limit:
        row.reached = cases[limit - 1]
        wished(session)
    else:
        row.done_at = act.now


@dataclass(frozen=True, slots=True)
class Carried:
    """A change under way, and how far it had come."""

    change: UUID
    reached: UUID | None
    since: datetime
    cause: UUID

    def act(self) -> Act:
        return Act("service:eligibility", frozenset({"service"}), self.since, self.cause, self.cause, "eligibility")


async def changes_to_carry(session: Session) -> Sequence[Carried]:
    """Those under way, the oldest first."""
    rows = await changes_under_way(session, AT_ONCE)
    return [
        Carried(row.id, row.reached, row.since, row.cause)
        for row in rows
        if row.since is not None and row.cause is not None
    ]


async def settle_carried(session: Session, act: Act, carried: Carried, _result: None) -> None:
    """The next cases; nothing where another worker was faster. The runner comes again as long as there are more."""
    await hold_rules(session)
    row = await locked(session, ComingChange, carried.change)
    if row is not None and row.done_at is None and row.reached == carried.reached:
        await _look_at_next(session, act, row, CARRY_AT_ONCE)


@dataclass(frozen=True, slots=True)
class DayToReview:
    """A date on which changes are due."""

    now: datetime
    cause: UUID

    def act(self) -> Act:
        return Act("service:eligibility", frozenset({"service"}), self.now, self.cause, self.cause, "eligibility")


async def days_to_review(session: Session) -> Sequence[DayToReview]:
    """Today, by the machine's clock, as long as some change is due."""
    now = machine_now()
    return [DayToReview(now, new_id())] if await changes_due(session, now.date(), 1) else []


async def settle_day(session: Session, act: Act, _day: DayToReview, _result: None) -> None:
    """The next changes. The runner comes again as long as there are more."""
    await review_changes(session, act, AT_ONCE)


CARRY_CHANGES: Errand[Carried, None] = Errand(
    name="carry_changes", take=changes_to_carry, go=nothing_to_ask, settle=settle_carried, act=Carried.act
)
REVIEW_CHANGES: Errand[DayToReview, None] = Errand(
    name="review_changes_daily",
    take=days_to_review,
    go=nothing_to_ask,
    settle=settle_day,
    act=DayToReview.act,
    production_only=True,
)
