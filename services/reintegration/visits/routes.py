"""Monitoring visits of a case."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.queries import case_of, locked_case
from services.reintegration.visits import actions
from services.reintegration.visits.models import Visit
from services.reintegration.visits.queries import visits_after
from services.reintegration.visits.schemas import VisitAnswer, VisitBody
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["visits"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.COUNSELLOR, Role.AUDITOR)
READ_FINDINGS = {Role.REINTEGRATION_OFFICER, Role.APPROVER}


@router.post("/cases/{case_id}/visits", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def record_visit(case_id: UUID, body: VisitBody, call: Call) -> VisitAnswer:
    """Records a monitoring visit after the arrival."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    visit = await actions.record_visit(call.session, call.act, case, body)
    return _shown(visit, call)


@router.get("/cases/{case_id}/visits", dependencies=[READERS])
async def list_visits(case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[VisitAnswer]:
    """The case's visits, oldest record first. What was found is for those who work with the case."""
    await case_of(call.session, case_id)
    rows = await visits_after(call.session, case_id, after(cursor), limit)
    return page(rows, limit, lambda row: _shown(row, call))


def _shown(row: Visit, call: CallState) -> VisitAnswer:
    return VisitAnswer(
        visit_id=row.id,
        case_id=row.case_id,
        made_on=row.made_on,
        kind=row.kind,
        individuals=[UUID(each) for each in row.individuals],
        findings=None if READ_FINDINGS.isdisjoint(call.principal.roles) else row.findings,
        next_due=row.next_due,
        made_by=row.made_by,
        recorded_at=row.recorded_at,
    )
