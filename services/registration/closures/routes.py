"""Routes of closing and opening again."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import CaseFile, lock_file
from services.registration.cases.rules import FILE
from services.registration.closures import actions
from services.registration.closures.schemas import ClosureBody, FileAnswer, file_answer
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["closures"])


@router.post("/cases/{case_id}/closure", dependencies=[allow(Role.REGISTRATION_OFFICER)])
async def close_case(case_id: UUID, body: ClosureBody, call: Call) -> FileAnswer:
    """Closes the case. Nobody of it may be cleared to depart."""
    file = await lock_file(call.session, case_id)
    call.seen(file.case)
    await actions.close_case(call.session, call.act, file, body.reason)
    return _shown(call, file)


@router.post("/cases/{case_id}/reopening", dependencies=[allow(Role.REGISTRATION_OFFICER)])
async def reopen_case(case_id: UUID, call: Call) -> FileAnswer:
    """Opens a closed case again; its members stand where they stood."""
    file = await lock_file(call.session, case_id)
    call.seen(file.case)
    await actions.reopen_case(call.session, call.act, file)
    return _shown(call, file)


def _shown(call: CallState, file: CaseFile) -> FileAnswer:
    call.shows(file.case)
    return file_answer(file, call.offers(FILE.verbs("closed" if file.closed else "open"), case_id=file.id))
