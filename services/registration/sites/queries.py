"""Reads of sites."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.sites.models import Site
from services.registration.sites.rules import SiteUnknown
from shared.database import Session
from shared.problems import NotFound


async def list_rows(session: Session, *, before: UUID | None, limit: int) -> Sequence[Site]:
    """Newest first, one more than `limit` where more follow."""
    rows = select(Site).order_by(col(Site.id).desc()).limit(limit + 1)
    if before is not None:
        rows = rows.where(col(Site.id) < before)
    return (await session.exec(rows)).all()


async def read_existing(session: Session, site_id: UUID) -> Site:
    """Raises `NotFound`."""
    site = await session.get(Site, site_id)
    if site is None:
        raise NotFound("site")
    return site


async def check_site(session: Session, site_id: UUID | None) -> None:
    """Raises `SiteUnknown`."""
    if site_id is not None and await session.get(Site, site_id) is None:
        raise SiteUnknown()
