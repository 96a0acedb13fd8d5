"""Routes of clearances."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.clearances import actions
from services.registration.clearances.queries import Clearance
from services.registration.clearances.schemas import ClearanceAnswer, ClearanceBody
from shared.auth import Role, allow
from shared.call import Call
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["clearances"])


@router.post("/clearances", dependencies=[allow(Role.SERVICE)])
async def clear_departure(body: ClearanceBody, call: Call) -> ClearanceAnswer:
    """Decides who of a flight's passengers may leave, once for each clearance id. Asked by travel when the doors
    close."""
    call.only_from("travel")
    answer = await actions.clear_departure(call.session, call.act, body)
    call.made("/clearances", body.clearance_id)
    return answer


@router.get("/clearances/{clearance_id}", dependencies=[allow(Role.SERVICE, Role.AUDITOR)])
async def read_clearance(clearance_id: UUID, call: Call) -> ClearanceAnswer:
    """What was decided then."""
    clearance = await call.session.get(Clearance, clearance_id)
    if clearance is None or clearance.answer is None:
        raise NotFound("clearance")
    return ClearanceAnswer.model_validate(clearance.answer)
