"""The table of what became known here."""

from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from services.registration.reckoning.rules import What
from services.registration.tables import Base, one_of

_WAITS = text("position IS NULL")


class Reckoned(Base, table=True):
    """Written with what it is about, and kept through a rebuild: a report that was given can be given again.
    `position`: its place among all of them, given once it is committed; until then it is in no report."""

    __tablename__ = "reckoned"
    __table_args__ = (
        one_of("what", What),
        Index("ix_reckoned_waits", "what", "about", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    what: str = Field(primary_key=True)
    about: UUID = Field(primary_key=True)
    position: int | None = Field(default=None, unique=True, sa_type=BigInteger)
