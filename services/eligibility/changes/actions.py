"""Verbs of coming changes: announce one for a day, and take up those whose day has come.

A restriction or a version may begin or end on a later day, and an exception ends on one: on that day the open cases it
concerns are looked at again, as on the day of any other change of rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from services.eligibility.cases.actions import look_at_those
from services.eligibility.cases.queries import open_and_bound_for, open_and_decided_by, this_open_one
from services.eligibility.changes.models import ComingChange
from services.eligibility.changes.queries import changes_due
from services.eligibility.decisions.rules import Because
from services.eligibility.programmes.queries import change_rules
from shared.act import Act
from shared.clock import machine_now
from shared.database import Session, new_id
from shared.runner import Errand

AT_ONCE = 5
"""Changes taken up in one transaction; each looks at a page of cases, and marks the rest to be looked at."""


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


async def review_changes(session: Session, act: Act, limit: int) -> tuple[int, int]:
    """Takes up to `limit` changes whose day has come by the act's business date, the earliest first: the open cases
    each concerns are looked at again. Gives how many were taken up, and how many cases are still to be looked at."""
    await change_rules(session)
    rows = await changes_due(session, act.today, limit)
    left = 0
    for row in rows:
        left += await look_at_those(session, act, _concerned(row), Because(row.because))
        row.done_at = act.now
    return len(rows), left


def _concerned(row: ComingChange) -> ColumnElement[bool]:
    if row.country is not None:
        return open_and_bound_for(row.country)
    if row.programme_id is not None:
        return open_and_decided_by(row.programme_id)
    assert row.case_id is not None
    return this_open_one(row.case_id)


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


async def nothing_to_ask(_others: object, _day: DayToReview) -> None:
    """A review asks no other service."""


async def settle_day(session: Session, act: Act, _day: DayToReview, _result: None) -> None:
    """The next changes. The runner comes again as long as there are more."""
    await review_changes(session, act, AT_ONCE)


REVIEW_CHANGES: Errand[DayToReview, None] = Errand(
    name="review_changes_daily",
    take=days_to_review,
    go=nothing_to_ask,
    settle=settle_day,
    act=DayToReview.act,
    production_only=True,
)
