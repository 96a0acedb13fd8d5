"""Reads of approvals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.approvals.models import Approval
from shared.database import Session

__all__ = ["Approval", "approvals_by_subject", "approvals_of", "approvers_of"]


async def approvals_of(session: Session, subject_id: UUID, round: int) -> Sequence[Approval]:
    """Those that count now, oldest first: at most as many as are needed."""
    rows = select(Approval).where(Approval.subject_id == subject_id, Approval.round == round)
    return (await session.exec(rows.order_by(col(Approval.id)))).all()


async def approvals_by_subject(session: Session, plan_id: UUID) -> Mapping[UUID, Sequence[Approval]]:
    """All of a plan and its changes, oldest first, by what was approved."""
    found: dict[UUID, list[Approval]] = defaultdict(list)
    rows = select(Approval).where(Approval.plan_id == plan_id).order_by(col(Approval.id))
    for each in (await session.exec(rows)).all():
        found[each.subject_id].append(each)
    return found


async def approvers_of(session: Session, plan_id: UUID) -> set[str]:
    """Whoever ever approved the plan or a change to it."""
    return set((await session.exec(select(Approval.by).where(Approval.plan_id == plan_id))).all())
