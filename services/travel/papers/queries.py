"""Reading rules on papers."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.travel.papers.models import PaperRule
from services.travel.papers.rules import Asked, Document, Journey, Stop, papers_missing, papers_relied_on
from shared.database import Session

__all__ = ["Document", "Journey", "Stop", "asked_in", "paper_rules", "papers_missing", "papers_relied_on"]


# Built once: making a statement anew costs twice what asking it does.
_RULES = (
    select(PaperRule)
    .where(col(PaperRule.country).in_(bindparam("countries", expanding=True)))
    .order_by(col(PaperRule.id))
)


async def asked_in(session: Session, countries: Iterable[str]) -> tuple[Asked, ...]:
    """Every rule of these countries, whatever its dates."""
    return tuple(
        Asked(
            country=rule.country,
            applies=rule.applies,
            document=rule.document,
            nationalities=None if rule.nationalities is None else frozenset(rule.nationalities),
            valid_from=rule.valid_from,
            valid_until=rule.valid_until,
            airport=rule.airport,
            longer_than_hours=rule.longer_than_hours,
        )
        for rule in (await session.exec(_RULES, params={"countries": sorted(set(countries))})).all()
    )


async def paper_rules(session: Session, country: str | None, after: UUID | None, limit: int) -> Sequence[PaperRule]:
    """By id; one more than `limit`, to see whether more follow."""
    rows = select(PaperRule).order_by(col(PaperRule.id)).limit(limit + 1)
    if country is not None:
        rows = rows.where(col(PaperRule.country) == country)
    if after is not None:
        rows = rows.where(col(PaperRule.id) > after)
    return (await session.exec(rows)).all()
