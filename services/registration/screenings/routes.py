"""Routes of screenings."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import open_file, read_file
from services.registration.screenings import actions
from services.registration.screenings.queries import screenings_of
from services.registration.screenings.schemas import ScreeningAnswer, ScreeningBody, ScreeningList, screening_answer
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["screenings"])
SCREENERS = (Role.COUNSELLOR, Role.PROTECTION, Role.MEDICAL)


@router.post("/cases/{case_id}/screenings", status_code=201, dependencies=[allow(*SCREENERS)])
async def record_screening(case_id: UUID, body: ScreeningBody, call: Call) -> ScreeningAnswer:
    """Records a screening of one member. The outcome `hold` holds them at once."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    screening = await actions.record_screening(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return screening_answer(screening, call.act.roles)


@router.get("/cases/{case_id}/screenings", dependencies=[allow(*SCREENERS)])
async def list_screenings(case_id: UUID, call: Call) -> ScreeningList:
    """The screenings of a case, newest first. Notes are shown to protection and medical alone."""
    await read_file(call.session, case_id)
    rows = await screenings_of(call.session, case_id)
    return ScreeningList(items=[screening_answer(row, call.act.roles) for row in rows])
