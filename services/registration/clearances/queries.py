"""Reads of clearances."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.registration.clearances.models import Clearance, ClearedPassenger
from shared.database import Session

__all__ = ["Clearance", "ClearedPassenger", "closing_times", "standing_clearances"]


async def standing_clearances(session: Session, individuals: Iterable[UUID]) -> set[UUID]:
    """Those of the individuals who are cleared for some flight, in whatever case, and neither left nor stayed."""
    rows = select(ClearedPassenger.individual_id).where(
        col(ClearedPassenger.individual_id).in_(list(individuals)),
        col(ClearedPassenger.reason).is_(None),
        col(ClearedPassenger.released_at).is_(None),
        col(ClearedPassenger.departed_at).is_(None),
    )
    return set((await session.exec(rows)).all())


async def closing_times(session: Session, clearance_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When the doors closed, by clearance."""
    rows = select(Clearance.id, Clearance.closing_at).where(col(Clearance.id).in_(list(clearance_ids)))
    return {clearance: at for clearance, at in (await session.exec(rows)).all()}
