"""Reads of head counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.registration.headcounts.models import Headcount
from shared.database import Session
from shared.pagination import exactly

__all__ = [
    "Headcount",
    "corrections_of",
    "counts_between",
    "counts_since_the_one_before",
    "last_count_between",
    "latest_count",
    "list_rows",
]


async def list_rows(session: Session, site_id: UUID, *, before: UUID | None, limit: int) -> Sequence[Headcount]:
    """As they were recorded, newest first; one more than `limit` where more follow."""
    rows = select(Headcount).where(exactly(col(Headcount.site_id), site_id))
    if before is not None:
        rows = rows.where(col(Headcount.id) < before)
    rows = rows.order_by(col(Headcount.site_id).desc(), col(Headcount.id).desc()).limit(limit + 1)
    return (await session.exec(rows)).all()


async def corrections_of(session: Session, counts: Sequence[Headcount]) -> dict[UUID, UUID]:
    """Which counts took the place of these, by the id of the wrong one."""
    rows = select(Headcount.corrects, Headcount.id).where(col(Headcount.corrects).in_([each.id for each in counts]))
    return {wrong: right for wrong, right in (await session.exec(rows)).all() if wrong is not None}


def _standing() -> SelectOfScalar[Headcount]:
    """Counts that no other took the place of."""
    replaced = select(Headcount.corrects).where(col(Headcount.corrects).is_not(None))
    return select(Headcount).where(col(Headcount.id).not_in(replaced))


async def latest_count(session: Session, site_id: UUID, until: datetime) -> Headcount | None:
    """The last count of the site that stands, of a moment no later than `until`."""
    rows = _standing().where(Headcount.site_id == site_id, col(Headcount.occurred_at) <= until)
    rows = rows.order_by(col(Headcount.occurred_at).desc(), col(Headcount.id).desc()).limit(1)
    return (await session.exec(rows)).first()


async def counts_between(
    session: Session, site_id: UUID, since: datetime, until: datetime, limit: int
) -> Sequence[Headcount]:
    """The counts that stand, from `since` and before `until`, in the order of their moments; one more than `limit`
    where more follow."""
    rows = _standing_between(site_id, since, until)
    rows = rows.order_by(col(Headcount.occurred_at), col(Headcount.id)).limit(limit + 1)
    return (await session.exec(rows)).all()


async def last_count_between(session: Session, site_id: UUID, since: datetime, until: datetime) -> Headcount | None:
    """The last of those counts."""
    rows = _standing_between(site_id, since, until)
    rows = rows.order_by(col(Headcount.occurred_at).desc(), col(Headcount.id).desc()).limit(1)
    return (await session.exec(rows)).first()


def _standing_between(site_id: UUID, since: datetime, until: datetime) -> SelectOfScalar[Headcount]:
    return _standing().where(
        Headcount.site_id == site_id, col(Headcount.occurred_at) >= since, col(Headcount.occurred_at) < until
    )


def counts_since_the_one_before(site_id: UUID, since: datetime, until: datetime) -> Select[Any]:
    """A SELECT of the same counts, as (id, occurred_at, before): the moment of the count and of the one before it."""
    counts = _standing_between(site_id, since, until).subquery()
    order = (counts.c.occurred_at, counts.c.id)
    before = func.lag(counts.c.occurred_at).over(order_by=order).label("before")
    found: Select[Any] = Select(counts.c.id, counts.c.occurred_at, before)
    return found
