"""Exceptions over HTTP: asked by those who meet the person, decided by somebody else."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.eligibility.cases.queries import locked_standing, standing_of
from services.eligibility.exceptions import actions
from services.eligibility.exceptions.models import RuleException
from services.eligibility.exceptions.queries import (
    exception_of_id,
    exceptions_of_case,
    list_of_exceptions,
    locked_exception,
)
from services.eligibility.exceptions.rules import Status, possible_actions
from services.eligibility.exceptions.schemas import ExceptionAnswer, ExceptionBody, RefusalBody, exception_answer
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["exceptions"])

ASKERS = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION, Role.PROGRAMME_OFFICER)
DECIDERS = (Role.APPROVER, Role.PROGRAMME_OFFICER)
READERS = allow(*ASKERS, Role.APPROVER, Role.AUDITOR)


@router.post("/cases/{case_id}/exceptions", status_code=201, dependencies=[allow(*ASKERS)])
async def ask_exception(case_id: UUID, body: ExceptionBody, call: Call) -> ExceptionAnswer:
    """Asks that a rule which fails is not held against a case, until a day."""
    standing = await locked_standing(call.session, case_id)
    row = await actions.ask_exception(call.session, call.act, standing, body)
    call.made("/exceptions", row.id)
    return _shown(call, row)


@router.post("/exceptions/{exception_id}/approval", status_code=201, dependencies=[allow(*DECIDERS)])
async def approve_exception(exception_id: UUID, call: Call) -> ExceptionAnswer:
    """Grants it, from today; the case is decided again. Never by who asked."""
    case_id = (await exception_of_id(call.session, exception_id)).case_id
    standing = await locked_standing(call.session, case_id)
    row = await locked_exception(call.session, exception_id)
    call.seen(row)
    await actions.approve_exception(call.session, call.act, standing, row)
    return _shown(call, row)


@router.post("/exceptions/{exception_id}/refusal", status_code=201, dependencies=[allow(*DECIDERS)])
async def refuse_exception(exception_id: UUID, body: RefusalBody, call: Call) -> ExceptionAnswer:
    """Refuses it, with a reason. Never by who asked: they withdraw it."""
    case_id = (await exception_of_id(call.session, exception_id)).case_id
    await locked_standing(call.session, case_id)
    row = await locked_exception(call.session, exception_id)
    call.seen(row)
    await actions.refuse_exception(call.session, call.act, row, body)
    return _shown(call, row)


@router.post("/exceptions/{exception_id}/withdrawal", status_code=201, dependencies=[allow(*ASKERS, Role.APPROVER)])
async def withdraw_exception(exception_id: UUID, call: Call) -> ExceptionAnswer:
    """Takes it back; where it counted, the case is decided again without it."""
    case_id = (await exception_of_id(call.session, exception_id)).case_id
    standing = await locked_standing(call.session, case_id)
    row = await locked_exception(call.session, exception_id)
    call.seen(row)
    await actions.withdraw_exception(call.session, call.act, standing, row)
    return _shown(call, row)


@router.get("/exceptions", dependencies=[READERS])
async def list_exceptions(
    call: Call,
    status: Annotated[Status, Query(description="Only those in this status")] = Status.ASKED,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ExceptionAnswer]:
    """Exceptions by their status, the oldest first: those that wait for a decision unless another is asked for."""
    rows = await list_of_exceptions(call.session, status, after(cursor), limit)
    return page(rows, limit, lambda row: _answer(call, row))


@router.get("/cases/{case_id}/exceptions", dependencies=[READERS])
async def list_exceptions_of_case(
    case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> Page[ExceptionAnswer]:
    """All that were ever asked for a case, the oldest first."""
    await standing_of(call.session, case_id)
    rows = await exceptions_of_case(call.session, case_id, after(cursor), limit)
    return page(rows, limit, lambda row: _answer(call, row))


@router.get("/exceptions/{exception_id}", dependencies=[READERS])
async def read_exception(exception_id: UUID, call: Call) -> ExceptionAnswer:
    """One exception."""
    return _shown(call, await exception_of_id(call.session, exception_id))


def _shown(call: Call, row: RuleException) -> ExceptionAnswer:
    call.shows(row)
    return _answer(call, row)


def _answer(call: Call, row: RuleException) -> ExceptionAnswer:
    return exception_answer(row, call.act.today, call.offers(possible_actions(row.status), exception_id=row.id))
