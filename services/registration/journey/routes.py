"""Routes of the journey."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import read_file
from services.registration.journey import actions
from services.registration.journey.schemas import JourneyAnswer
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["journey"])
# Relief looks at no return, and a focal point for abuse at what was said to it.
STAFF = [role for role in Role if role not in (Role.SERVICE, Role.RELIEF_OFFICER, Role.PSEA_FOCAL_POINT)]


@router.get("/cases/{case_id}/journey", dependencies=[allow(*STAFF)])
async def read_journey(case_id: UUID, call: Call) -> JourneyAnswer:
    """Where someone stands and how they came there: every fact of the four services about the case."""
    file = await read_file(call.session, case_id)
    lines = await actions.read_journey(call.session, case_id)
    return JourneyAnswer(case_id=case_id, status=file.case.status, lines=lines)
