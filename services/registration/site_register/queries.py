"""Reads of the register."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from services.registration.headcounts.queries import counts_since_the_one_before
from services.registration.site_register.models import SiteMovement
from shared.database import Session, core
from shared.pagination import exactly


async def list_rows(session: Session, site_id: UUID, *, before: UUID | None, limit: int) -> Sequence[SiteMovement]:
    """As they were recorded, newest first; one more than `limit` where more follow."""
    rows = select(SiteMovement).where(exactly(col(SiteMovement.site_id), site_id))
    if before is not None:
        rows = rows.where(col(SiteMovement.id) < before)
    rows = rows.order_by(col(SiteMovement.site_id).desc(), col(SiteMovement.id).desc()).limit(limit + 1)
    return (await session.exec(rows)).all()


async def moved_between_counts(
    session: Session, site_id: UUID, since: datetime, until: datetime
) -> list[tuple[UUID, str, int]]:
    """For each count of the period but the first: its id, a reason, and the sum of what moved since the count before,
    in and out apart. What was taken back counts with its sign turned, so that it cancels out."""
    counts = counts_since_the_one_before(site_id, since, until).subquery()
    moved: Any = SiteMovement
    rows = (
        select_columns(counts.c.id, moved.reason, func.sum(moved.change))
        .join_from(
            counts,
            moved,
            (moved.site_id == site_id)
            & (moved.occurred_at > counts.c.before)
            & (moved.occurred_at <= counts.c.occurred_at),
        )
        .group_by(counts.c.id, moved.reason)
    )
    found: list[Any] = list((await core(session, rows)).all())
    return [(count_id, reason, int(change)) for count_id, reason, change in found]
