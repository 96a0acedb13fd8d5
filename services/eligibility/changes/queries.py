"""Reads of coming changes, and of those under way."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_
from sqlmodel import col, select

from services.eligibility.cases.queries import Standing, open_and_bound_for, open_and_decided_by, this_open_one
from services.eligibility.changes.models import ComingChange
from shared.database import Session

_TO_COME = col(ComingChange.done_at).is_(None) & col(ComingChange.since).is_(None)
_UNDER_WAY = col(ComingChange.done_at).is_(None) & col(ComingChange.since).is_not(None)


async def changes_due(session: Session, on: date, limit: int) -> Sequence[ComingChange]:
    """Up to `limit` that are due by a date and not taken up yet, the earliest first."""
    rows = select(ComingChange).where(_TO_COME, col(ComingChange.due_on) <= on)
    rows = rows.order_by(col(ComingChange.due_on), col(ComingChange.id)).limit(limit)
    return (await session.exec(rows)).all()


async def changes_to_come(session: Session, after: UUID | None, limit: int) -> Sequence[ComingChange]:
    """One more than `limit` of those that wait, in the order in which they were announced."""
    rows = select(ComingChange).where(_TO_COME).order_by(col(ComingChange.id))
    if after is not None:
        rows = rows.where(col(ComingChange.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


# Built once: making a statement anew costs twice what asking it does.
_OLDEST = select(ComingChange).where(_UNDER_WAY).order_by(col(ComingChange.id)).limit(bindparam("most"))


async def changes_under_way(session: Session, limit: int) -> Sequence[ComingChange]:
    """Up to `limit` that were taken up and have cases left, the oldest first."""
    return (await session.exec(_OLDEST, params={"most": limit})).all()


def concerned(row: ComingChange) -> ColumnElement[bool]:
    """The open cases that a change concerns and that were not looked at for it yet."""
    left = col(Standing.id) > row.reached if row.reached is not None else col(Standing.id).is_not(None)
    if row.country is not None:
        return open_and_bound_for(row.country) & left
    if row.programme_id is not None:
        return open_and_decided_by(row.programme_id) & left
    assert row.case_id is not None
    return this_open_one(row.case_id) & left


MOST_UNDER_WAY = 50


async def is_waiting_for_a_change(session: Session, case_id: UUID) -> bool:
    """Whether the case will be looked at for a change that is under way. Mostly there is none."""
    rows = await changes_under_way(session, MOST_UNDER_WAY)
    if not rows:
        return False
    one_of_them = or_(*(concerned(row) for row in rows))
    return (await session.exec(select(Standing.id).where(Standing.id == case_id, one_of_them))).first() is not None
