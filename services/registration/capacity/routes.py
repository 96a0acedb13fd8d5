"""Routes of capacity to decide."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.capacity import actions
from services.registration.capacity.models import CapacityDoubt
from services.registration.capacity.queries import doubts_of
from services.registration.capacity.schemas import CapacityAnswer, CapacityAssessmentBody, CapacityDoubtBody
from services.registration.cases.queries import open_file, read_file
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["capacity"])
DOUBTERS = (Role.COUNSELLOR, Role.REGISTRATION_OFFICER, Role.PROTECTION, Role.MEDICAL)
PROFESSIONALS = (Role.MEDICAL, Role.PROTECTION)


@router.post("/cases/{case_id}/capacity-doubts", status_code=201, dependencies=[allow(*DOUBTERS)])
async def doubt_capacity(case_id: UUID, body: CapacityDoubtBody, call: Call) -> CapacityAnswer:
    """Whether somebody is able to decide is in doubt: they are held, and sign nothing until it is assessed."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    row = await actions.doubt_capacity(call.session, call.act, file, body.individual_id)
    call.made("/cases", case_id)
    call.shows(file.case)
    return _shown(call, row)


@router.post("/cases/{case_id}/capacity-doubts/{doubt_id}/assessment", dependencies=[allow(*PROFESSIONALS)])
async def assess_capacity(case_id: UUID, doubt_id: UUID, body: CapacityAssessmentBody, call: Call) -> CapacityAnswer:
    """Records what a professional found, and who may decide by law where the person is not able."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    row = await actions.assess_capacity(call.session, call.act, file, doubt_id, body)
    call.shows(file.case)
    return _shown(call, row)


@router.get("/cases/{case_id}/capacity-doubts", dependencies=[allow(*DOUBTERS)])
async def list_capacity_doubts(
    case_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[CapacityAnswer]:
    """Newest first, with what settled each."""
    await read_file(call.session, case_id)
    rows = await doubts_of(call.session, case_id, after(cursor), limit)
    return page(rows, limit, lambda row: _shown(call, row))


def _shown(call: CallState, row: CapacityDoubt) -> CapacityAnswer:
    verbs = ["assess_capacity"] if row.assessed_at is None else []
    return CapacityAnswer.model_validate(
        {
            **row.model_dump(),
            "status": "open" if row.assessed_at is None else "settled",
            "actions": call.offers(verbs, case_id=row.case_id, doubt_id=row.id),
        }
    )
