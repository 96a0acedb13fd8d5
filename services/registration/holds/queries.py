"""Reads of holds."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.registration.holds.models import Hold
from shared.database import Session

__all__ = ["Hold", "due_holds", "held_in", "holds_of", "open_holds"]


# Built once: making a statement anew costs twice what asking it does.
_OPEN = (
    select(Hold)
    .where(col(Hold.case_id).in_(bindparam("cases", expanding=True)), col(Hold.released_at).is_(None))
    .order_by(col(Hold.id))
)


async def open_holds(session: Session, case_ids: Iterable[UUID]) -> Sequence[Hold]:
    """Holds of these cases that are not released, in one query."""
    return (await session.exec(_OPEN, params={"cases": list(case_ids)})).all()


async def due_holds(session: Session, before: date, reasons: Iterable[str], limit: int) -> Sequence[Hold]:
    """Open holds for these reasons that were to last until a day before that one, those first that are longest due."""
    rows = select(Hold).where(
        col(Hold.until) < before, col(Hold.released_at).is_(None), col(Hold.reason).in_(list(reasons))
    )
    return (await session.exec(rows.order_by(col(Hold.until), col(Hold.id)).limit(limit))).all()


async def held_in(session: Session, case_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(case, individual) of everyone whom an open hold covers."""
    return {(hold.case_id, one) for hold in await open_holds(session, case_ids) for one in hold.individuals}


async def holds_of(session: Session, case_id: UUID) -> Sequence[Hold]:
    """All holds of a case, newest first."""
    return (await session.exec(select(Hold).where(Hold.case_id == case_id).order_by(col(Hold.id).desc()))).all()
