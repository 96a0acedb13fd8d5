"""Reads of follow-ups."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import col, select

from services.reintegration.followups.models import FollowUp
from services.reintegration.followups.rules import Kind, Standing, days_of
from shared.database import Session
from shared.problems import NotFound

Place = tuple[date, UUID]
KEPT = {Standing.MADE: "made", Standing.ENDED: "ended"}


async def follow_up_of(session: Session, follow_up_id: UUID) -> FollowUp:
    """Raises `NotFound`."""
    found = await session.get(FollowUp, follow_up_id, populate_existing=True)
    if found is None:
        raise NotFound("follow-up")
    return found


async def open_ones(session: Session, case_id: UUID, kind: Kind) -> Sequence[FollowUp]:
    """Those of a case that nobody has made, given up or ended: a handful. Their lock is the case's."""
    rows = select(FollowUp).where(FollowUp.case_id == case_id, FollowUp.kind == kind, FollowUp.status == "open")
    return (await session.exec(rows.order_by(col(FollowUp.due_on)))).all()


async def last_number(session: Session, plan_id: UUID, kind: Kind) -> int:
    """The highest number that a follow-up of the plan has; none has 0. Its lock is the case's."""
    rows = select(func.max(FollowUp.number)).where(FollowUp.plan_id == plan_id, FollowUp.kind == kind)
    return (await session.exec(rows)).one() or 0


async def ended_ones(session: Session, case_id: UUID) -> Sequence[FollowUp]:
    """Those that the closure of the assistance ended."""
    return (await session.exec(select(FollowUp).where(FollowUp.case_id == case_id, FollowUp.status == "ended"))).all()


async def follow_ups_of(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[FollowUp]:
    """Up to `limit` + 1 of the case in the order in which they were planned."""
    rows = select(FollowUp).where(FollowUp.case_id == case_id).order_by(col(FollowUp.id)).limit(limit + 1)
    if after is not None:
        rows = rows.where(col(FollowUp.id) > after)
    return (await session.exec(rows)).all()


async def follow_ups_standing(
    session: Session, kind: Kind, standing: Standing, today: date, after: Place | None, limit: int
) -> Sequence[FollowUp]:
    """Up to `limit` + 1 of all cases that stand so today, in the order of their days. Those given up are read with
    their case: they are no work for anybody."""
    kept = KEPT.get(standing)
    rows = select(FollowUp).where(FollowUp.kind == kind, FollowUp.status == (kept or "open"))
    if kept is None:
        since, until = days_of(standing, today)
        rows = rows.where(col(FollowUp.due_on) >= since, col(FollowUp.due_on) <= until)
    place = (col(FollowUp.due_on), col(FollowUp.id))
    if after is not None:
        rows = rows.where(tuple_(*place) > tuple_(*after))
    return (await session.exec(rows.order_by(*place).limit(limit + 1))).all()
