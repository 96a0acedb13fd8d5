"""What a donor is told."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.reintegration.reports import actions
from services.reintegration.reports.schemas import DonorReport
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import BusinessDate
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["reports"])
Position = Annotated[int | None, Query(ge=0, description="A position that an earlier report named.")]


@router.get(
    "/reports/donor",
    dependencies=[allow(Role.PROGRAMME_OFFICER, Role.APPROVER, Role.FINANCE, Role.AUDITOR)],
)
async def report_to_donor(
    call: Call,
    project: Annotated[str, Query(min_length=1, max_length=40)],
    since: BusinessDate,
    until: BusinessDate,
    as_known_at: Position = None,
) -> DonorReport:
    """Money by budget line, people and activities apart, as known now or as known at an earlier report."""
    return await actions.report_to_donor(call.session, project, since, until, as_known_at)
