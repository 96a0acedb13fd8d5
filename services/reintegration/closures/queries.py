"""Reads of closures."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.reintegration.closures.models import Closure, Reopening
from shared.database import Session

# Built once: making a statement anew costs twice what asking it does.
_OF_CASE = select(Closure).where(col(Closure.case_id) == bindparam("case"))


async def closure_of(session: Session, case_id: UUID) -> Closure | None:
    return (await session.exec(_OF_CASE, params={"case": case_id})).first()


async def is_closed(session: Session, case_id: UUID) -> bool:
    return await closure_of(session, case_id) is not None


async def reopenings_after(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[Reopening]:
    """Up to `limit` + 1 closures of the case that count no more, oldest first."""
    rows = select(Reopening).where(Reopening.case_id == case_id).order_by(col(Reopening.id))
    if after is not None:
        rows = rows.where(col(Reopening.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
