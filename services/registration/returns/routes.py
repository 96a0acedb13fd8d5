"""Routes of returns without us."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import CaseFile, open_file, read_file
from services.registration.returns import actions
from services.registration.returns.models import RecordedReturn
from services.registration.returns.queries import returns_of
from services.registration.returns.schemas import RecordedReturnAnswer, ReturnBody, ReturnsAnswer, UndoReturnBody
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["returns without us"])
RECORDERS = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.REINTEGRATION_OFFICER)


@router.post("/cases/{case_id}/returns", status_code=201, dependencies=[allow(*RECORDERS)])
async def record_return(case_id: UUID, body: ReturnBody, call: Call) -> ReturnsAnswer:
    """They are home already: before anyone knew of them, on a flight of their government, or on their own. Counted
    apart from departures of ours."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    rows = await actions.record_return(call.session, call.act, file, body)
    call.made("/cases", case_id)
    return _shown(call, file, rows)


@router.post("/cases/{case_id}/returns/undoing", dependencies=[allow(*RECORDERS)])
async def undo_return(case_id: UUID, body: UndoReturnBody, call: Call) -> ReturnsAnswer:
    """A return was recorded by mistake: those concerned stand where they stood before, and all others are told. It
    stays in the history, with who found the mistake and why. Seats that were given back by it are booked anew."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    rows = await actions.undo_return(call.session, call.act, file, body)
    return _shown(call, file, rows)


@router.get("/cases/{case_id}/returns", dependencies=[allow(*RECORDERS, Role.PROTECTION, Role.AUDITOR)])
async def list_recorded_returns(case_id: UUID, call: Call) -> ReturnsAnswer:
    """Those of the case who came home without us, and what of it was undone."""
    file = await read_file(call.session, case_id)
    return _shown(call, file, await returns_of(call.session, case_id))


def _shown(call: CallState, file: CaseFile, rows: Sequence[RecordedReturn]) -> ReturnsAnswer:
    call.shows(file.case)
    returns = [RecordedReturnAnswer.model_validate(row) for row in rows]
    stands = ["undo_return"] if any(row.undone_at is None for row in rows) else []
    offered = call.offers([*stands, "close_case"] if not file.closed else [], case_id=file.id)
    return ReturnsAnswer(case_id=file.id, status=file.case.status, returns=returns, actions=offered)
