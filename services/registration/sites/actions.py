"""Verbs of sites."""

from sqlmodel import select

from services.registration.sites.models import Site
from services.registration.sites.rules import SiteCodeTaken
from services.registration.sites.schemas import SiteBody
from shared.act import Act
from shared.database import Session, new_id


async def register_site(session: Session, act: Act, body: SiteBody) -> Site:
    """Raises `SiteCodeTaken`."""
    if (await session.exec(select(Site.id).where(Site.code == body.code))).first() is not None:
        raise SiteCodeTaken()
    site = Site(id=new_id(), made_at=act.now, made_by=act.by, **body.model_dump())
    session.add(site)
    return site
