"""Reads of doubts about capacity."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.capacity.models import CapacityDoubt
from services.registration.capacity.rules import CapacityOutcome, check_able
from shared.database import Session

__all__ = ["CapacityDoubt", "check_able_to_sign", "doubts_of", "is_not_able"]


async def doubts_of(session: Session, case_id: UUID, before: UUID | None, limit: int) -> Sequence[CapacityDoubt]:
    """Newest first, one more than `limit` where more follow."""
    rows = select(CapacityDoubt).where(CapacityDoubt.case_id == case_id)
    if before is not None:
        rows = rows.where(col(CapacityDoubt.id) < before)
    return (await session.exec(rows.order_by(col(CapacityDoubt.id).desc()).limit(limit + 1))).all()


async def check_able_to_sign(session: Session, case_id: UUID, signers: Iterable[UUID]) -> None:
    """Raises `CapacityInDoubt`, `DecidesThroughAnother`. One query."""
    who = list(signers)
    check_able(who, *await _assessed(session, case_id, who))


async def is_not_able(session: Session, case_id: UUID, individual: UUID) -> bool:
    """Whether the last that a professional found is that this person is not able to decide."""
    _, found = await _assessed(session, case_id, [individual])
    return found.get(individual) == CapacityOutcome.NOT_ABLE


async def _assessed(session: Session, case_id: UUID, who: Sequence[UUID]) -> tuple[set[UUID], dict[UUID, str]]:
    """Those with an open doubt, and the last outcome of each who was assessed."""
    rows = select(CapacityDoubt).where(CapacityDoubt.case_id == case_id, col(CapacityDoubt.individual_id).in_(who))
    doubted: set[UUID] = set()
    found: dict[UUID, str] = {}
    for row in (await session.exec(rows.order_by(col(CapacityDoubt.id)))).all():
        if row.outcome is None:
            doubted.add(row.individual_id)
        else:
            found[row.individual_id] = row.outcome
    return doubted, found
