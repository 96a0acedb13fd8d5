"""Routes of withdrawals."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import CaseFile, lock_file, read_file
from services.registration.withdrawals import actions
from services.registration.withdrawals.actions import Withdrawn
from services.registration.withdrawals.queries import statements_of
from services.registration.withdrawals.rules import still_possible
from services.registration.withdrawals.schemas import (
    StatementAnswer,
    StatementList,
    StillPossible,
    WithdrawalAnswer,
    WithdrawalBody,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["withdrawals"])
MEETS_PEOPLE = (
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.PROTECTION,
    Role.MEDICAL,
    Role.AIRPORT_DESK,
    Role.TRAVEL_OFFICER,
    Role.REINTEGRATION_OFFICER,
)


@router.post("/cases/{case_id}/withdrawal", dependencies=[allow(*MEETS_PEOPLE)])
async def withdraw(case_id: UUID, body: WithdrawalBody, call: Call) -> WithdrawalAnswer:
    """Takes a withdrawal from the return, of those named or of all: always, without a reason and without a penalty.
    After the doors have closed it is kept as a statement, and the answer says what can still be done."""
    call.expected = None  # a no is taken whatever its sender last read: If-Match never stands in its way
    file = await lock_file(call.session, case_id)
    taken = await actions.withdraw(call.session, call.act, file, body)
    call.shows(file.case)
    return WithdrawalAnswer(
        outcome=taken.outcome,
        statements=[StatementAnswer.model_validate(row) for row in taken.statements],
        lapsed=list(taken.unwinding.lapsed),
        what_can_still_be_done=_still_possible(file, taken),
        incident=taken.incident,
        status=file.case.status,
        actions=call.offers(_after(file, call), case_id=case_id),
    )


@router.get("/cases/{case_id}/withdrawals", dependencies=[allow(*MEETS_PEOPLE, Role.AUDITOR)])
async def list_withdrawals(case_id: UUID, call: Call) -> StatementList:
    """What was stated, newest first: also what came too late, and what was kept."""
    await read_file(call.session, case_id)
    rows = await statements_of(call.session, case_id)
    return StatementList(items=[StatementAnswer.model_validate(row) for row in rows])


def _after(file: CaseFile, call: CallState) -> list[str]:
    return [verb for verb in file.possible(call.act.today) if verb in ("sign_declaration", "withdraw")]


def _still_possible(file: CaseFile, taken: Withdrawn) -> list[StillPossible]:
    said_for = {row.individual_id for row in taken.statements if row.said_for}
    late = [(one, file.members[one].member.status, one in said_for) for one in taken.unwinding.late]
    return [StillPossible(code=code, sentence=text, individuals=who) for code, text, who in still_possible(late)]
