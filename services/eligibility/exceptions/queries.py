"""Reads of exceptions."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from services.eligibility.exceptions.models import RuleException
from services.eligibility.exceptions.rules import Status
from shared.concurrency import locked
from shared.database import Session
from shared.pagination import exactly
from shared.problems import NotFound


async def granted_to(session: Session, cases: Collection[UUID]) -> dict[UUID, tuple[RuleException, ...]]:
    """The approved exceptions of these cases, the oldest first; on which days they are good is asked of their dates."""
    rows = select(RuleException).where(col(RuleException.case_id).in_(cases))
    found: dict[UUID, tuple[RuleException, ...]] = {}
    approved = rows.where(RuleException.status == Status.APPROVED).order_by(col(RuleException.id))
    for row in (await session.exec(approved)).all():
        found[row.case_id] = (*found.get(row.case_id, ()), row)
    return found


async def exception_of_id(session: Session, exception_id: UUID) -> RuleException:
    """Raises `NotFound`."""
    row = await session.get(RuleException, exception_id)
    if row is None:
        raise NotFound("exception")
    return row


async def locked_exception(session: Session, exception_id: UUID) -> RuleException:
    """Raises `NotFound`. The caller has locked the case's standing."""
    row = await locked(session, RuleException, exception_id)
    if row is None:
        raise NotFound("exception")
    return row


ALIVE = col(RuleException.status).in_((Status.ASKED, Status.APPROVED))


async def exceptions_alive(
    session: Session, case_id: UUID, programme: str, rule: str, individual: UUID | None
) -> Sequence[RuleException]:
    """Those asked or approved for a rule that cover the individual, or the case where none is named."""
    rows = select(RuleException).where(RuleException.case_id == case_id, RuleException.programme == programme)
    named = col(RuleException.individual_id)
    covers = named.is_(None) if individual is None else named.is_(None) | (named == individual)
    return (await session.exec(rows.where(RuleException.rule == rule, ALIVE, covers))).all()


async def exceptions_past(session: Session, case_id: UUID, today: date) -> Sequence[RuleException]:
    """Those of the case that are asked or approved, and whose last day has passed."""
    rows = select(RuleException).where(RuleException.case_id == case_id, ALIVE)
    return (await session.exec(rows.where(col(RuleException.valid_until) < today))).all()


async def cases_with_exceptions_past(session: Session, today: date, limit: int) -> Sequence[UUID]:
    """Up to `limit` cases that have one of these, those that wait longest first."""
    rows = select(RuleException.case_id).where(ALIVE, col(RuleException.valid_until) < today)
    return (await session.exec(rows.order_by(col(RuleException.valid_until)).limit(limit))).all()


async def exceptions_of_case(
    session: Session, case_id: UUID, after: UUID | None, limit: int
) -> Sequence[RuleException]:
    """One more than `limit`, the oldest first."""
    rows = select(RuleException).where(RuleException.case_id == case_id).order_by(col(RuleException.id))
    if after is not None:
        rows = rows.where(col(RuleException.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def list_of_exceptions(
    session: Session, status: Status, after: UUID | None, limit: int
) -> Sequence[RuleException]:
    """One more than `limit` of those in a status, the oldest first."""
    column = col(RuleException.status)
    rows = select(RuleException).where(exactly(column, status)).order_by(column, col(RuleException.id))
    if after is not None:
        rows = rows.where(col(RuleException.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
