"""Reads of restrictions."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.eligibility.programmes.queries import change_rules
from services.eligibility.restrictions.models import Restriction
from shared.concurrency import locked
from shared.database import Session
from shared.problems import NotFound

# Built once: making a statement anew costs twice what asking it does.
_ON = (
    select(Restriction)
    .where(col(Restriction.country).in_(bindparam("countries", expanding=True)))
    .order_by(col(Restriction.id))
)


async def restrictions_on(session: Session, countries: Collection[str]) -> Sequence[Restriction]:
    """Every restriction ever set on these countries; which are in force is asked of `is_in_force`."""
    return (await session.exec(_ON, params={"countries": list(countries)})).all()


async def list_of_restrictions(
    session: Session, country: str | None, after: UUID | None, limit: int
) -> Sequence[Restriction]:
    """One more than `limit`, by id."""
    rows = select(Restriction).order_by(col(Restriction.id)).limit(limit + 1)
    if country is not None:
        rows = rows.where(Restriction.country == country)
    if after is not None:
        rows = rows.where(col(Restriction.id) > after)
    return (await session.exec(rows)).all()


async def locked_restriction(session: Session, restriction_id: UUID) -> Restriction:
    """The restriction under lock, the rules kept from being used meanwhile. Raises `NotFound`."""
    await change_rules(session)
    row = await locked(session, Restriction, restriction_id)
    if row is None:
        raise NotFound("restriction")
    return row


async def restriction_of_id(session: Session, restriction_id: UUID) -> Restriction:
    """Raises `NotFound`."""
    row = await session.get(Restriction, restriction_id)
    if row is None:
        raise NotFound("restriction")
    return row
