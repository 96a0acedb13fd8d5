"""Routes of corrections."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import open_file, read_file
from services.registration.corrections import actions
from services.registration.corrections.queries import corrections_of
from services.registration.corrections.schemas import (
    CaseCorrectionBody,
    CorrectedAnswer,
    CorrectionList,
    MemberCorrectionBody,
    correction_answer,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["corrections"])
CORRECTORS = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR)


@router.patch("/cases/{case_id}", dependencies=[allow(*CORRECTORS)])
async def correct_case(case_id: UUID, body: CaseCorrectionBody, call: Call) -> CorrectedAnswer:
    """Corrects the case or the household's contact. What was there before is kept."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    made = await actions.correct_case(call.session, call.act, file, body)
    call.shows(file.case)
    return CorrectedAnswer(case_id=case_id, changed=[change.field for change in made], status=file.case.status)


@router.patch("/cases/{case_id}/members/{individual_id}", dependencies=[allow(*CORRECTORS)])
async def correct_member(case_id: UUID, individual_id: UUID, body: MemberCorrectionBody, call: Call) -> CorrectedAnswer:
    """Corrects one individual of the case; If-Match is the case's ETag. What was there before is kept."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    if individual_id not in file.members:
        raise NotFound("member of this case")
    made = await actions.correct_member(call.session, call.act, file, file.members[individual_id], body)
    call.shows(file.case)
    return CorrectedAnswer(case_id=case_id, changed=[change.field for change in made], status=file.case.status)


@router.get("/cases/{case_id}/corrections", dependencies=[allow(*CORRECTORS, Role.PROTECTION, Role.AUDITOR)])
async def list_corrections(case_id: UUID, call: Call) -> CorrectionList:
    """What was corrected, newest first. Auditors see which field, when and why, but no values."""
    await read_file(call.session, case_id)
    rows = await corrections_of(call.session, case_id)
    return CorrectionList(items=[correction_answer(row, call.act.roles) for row in rows])
