"""Reads of outreach."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.outreach.models import InformationSession, OutreachVisit
from shared.database import Session


async def visits_before(session: Session, site_id: UUID, before: UUID | None, limit: int) -> Sequence[OutreachVisit]:
    """Up to `limit` + 1, newest first."""
    rows = select(OutreachVisit).where(OutreachVisit.site_id == site_id).order_by(col(OutreachVisit.id).desc())
    if before is not None:
        rows = rows.where(col(OutreachVisit.id) < before)
    return (await session.exec(rows.limit(limit + 1))).all()


async def sessions_before(
    session: Session, site_id: UUID, before: UUID | None, limit: int
) -> Sequence[InformationSession]:
    """Up to `limit` + 1, newest first."""
    rows = select(InformationSession).where(InformationSession.site_id == site_id)
    rows = rows.order_by(col(InformationSession.id).desc())
    if before is not None:
        rows = rows.where(col(InformationSession.id) < before)
    return (await session.exec(rows.limit(limit + 1))).all()
