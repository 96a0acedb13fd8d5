"""Counselling sessions of a case."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.queries import case_of, locked_case
from services.reintegration.counselling import actions
from services.reintegration.counselling.models import CounsellingSession
from services.reintegration.counselling.queries import sessions_after
from services.reintegration.counselling.schemas import CounsellingSessionAnswer, CounsellingSessionBody
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["counselling"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.COUNSELLOR, Role.AUDITOR)


@router.post("/cases/{case_id}/counselling-sessions", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def record_counselling_session(
    case_id: UUID, body: CounsellingSessionBody, call: Call
) -> CounsellingSessionAnswer:
    """Records a talk about the time after return; once the case is expected."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    row = await actions.record_counselling_session(call.session, call.act, case, body)
    return _shown(row)


@router.get("/cases/{case_id}/counselling-sessions", dependencies=[READERS])
async def list_counselling_sessions(
    case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> Page[CounsellingSessionAnswer]:
    """The case's talks, oldest record first."""
    await case_of(call.session, case_id)
    return page(await sessions_after(call.session, case_id, after(cursor), limit), limit, _shown)


def _shown(row: CounsellingSession) -> CounsellingSessionAnswer:
    return CounsellingSessionAnswer(
        session_id=row.id,
        case_id=row.case_id,
        individuals=[UUID(each) for each in row.individuals],
        language=row.language,
        interpreter=row.interpreter,
        topics=row.topics,
        held_on=row.held_on,
        held_by=row.held_by,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
    )
