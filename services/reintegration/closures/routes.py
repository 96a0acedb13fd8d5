"""The end of assistance, and opening it again."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.queries import case_of, locked_case
from services.reintegration.closures import actions
from services.reintegration.closures.models import Reopening
from services.reintegration.closures.queries import reopenings_after
from services.reintegration.closures.schemas import ClosureAnswer, ClosureBody, ReopeningAnswer, ReopeningBody
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["closures"])


@router.post("/cases/{case_id}/reopening", status_code=201, dependencies=[allow(Role.APPROVER)])
async def reopen_assistance(case_id: UUID, body: ReopeningBody, call: Call) -> ReopeningAnswer:
    """Opens closed assistance again, by somebody else than who closed it; the closure stays readable."""
    case = await locked_case(call.session, case_id)
    call.seen(case)
    reopening = await actions.reopen_assistance(call.session, call.act, case, body.reason)
    call.shows(case)
    return _reopening(reopening)


@router.get(
    "/cases/{case_id}/reopenings",
    dependencies=[allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.AUDITOR)],
)
async def list_reopenings(case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[ReopeningAnswer]:
    """The closures that count no more, oldest first."""
    await case_of(call.session, case_id)
    return page(await reopenings_after(call.session, case_id, after(cursor), limit), limit, _reopening)


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


def _reopening(row: Reopening) -> ReopeningAnswer:
    return ReopeningAnswer.model_validate({**row.model_dump(), "reopening_id": row.id})
