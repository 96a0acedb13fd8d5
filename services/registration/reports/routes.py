"""Routes of reports."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.registration.reports.queries import count_returns
from services.registration.reports.rules import DEFINITION, shown_count
from services.registration.reports.schemas import CategoryCount, VulnerabilityReport
from services.registration.vulnerabilities.rules import Category
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import AwareTime, BusinessDate
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["reports"])
READERS = (Role.PROTECTION, Role.PROGRAMME_OFFICER, Role.AUDITOR)


@router.get("/reports/returns-by-vulnerability", dependencies=[allow(*READERS)])
async def report_returns_by_vulnerability(
    call: Call,
    since: Annotated[BusinessDate, Query(description="The first day")],
    as_of: Annotated[BusinessDate, Query(description="The last day")],
    known_at: Annotated[AwareTime | None, Query(description="As it was known then; now if left out")] = None,
) -> VulnerabilityReport:
    """Returns by category of vulnerability; cells under five are suppressed."""
    known = known_at or call.act.now
    total, found, position = await count_returns(call.session, since, as_of, known)
    items = []
    for category in Category:
        people = shown_count(found.get(category, 0))
        items.append(CategoryCount(category=category, people=people, suppressed=people is None))
    return VulnerabilityReport(
        definition=DEFINITION,
        since=since,
        as_of=as_of,
        known_at=known,
        position=position,
        people=shown_count(total),
        items=items,
    )
