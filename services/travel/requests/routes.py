"""Routes of requests for papers."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.travel.requests import actions, queries
from services.travel.requests.queries import PaperRequest
from services.travel.requests.rules import REQUEST, is_overdue
from services.travel.requests.schemas import (
    AppointmentBody,
    DueBody,
    ReminderAnswer,
    ReminderSweep,
    ReminderSweepAnswer,
    RequestAnswer,
    RequestBody,
    RequestDetail,
    SettledBody,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, cursor_at, place_after
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["requests for papers"])
WORKERS = allow(Role.TRAVEL_OFFICER, Role.REGISTRATION_OFFICER)
READERS = allow(
    Role.TRAVEL_OFFICER,
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.AIRPORT_DESK,
    Role.PROGRAMME_OFFICER,
    Role.AUDITOR,
)
PATH = "/paper-requests/{request_id}"


def _show(call: Call, row: PaperRequest) -> RequestAnswer:
    return RequestAnswer(
        **row.model_dump(),
        overdue=is_overdue(row.status, row.due_on, call.act.today),
        actions=call.offers(REQUEST.verbs(row.status), request_id=row.id),
    )


@router.post("/paper-requests", status_code=201, dependencies=[WORKERS])
async def request_paper(body: RequestBody, call: Call) -> RequestAnswer:
    """A paper is asked of an embassy or authority for one person, due on a day. No number of a document is taken."""
    row = await actions.request_paper(call.session, call.act, body)
    call.made("/paper-requests", row.id)
    call.shows(row)
    return _show(call, row)


@router.get("/paper-requests", dependencies=[READERS])
async def list_paper_requests(
    call: Call,
    case_id: UUID | None = None,
    overdue: Annotated[bool, Query(description="Only open ones whose day has passed")] = False,
    remind_due: Annotated[bool, Query(description="Only open ones whose day to remind has come")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RequestAnswer]:
    """In the order in which they are due."""
    today = call.act.today
    days = (today if overdue else None, today if remind_due else None)
    rows = await queries.requests_by(call.session, case_id, *days, place_after(cursor, _place), limit)
    more = cursor_at(rows[limit - 1].due_on, rows[limit - 1].id) if len(rows) > limit else None
    return Page(items=[_show(call, row) for row in rows[:limit]], next=more)


@router.get(PATH, dependencies=[READERS])
async def read_paper_request(request_id: UUID, call: Call) -> RequestDetail:
    row = await queries.paper_request(call.session, request_id)
    reminders = await queries.reminders_of(call.session, request_id)
    call.shows(row)
    shown = _show(call, row)
    return RequestDetail(**dict(shown), reminders=[ReminderAnswer.model_validate(each) for each in reminders])


@router.post(PATH + "/appointment", dependencies=[WORKERS])
async def appoint(request_id: UUID, body: AppointmentBody, call: Call) -> RequestAnswer:
    """When the person is to come, or come another time."""
    row = await _locked(call, request_id)
    actions.appoint(row, body.appointment_at)
    return await _changed(call, row)


@router.post(PATH + "/due", dependencies=[WORKERS])
async def set_due(request_id: UUID, body: DueBody, call: Call) -> RequestAnswer:
    """Another day on which the paper is due."""
    row = await _locked(call, request_id)
    actions.set_due(row, body)
    return await _changed(call, row)


@router.post(PATH + "/collection", dependencies=[WORKERS])
async def collect_paper(request_id: UUID, body: SettledBody, call: Call) -> RequestAnswer:
    """The paper was handed over. Registration records what it is; a request also ends when it has."""
    return await _settle(call, request_id, "collect_paper", body.on)


@router.post(PATH + "/refusal", dependencies=[WORKERS])
async def refuse_paper(request_id: UUID, body: SettledBody, call: Call) -> RequestAnswer:
    """The embassy or authority gives none. Another may be asked."""
    return await _settle(call, request_id, "refuse_paper", body.on)


@router.post(PATH + "/abandonment", dependencies=[WORKERS])
async def abandon_request(request_id: UUID, body: SettledBody, call: Call) -> RequestAnswer:
    """It is not waited for any longer."""
    return await _settle(call, request_id, "abandon_request", body.on)


@router.post("/paper-reminders", dependencies=[allow(Role.TRAVEL_OFFICER, Role.ADMINISTRATOR)])
async def remind(body: ReminderSweep, call: Call) -> ReminderSweepAnswer:
    """Reminds of what is due at the business date of the request. In production the worker does it by itself; in
    development only who asks here does."""
    rows = await actions.remind(call.session, call.act, body.most)
    return ReminderSweepAnswer(reminded=[each.id for each in rows], more=len(rows) == body.most)


async def _settle(call: Call, request_id: UUID, verb: str, on: date) -> RequestAnswer:
    row = await _locked(call, request_id)
    actions.settle_request(call.act, row, verb, on)
    return await _changed(call, row)


async def _locked(call: Call, request_id: UUID) -> PaperRequest:
    row = await queries.paper_request(call.session, request_id, lock=True)
    call.seen(row)
    return row


async def _changed(call: Call, row: PaperRequest) -> RequestAnswer:
    await call.session.flush()
    call.shows(row)
    return _show(call, row)


def _place(due_on: str, request_id: str) -> tuple[date, UUID]:
    return date.fromisoformat(due_on), UUID(request_id)
