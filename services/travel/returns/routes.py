"""Reports of returns: counted as of a day, as known at a moment."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.travel.flights.queries import AirportCode
from services.travel.returns import actions
from services.travel.returns.queries import Asked
from services.travel.returns.rules import By
from services.travel.returns.schemas import PlannedReport, ReturnsReport
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import BusinessDate
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["reports"])
READERS = allow(Role.TRAVEL_OFFICER, Role.AIRPORT_DESK, Role.PROGRAMME_OFFICER, Role.AUDITOR)
Position = Annotated[int | None, Query(ge=0, description="A position that an earlier report named.")]
Kind = Annotated[str | None, Query(pattern="^(commercial|charter)$")]
Public = Annotated[bool, Query(description="Of a whole month or year, cells with fewer than five persons hidden.")]


@router.get("/reports/returns", dependencies=[READERS])
async def report_returns(
    call: Call,
    since: BusinessDate,
    as_of: BusinessDate,
    by: By | None = None,
    from_airport: AirportCode | None = None,
    site: UUID | None = None,
    flight_kind: Kind = None,
    as_known_at: Position = None,
    public: Public = False,
) -> ReturnsReport:
    """How many returned, with the definition, the day it is as of, and the position at which it was known."""
    asked = Asked(since, as_of, 0, from_airport, site, flight_kind)
    return await actions.report_returns(call.session, asked, by, as_known_at, public=call.act.today if public else None)


@router.get("/reports/planned", dependencies=[READERS])
async def report_planned(call: Call, days: Annotated[int, Query(ge=0, le=62)] = 7) -> PlannedReport:
    """Seats still planned in the coming days, flight by flight."""
    return await actions.report_planned(call.session, call.act, days)
