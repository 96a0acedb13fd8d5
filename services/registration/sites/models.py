"""The table of sites. A site is made once and not changed yet, so it has no version."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from services.registration.sites.rules import SiteKind
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime


class Site(Base, table=True):
    __tablename__ = "site"
    __table_args__ = (one_of("kind", SiteKind),)

    id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    name: str
    kind: str
    country: str
    area: str
    place: str | None = None
    managing_agency: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str
