"""Routes of guardianships: protection's own, as what it finds decides whether a child is alone."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import CaseFile, lock_file, open_file, read_file
from services.registration.guardians import actions
from services.registration.guardians.models import Guardianship
from services.registration.guardians.queries import guardians_of
from services.registration.guardians.rules import guardianship_status
from services.registration.guardians.schemas import GuardianAnswer, GuardianBody
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["children alone"])


@router.post("/cases/{case_id}/guardians", status_code=201, dependencies=[allow(Role.PROTECTION)])
async def record_guardian(case_id: UUID, body: GuardianBody, call: Call) -> GuardianAnswer:
    """Records who is shown to be responsible for a child, and by what. The child is then no longer alone."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    row = await actions.record_guardian(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return _shown(call, file, row)


@router.post("/cases/{case_id}/guardians/{guardianship_id}/end", dependencies=[allow(Role.PROTECTION)])
async def end_guardian(case_id: UUID, guardianship_id: UUID, call: Call) -> GuardianAnswer:
    """Ends it, without a reason: a child with nobody else responsible is alone, and the journey stops."""
    file = await lock_file(call.session, case_id)
    row = await actions.end_guardian(call.session, call.act, file, guardianship_id)
    call.shows(file.case)
    return _shown(call, file, row)


@router.get("/cases/{case_id}/guardians", dependencies=[allow(Role.PROTECTION)])
async def list_guardians(
    case_id: UUID, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[GuardianAnswer]:
    """Newest first, also those ended."""
    file = await read_file(call.session, case_id)
    rows = await guardians_of(call.session, case_id, after(cursor), limit)
    return page(rows, limit, lambda row: _shown(call, file, row))


def _shown(call: CallState, file: CaseFile, row: Guardianship) -> GuardianAnswer:
    verbs = ["end_guardian"] if row.ended_at is None else []
    child = file.members.get(row.individual_id)  # none where the child has left the case
    both_here = child is not None and row.guardian_id in file.members
    return GuardianAnswer.model_validate(
        {
            **row.model_dump(),
            "status": guardianship_status(ended=row.ended_at is not None, both_here=both_here),
            "protection_pending": child is not None and child.member.protection_pending,
            "actions": call.offers(verbs, case_id=row.case_id, guardianship_id=row.id),
        }
    )
