"""Reads of reports: counted in the database, two queries a month whatever the number of people and of editions."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel import select as select_rows

from services.registration.duplicates.queries import PeopleLink
from services.registration.facts.queries import PassageFact
from services.registration.reckoning.queries import known_by
from services.registration.reckoning.rules import What
from services.registration.reports.models import ReportEdition
from services.registration.vulnerabilities.queries import VulnerabilityCategory
from shared.database import Session, core


async def last_edition(session: Session) -> ReportEdition | None:
    return (await session.exec(select_rows(ReportEdition).order_by(col(ReportEdition.month).desc()).limit(1))).first()


async def editions_after(session: Session, day: date) -> list[tuple[date, int]]:
    """Month and position of those made in a month that begins after that day, in their order."""
    rows = select_rows(ReportEdition).where(col(ReportEdition.month) > day).order_by(col(ReportEdition.month))
    return [(row.month, row.position) for row in (await session.exec(rows)).all()]


async def count_returns(
    session: Session, month: tuple[date, date], editions: Sequence[tuple[date, int]]
) -> dict[str | None, list[int]]:
    """How many people departed in that month (of UTC) and were let in, by category, and under None how many in all: a
    number for each edition, in their order, by what was known here at its position."""
    edition = col(ReportEdition.month)
    position: Any = col(ReportEdition.position)
    # Two records of one person count as one: the one that stands.
    link = and_(
        col(PeopleLink.duplicate_id) == col(PassageFact.individual_id),
        known_by(What.LINK, col(PeopleLink.id), position),
        not_(known_by(What.UNLINK, col(PeopleLink.id), position)),
    )
    person = func.coalesce(col(PeopleLink.stands_id), col(PassageFact.individual_id))
    asked = and_(edition.in_([month for month, _ in editions]), _left(*month, position))
    people: Any = select(edition, func.count(person.distinct())).select_from(PassageFact).join(ReportEdition, true())
    people = people.outerjoin(PeopleLink, link).where(asked).group_by(edition)
    rows: Any = (await core(session, people)).all()
    found: dict[tuple[str | None, date], int] = {(None, at): count for at, count in rows}
    recorded = and_(
        col(VulnerabilityCategory.individual_id) == col(PassageFact.individual_id),
        known_by(What.ASSESSMENT, col(VulnerabilityCategory.assessment_id), position),
    )
    category = col(VulnerabilityCategory.category)
    counted: Any = select(category, edition, func.count(person.distinct())).select_from(PassageFact)
    counted = counted.join(ReportEdition, true()).join(VulnerabilityCategory, recorded).outerjoin(PeopleLink, link)
    rows = (await core(session, counted.where(asked).group_by(category, edition))).all()
    found |= {(each, at): count for each, at, count in rows}
    return {each: [found.get((each, at), 0) for at, _ in editions] for each in (None, *{key for key, _ in found})}


def _left(since: date, as_of: date, position: Any) -> ColumnElement[bool]:
    """Who departed, but for those of whom it was known by then that they were not admitted: travel counts the same."""
    begin, end = (datetime.combine(day, time(), UTC) for day in (since, as_of + timedelta(days=1)))
    refused: Any = aliased(PassageFact)
    turned_away = select(refused.event_id).where(
        refused.individual_id == col(PassageFact.individual_id),
        refused.flight_id == col(PassageFact.flight_id),
        # Named so that rows are looked for by the index of a case's facts.
        refused.case_id == col(PassageFact.case_id),
        refused.kind == "not_admitted",
        known_by(What.PASSAGE, refused.event_id, position),
    )
    return and_(
        col(PassageFact.kind) == "departed",
        col(PassageFact.at) >= begin,
        col(PassageFact.at) < end,
        known_by(What.PASSAGE, col(PassageFact.event_id), position),
        not_(turned_away.exists()),
    )
