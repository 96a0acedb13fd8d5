"""Routes of appointments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.appointments import actions
from services.registration.appointments.models import Appointment
from services.registration.appointments.queries import list_rows
from services.registration.appointments.rules import APPOINTMENT
from services.registration.appointments.schemas import (
    AppointmentAnswer,
    AppointmentBody,
    AppointmentEndBody,
    InterpreterBody,
)
from services.registration.cases.queries import open_file
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.concurrency import locked
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["appointments"])
COUNSELLORS = (Role.COUNSELLOR, Role.REGISTRATION_OFFICER, Role.PROTECTION)
Status = Annotated[str, Query(pattern=f"^({'|'.join(APPOINTMENT.states)})$", description="Which of them")]


@router.post("/cases/{case_id}/appointments", status_code=201, dependencies=[allow(*COUNSELLORS)])
async def make_appointment(case_id: UUID, body: AppointmentBody, call: Call) -> AppointmentAnswer:
    """Makes an appointment for counselling."""
    file = await open_file(call.session, case_id)
    row = await actions.make_appointment(call.session, call.act, file, body)
    call.made("/appointments", row.id)
    call.shows(row)
    return _shown(call, row)


@router.post("/appointments/{appointment_id}/interpreter", dependencies=[allow(*COUNSELLORS)])
async def book_interpreter(appointment_id: UUID, body: InterpreterBody, call: Call) -> AppointmentAnswer:
    """An interpreter is booked, or another one."""
    row = await _locked(call, appointment_id)
    actions.book_interpreter(row, body.interpreter)
    call.shows(row)
    return _shown(call, row)


@router.post("/appointments/{appointment_id}/outcome", dependencies=[allow(*COUNSELLORS)])
async def end_appointment(appointment_id: UUID, body: AppointmentEndBody, call: Call) -> AppointmentAnswer:
    """Kept, missed or cancelled. What was talked about is recorded as a counselling session."""
    row = await _locked(call, appointment_id)
    actions.end_appointment(call.act, row, body.outcome)
    call.shows(row)
    return _shown(call, row)


@router.get("/appointments", dependencies=[allow(*COUNSELLORS)])
async def list_appointments(
    call: Call,
    status: Status = "booked",
    case_id: Annotated[UUID | None, Query(description="Only of this case")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[AppointmentAnswer]:
    """Newest first."""
    rows = await list_rows(call.session, status=status, case_id=case_id, before=after(cursor), limit=limit)
    return page(rows, limit, lambda row: _shown(call, row))


@router.get("/appointments/{appointment_id}", dependencies=[allow(*COUNSELLORS)])
async def read_appointment(appointment_id: UUID, call: Call) -> AppointmentAnswer:
    """One appointment."""
    row = await call.session.get(Appointment, appointment_id)
    if row is None:
        raise NotFound("appointment")
    call.shows(row)
    return _shown(call, row)


async def _locked(call: CallState, appointment_id: UUID) -> Appointment:
    row = await locked(call.session, Appointment, appointment_id)
    if row is None:
        raise NotFound("appointment")
    call.seen(row)
    return row


def _shown(call: CallState, row: Appointment) -> AppointmentAnswer:
    verbs = []
    if row.status == "booked":
        verbs = [*(["book_interpreter"] if row.interpreter_wanted else []), "end_appointment"]
    return AppointmentAnswer.model_validate({**row.model_dump(), "actions": call.offers(verbs, appointment_id=row.id)})
