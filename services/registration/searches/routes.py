"""Routes of searches."""

from fastapi import APIRouter

from services.registration.searches import actions
from services.registration.searches.schemas import SearchAnswer, SearchBody
from shared.auth import Role, allow
from shared.call import Call, calls_outside
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["searches"])
WHO_MEETS_THEM = (
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.PROTECTION,
    Role.MEDICAL,
    Role.TRAVEL_OFFICER,
)


# As a call outside: its answer, which is all names, is then not kept for a repeat, and that it was made is audited.
@router.post("/searches", dependencies=[allow(*WHO_MEETS_THEM), calls_outside()])
async def search_cases(body: SearchBody, call: Call) -> SearchAnswer:
    """Finds people and their cases by a document's number, the beginning of a name, or a telephone number. Every
    search is audited; what was searched for and found is not kept. Medical staff and travel officers search by a
    document's number, or by a name with its birth date."""
    async with call.runtime.database.reading() as session:
        return await actions.search_cases(session, call.principal.roles, body)
