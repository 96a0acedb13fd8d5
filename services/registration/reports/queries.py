"""Reads of reports: counted in the database, two queries whatever the number of people."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from services.registration.duplicates.queries import PeopleLink
from services.registration.facts.queries import PassageFact
from services.registration.reckoning.queries import known_by
from services.registration.reckoning.rules import What
from services.registration.vulnerabilities.queries import VulnerabilityCategory
from shared.database import Session, core


async def count_returns(session: Session, since: date, as_of: date, position: int) -> tuple[int, dict[str, int]]:
    """How many people departed in those days (of UTC) and were let in, and how many of each category: by what was
    known here at that position."""
    left = _left(since, as_of, position)
    # Two records of one person count as one: the one that stands.
    link = and_(
        col(PeopleLink.duplicate_id) == col(PassageFact.individual_id),
        known_by(What.LINK, col(PeopleLink.id), position),
        not_(known_by(What.UNLINK, col(PeopleLink.id), position)),
    )
    person = func.coalesce(col(PeopleLink.stands_id), col(PassageFact.individual_id))
    people: Any = select(func.count(person.distinct())).select_from(PassageFact).outerjoin(PeopleLink, link)
    total = (await core(session, people.where(left))).scalar_one()
    found = and_(
        col(VulnerabilityCategory.individual_id) == col(PassageFact.individual_id),
        known_by(What.ASSESSMENT, col(VulnerabilityCategory.assessment_id), position),
    )
    counted: Any = select(col(VulnerabilityCategory.category), func.count(person.distinct())).select_from(PassageFact)
    counted = counted.join(VulnerabilityCategory, found).outerjoin(PeopleLink, link).where(left)
    rows: Any = (await core(session, counted.group_by(col(VulnerabilityCategory.category)))).all()
    return total, {category: count for category, count in rows}


def _left(since: date, as_of: date, position: int) -> ColumnElement[bool]:
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
