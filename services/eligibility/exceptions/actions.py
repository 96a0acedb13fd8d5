"""Verbs of exceptions: ask for one, approve or refuse it (somebody else), take it back. Each decides the case again."""

from datetime import timedelta

from services.eligibility.cases.actions import look_again, own_ruling
from services.eligibility.cases.queries import Standing, current_decision
from services.eligibility.changes.actions import announce
from services.eligibility.decisions.rules import Because, CaseHasEnded
from services.eligibility.exceptions.models import RuleException
from services.eligibility.exceptions.queries import exceptions_alive, exceptions_past
from services.eligibility.exceptions.rules import (
    EXCEPTIONS,
    ExceptionAlreadyAsked,
    ExceptionPastItsDay,
    Status,
    check_can_be_asked,
    check_day,
    check_somebody_else,
)
from services.eligibility.exceptions.schemas import ExceptionBody, RefusalBody
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session, new_id


async def ask_exception(session: Session, act: Act, standing: Standing, body: ExceptionBody) -> RuleException:
    """Asks that a rule which fails is not held against the case. The caller has locked the standing.

    Raises `CaseHasEnded`, `ProgrammeToChoose`, `NoVersionInForce`, `RuleNotOverridable`, `NothingToExcept`,
    `ExceptionDatesImpossible`, `ExceptionAlreadyAsked`.
    """
    _check_open(standing)
    ruling = await own_ruling(session, standing, act.today)
    current = await current_decision(session, standing)
    await expire_exceptions(session, act, standing)
    alive = await exceptions_alive(session, standing.id, ruling.scope.code, body.rule, body.individual_id)
    if alive:
        raise ExceptionAlreadyAsked(exception=str(alive[0].id))
    trace = None if current is None else current.record.finding.trace
    check_can_be_asked([each.rule for each in ruling.version.rules], trace, body.rule, body.individual_id)
    check_day(body.valid_until, act.today)
    row = RuleException(
        id=new_id(),
        case_id=standing.id,
        programme=ruling.scope.code,
        rule=body.rule,
        individual_id=body.individual_id,
        reason=body.reason,
        valid_until=body.valid_until,
        asked_by=act.by,
        asked_at=act.now,
    )
    session.add(row)
    await session.flush()
    return row


async def approve_exception(session: Session, act: Act, standing: Standing, row: RuleException) -> None:
    """The exception counts from today, and the case is decided again. The caller has locked the standing and the row.

    Raises `OwnException`, `NotPossibleNow`, `CaseHasEnded`, `ExceptionPastItsDay`.
    """
    status = EXCEPTIONS.after(row.status, "approve_exception")
    check_somebody_else(act.by, row.asked_by)
    _check_open(standing)
    if row.valid_until < act.today:
        raise ExceptionPastItsDay(valid_until=row.valid_until.isoformat())
    row.status, row.approved_on = status, act.today
    row.decided_by, row.decided_at = act.by, act.now
    touch(row)
    if not standing.excepted:
        standing.excepted = True
        touch(standing)
    day_after = row.valid_until + timedelta(days=1)
    await announce(session, act, day_after, Because.EXCEPTION_CHANGED, case_id=standing.id)
    await session.flush()
    await look_again(session, act, [standing.id], Because.EXCEPTION_CHANGED)


async def refuse_exception(session: Session, act: Act, row: RuleException, body: RefusalBody) -> None:
    """Raises `OwnException` or `NotPossibleNow`. The caller has locked the standing and the row."""
    row.status = EXCEPTIONS.after(row.status, "refuse_exception")
    check_somebody_else(act.by, row.asked_by)
    row.decided_by, row.decided_at, row.decision_reason = act.by, act.now, body.reason
    touch(row)


async def withdraw_exception(session: Session, act: Act, standing: Standing, row: RuleException) -> None:
    """Takes an exception back; where it counted, the case is decided again without it. Raises `NotPossibleNow`."""
    counted = row.status == Status.APPROVED
    row.status = EXCEPTIONS.after(row.status, "withdraw_exception")
    row.ended_by, row.ended_at = act.by, act.now
    touch(row)
    await session.flush()
    if counted:
        await look_again(session, act, [standing.id], Because.EXCEPTION_CHANGED)


async def expire_exceptions(session: Session, act: Act, standing: Standing) -> bool:
    """Marks those of a locked case whose last day has passed. Gives whether one of them had counted."""
    rows = await exceptions_past(session, standing.id, act.today)
    counted = any(row.status == Status.APPROVED for row in rows)
    for row in rows:
        row.status = EXCEPTIONS.after(row.status, "expire")
        row.ended_at = act.now
        touch(row)
    await session.flush()
    return counted


def _check_open(standing: Standing) -> None:
    if standing.ended is not None:
        raise CaseHasEnded(ended=standing.ended)
