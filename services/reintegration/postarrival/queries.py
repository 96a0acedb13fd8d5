"""Reads of help right after the arrival."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.postarrival.models import PostArrivalHelp
from shared.database import Session

__all__ = ["PostArrivalHelp", "help_after"]


async def help_after(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[PostArrivalHelp]:
    """Up to `limit` + 1 of the case in the order in which they were recorded."""
    rows = select(PostArrivalHelp).where(PostArrivalHelp.case_id == case_id).order_by(col(PostArrivalHelp.id))
    if after is not None:
        rows = rows.where(col(PostArrivalHelp.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
