"""Routes of reports."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.registration.reckoning.queries import last_position
from services.registration.reckoning.rules import check_position
from services.registration.reports import actions
from services.registration.reports.queries import count_returns, editions_after
from services.registration.reports.rules import DEFINITION, check_editions, check_period, shown_cell, told_count
from services.registration.reports.schemas import CategoryCount, EditionAnswer, VulnerabilityReport
from services.registration.vulnerabilities.rules import Category
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import BusinessDate
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["reports"])
READERS = (Role.PROTECTION, Role.PROGRAMME_OFFICER, Role.AUDITOR)


@router.post("/report-editions", dependencies=[allow(Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER)])
async def make_report_edition(call: Call) -> EditionAnswer:
    """The edition of this month, from what is known by now: reports are given of what an edition knew, and a month has
    one. In production the worker makes it at its first look in a month; in development who asks here does."""
    edition = await actions.make_report_edition(call.session, call.act)
    return EditionAnswer(month=edition.month, as_known_at=edition.position, made_at=edition.made_at)


@router.get("/reports/returns-by-vulnerability", dependencies=[allow(*READERS)])
async def report_returns_by_vulnerability(
    call: Call,
    since: Annotated[BusinessDate, Query(description="The first day of a month, or of a year")],
    as_of: Annotated[BusinessDate, Query(description="The last day of that month, or of that year")],
    as_known_at: Annotated[
        int | None, Query(ge=0, description="A position that an earlier report named; the newest edition if left out")
    ] = None,
) -> VulnerabilityReport:
    """Returns of a month or a year by category of vulnerability, as the newest edition knew them. Cells under five are
    suppressed, and of a year those that would tell a suppressed month; two editions differ by five or not at all."""
    months = check_period(since, as_of, call.act.today)
    check_position(as_known_at, await last_position(call.session))
    editions = check_editions(await editions_after(call.session, since), as_of, as_known_at)
    told: dict[str | None, list[int]] = {each: [] for each in (None, *Category)}
    for month in months:
        found = await count_returns(call.session, month, after := [each for each in editions if each[0] > month[1]])
        for category, each in told.items():
            each.append(told_count(found.get(category, [0] * len(after))))
    items = []
    for category in Category:
        people = shown_cell(told[category])
        items.append(CategoryCount(category=category, people=people, suppressed=people is None))
    return VulnerabilityReport(
        definition=DEFINITION,
        since=since,
        as_of=as_of,
        as_known_at=editions[-1][1],
        people=shown_cell(told[None]),
        items=items,
    )
