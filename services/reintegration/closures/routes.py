"""POST /cases/{case_id}/closure."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.queries import locked_case
from services.reintegration.closures import actions
from services.reintegration.closures.schemas import ClosureAnswer, ClosureBody
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["closures"])


@router.post("/cases/{case_id}/closure", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def close_assistance(case_id: UUID, body: ClosureBody, call: Call) -> ClosureAnswer:
    """Ends the assistance with a reason, a final report and everything that the reason needs."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    closure = await actions.close_assistance(call.session, call.act, case, body)
    call.shows(case)
    return ClosureAnswer(
        case_id=case.id,
        status=case.status,
        reason=closure.reason,
        final_report=closure.final_report,
        closed_on=closure.closed_on,
        closed_by=closure.closed_by,
        recorded_at=closure.recorded_at,
    )
