"""Assessments of skills and needs."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.assessments import actions
from services.reintegration.assessments.models import Assessment
from services.reintegration.assessments.queries import assessments_after
from services.reintegration.assessments.schemas import AssessmentAnswer, AssessmentBody
from services.reintegration.cases.queries import case_of, locked_case
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["assessments"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.COUNSELLOR)


@router.post("/cases/{case_id}/assessments", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def record_assessment(case_id: UUID, body: AssessmentBody, call: Call) -> AssessmentAnswer:
    """What one individual can and needs; once the case is expected."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    row = await actions.record_assessment(call.session, call.act, case, body)
    return _shown(row)


@router.get("/cases/{case_id}/assessments", dependencies=[READERS])
async def list_assessments(
    case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> Page[AssessmentAnswer]:
    """The case's assessments, oldest record first."""
    await case_of(call.session, case_id)
    return page(await assessments_after(call.session, case_id, after(cursor), limit), limit, _shown)


def _shown(row: Assessment) -> AssessmentAnswer:
    return AssessmentAnswer.model_validate({**row.model_dump(), "assessment_id": row.id})
