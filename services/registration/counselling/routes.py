"""Routes of counselling."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import open_file, read_file
from services.registration.counselling import actions
from services.registration.counselling.queries import sessions_of
from services.registration.counselling.schemas import CounsellingAnswer, CounsellingBody, CounsellingList
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["counselling"])
COUNSELLORS = (Role.COUNSELLOR, Role.REGISTRATION_OFFICER)


@router.post("/cases/{case_id}/counselling-sessions", status_code=201, dependencies=[allow(*COUNSELLORS)])
async def record_counselling(case_id: UUID, body: CounsellingBody, call: Call) -> CounsellingAnswer:
    """Records a counselling session, in a language of everyone there or with an interpreter."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    held = await actions.record_counselling(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return CounsellingAnswer.model_validate(held)


@router.get(
    "/cases/{case_id}/counselling-sessions",
    dependencies=[allow(*COUNSELLORS, Role.PROTECTION, Role.MEDICAL, Role.AUDITOR)],
)
async def list_counselling(case_id: UUID, call: Call) -> CounsellingList:
    """The counselling sessions of a case, oldest first."""
    await read_file(call.session, case_id)
    rows = await sessions_of(call.session, case_id)
    return CounsellingList(items=[CounsellingAnswer.model_validate(row) for row in rows])
