"""Routes of reports."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.registration.reckoning.queries import last_position
from services.registration.reckoning.rules import check_position
from services.registration.reports.queries import count_returns
from services.registration.reports.rules import DEFINITION, check_period, shown_cell
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
    since: Annotated[BusinessDate, Query(description="The first day of a month, or of a year")],
    as_of: Annotated[BusinessDate, Query(description="The last day of that month, or of that year")],
    as_known_at: Annotated[
        int | None, Query(ge=0, description="A position that an earlier report named; as known now if left out")
    ] = None,
) -> VulnerabilityReport:
    """Returns of a month or a year by category of vulnerability; cells under five are suppressed, and of a year those
    that would tell a suppressed month."""
    months = check_period(since, as_of, call.act.today)
    position = check_position(as_known_at, await last_position(call.session))
    total, found = await count_returns(call.session, since, as_of, position)
    monthly = [await count_returns(call.session, *month, position) for month in months]
    items = []
    for category in Category:
        people = shown_cell(found.get(category, 0), [each.get(category, 0) for _, each in monthly])
        items.append(CategoryCount(category=category, people=people, suppressed=people is None))
    return VulnerabilityReport(
        definition=DEFINITION,
        since=since,
        as_of=as_of,
        as_known_at=position,
        people=shown_cell(total, [each for each, _ in monthly]),
        items=items,
    )
