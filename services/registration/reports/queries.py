"""Reads of reports: counted in the database, three queries whatever the number of people."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import col

from services.registration.duplicates.queries import PeopleLink
from services.registration.facts.queries import JourneyLine, PassageFact
from services.registration.vulnerabilities.queries import VulnerabilityCategory
from shared.database import Session, core


async def count_returns(
    session: Session, since: date, as_of: date, known_at: datetime
) -> tuple[int, dict[str, int], int | None]:
    """How many people departed in those days (of UTC), how many of each category, and the last position of travel."""
    begin, end = (datetime.combine(day, time(), UTC) for day in (since, as_of + timedelta(days=1)))
    left = and_(
        col(PassageFact.kind) == "departed",
        col(PassageFact.at) >= begin,
        col(PassageFact.at) < end,
        col(PassageFact.recorded_at) <= known_at,
    )
    # Two records of one person count as one: the one that stands.
    link = and_(
        col(PeopleLink.duplicate_id) == col(PassageFact.individual_id),
        col(PeopleLink.linked_at) <= known_at,
        col(PeopleLink.undone_at).is_(None) | (col(PeopleLink.undone_at) > known_at),
    )
    person = func.coalesce(col(PeopleLink.stands_id), col(PassageFact.individual_id))
    people: Any = select(func.count(person.distinct())).select_from(PassageFact).outerjoin(PeopleLink, link)
    total = (await core(session, people.where(left))).scalar_one()
    found = and_(
        col(VulnerabilityCategory.individual_id) == col(PassageFact.individual_id),
        col(VulnerabilityCategory.recorded_at) <= known_at,
    )
    counted: Any = select(col(VulnerabilityCategory.category), func.count(person.distinct())).select_from(PassageFact)
    counted = counted.join(VulnerabilityCategory, found).outerjoin(PeopleLink, link).where(left)
    rows: Any = (await core(session, counted.group_by(col(VulnerabilityCategory.category)))).all()
    last: Any = select(func.max(col(JourneyLine.position))).select_from(PassageFact)
    last = last.join(JourneyLine, col(JourneyLine.event_id) == col(PassageFact.event_id)).where(left)
    return total, {category: count for category, count in rows}, (await core(session, last)).scalar_one()
