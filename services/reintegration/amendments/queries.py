"""Reads of changes to approved plans."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.reintegration.amendments.models import PlanAmendment
from shared.concurrency import locked
from shared.database import Session
from shared.problems import NotFound


async def amendment_of(session: Session, amendment_id: UUID) -> PlanAmendment:
    """Raises `NotFound`."""
    found = await session.get(PlanAmendment, amendment_id)
    if found is None:
        raise NotFound("amendment")
    return found


async def locked_amendment(session: Session, amendment_id: UUID) -> PlanAmendment:
    """After its plan is locked. Raises `NotFound`."""
    found = await locked(session, PlanAmendment, amendment_id)
    if found is None:
        raise NotFound("amendment")
    return found


async def waiting_amendment(session: Session, plan_id: UUID) -> PlanAmendment | None:
    """The one that is proposed and not decided. Its lock is the plan's."""
    rows = select(PlanAmendment).where(PlanAmendment.plan_id == plan_id, PlanAmendment.status == "proposed")
    return (await session.exec(rows)).first()


async def count_amendments(session: Session, plan_id: UUID) -> int:
    rows = select(func.count()).select_from(PlanAmendment).where(PlanAmendment.plan_id == plan_id)
    return (await session.exec(rows)).one()


async def amendments_after(session: Session, plan_id: UUID, after: UUID | None, limit: int) -> Sequence[PlanAmendment]:
    """Up to `limit` + 1 of the plan in the order in which they were proposed."""
    rows = select(PlanAmendment).where(PlanAmendment.plan_id == plan_id).order_by(col(PlanAmendment.id))
    if after is not None:
        rows = rows.where(col(PlanAmendment.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
