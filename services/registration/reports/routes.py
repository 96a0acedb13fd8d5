"""Routes of reports."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.registration.reckoning.queries import last_position
from services.registration.reckoning.rules import check_position
from services.registration.reports.queries import count_returns
from services.registration.reports.rules import DEFINITION, check_days, shown_count
from services.registration.reports.schemas import CategoryCount, VulnerabilityReport
from services.registration.vulnerabilities.rules import Category
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import BusinessDate
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["reports"])
READERS = (Role.PROTECTION, Role.PROGRAMME_OFFICER, Role.AUDITOR)


@router.get("/reports/returns-by-vulnerability", dependencies=[allow(*READERS)])
async def report_returns_by_vulnerability(
    call: Call,
    since: Annotated[BusinessDate, Query(description="The first day")],
    as_of: Annotated[BusinessDate, Query(description="The last day")],
    as_known_at: Annotated[
        int | None, Query(ge=0, description="A position that an earlier report named; as known now if left out")
    ] = None,
) -> VulnerabilityReport:
    """Returns by category of vulnerability; cells under five are suppressed."""
    check_days(since, as_of)
    position = check_position(as_known_at, await last_position(call.session))
    total, found = await count_returns(call.session, since, as_of, position)
    items = []
    for category in Category:
        people = shown_count(found.get(category, 0))
        items.append(CategoryCount(category=category, people=people, suppressed=people is None))
    return VulnerabilityReport(
        definition=DEFINITION,
        since=since,
        as_of=as_of,
        as_known_at=position,
        people=shown_count(total),
        items=items,
    )
