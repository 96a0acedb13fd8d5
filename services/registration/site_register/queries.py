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
from services.registration.site_register.rules import Moved
from shared.database import Session, core
from shared.pagination import exactly


async def list_rows(session: Session, site_id: UUID, *, before: UUID | None, limit: int) -> Sequence[SiteMovement]:
    """As they were recorded, newest first; one more than `limit` where more follow."""
    rows = select(SiteMovement).where(exactly(col(SiteMovement.site_id), site_id))
    if before is not None:
        rows = rows.where(col(SiteMovement.id) < before)
    rows = rows.order_by(col(SiteMovement.site_id).desc(), col(SiteMovement.id).desc()).limit(limit + 1)
    return (await session.exec(rows)).all()


async def moved_between_counts(session: Session, site_id: UUID, since: datetime, until: datetime) -> list[Moved]:
    """For each count of the period but the first: what moved since the count before, by reason, in and out apart. What
    was taken back counts with its sign turned, so that it cancels out where it was."""
    counts = counts_since_the_one_before(site_id, since, until).subquery()
    moved: Any = SiteMovement
    inward = (moved.change > 0) == moved.reverses.is_(None)
    rows = (
        select_columns(counts.c.id, moved.reason, inward, func.sum(moved.change))
        .join_from(
            counts,
            moved,
            (moved.site_id == site_id)
            & (moved.occurred_at > counts.c.before)
            & (moved.occurred_at <= counts.c.occurred_at),
        )
        .group_by(counts.c.id, moved.reason, inward)
    )
    found: list[Any] = list((await core(session, rows)).all())
    return [Moved(count_id, reason, bool(came), int(change)) for count_id, reason, came, change in found]


async def moved_in_all(session: Session, site_id: UUID, after: datetime, until: datetime) -> int:
    """By how many people the register says the site has more (or, negative, fewer) than at the moment `after`: summed
    by the database, however many the entries."""
    moved: Any = SiteMovement
    rows = select_columns(func.coalesce(func.sum(moved.change), 0)).where(
        moved.site_id == site_id, moved.occurred_at > after, moved.occurred_at <= until
    )
    return int((await core(session, rows)).scalar_one())
