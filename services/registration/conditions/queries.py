"""Reads of what sites offer."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.registration.conditions.models import SiteCondition
from shared.database import Session


async def last_measured(session: Session, site_id: UUID, until: datetime) -> tuple[int | None, int | None, int | None]:
    """Covered area, water and latrines, each as it was last measured no later than `until`; None for never."""
    found: list[int | None] = []
    for column in (SiteCondition.covered_m2, SiteCondition.water_litres_per_day, SiteCondition.latrines):
        rows = select(column).where(
            SiteCondition.site_id == site_id, col(SiteCondition.occurred_at) <= until, col(column).is_not(None)
        )
        rows = rows.order_by(col(SiteCondition.occurred_at).desc(), col(SiteCondition.id).desc()).limit(1)
        found.append((await session.exec(rows)).first())
    return found[0], found[1], found[2]
