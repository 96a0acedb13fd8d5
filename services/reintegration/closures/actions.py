"""The end of assistance after return."""

from datetime import date, datetime
from uuid import UUID

from services.reintegration.amendments.queries import waiting_amendment
from services.reintegration.attempts.queries import lost_contact_of
from services.reintegration.cases.actions import move_case, settle_status
from services.reintegration.cases.queries import AssistedCase, arrival_of, moment_there
from services.reintegration.closures.models import Closure, Reopening
from services.reintegration.closures.queries import closure_of
from services.reintegration.closures.rules import Done, check_complete, check_reopens, has_expired
from services.reintegration.closures.schemas import ClosureBody
from services.reintegration.community.queries import shares_of_plan
from services.reintegration.facts.queries import read_picture
from services.reintegration.followups.actions import end_follow_ups, take_up_follow_ups
from services.reintegration.followups.queries import open_ones
from services.reintegration.followups.rules import Kind, missing_on
from services.reintegration.lines.queries import instalments_of, line_states, lines_of
from services.reintegration.plans.actions import end_plan, release_rest, reopen_plan
from services.reintegration.plans.queries import Plan, live_plan
from services.reintegration.procurement.queries import bought_of_plan
from services.reintegration.surveys.queries import count_surveys
from services.reintegration.visits.queries import count_visits
from shared.act import Act
from shared.contracts.reintegration import AssistanceClosed, AssistanceReopened, ReopeningReason
from shared.database import Session, new_id
from shared.outbox import stage


async def close_assistance(session: Session, act: Act, case: AssistedCase, body: ClosureBody) -> Closure:
    """Closes a locked case whose people have arrived, also where registration has closed it already.

    Raises `NotPossibleNow`, `ClosureIncomplete`, `BeforeTheArrival`, and what `on_day` raises.
    """
    move_case(case, "close_assistance")
    picture = await read_picture(session, case.id)
    moment = moment_there(act, picture, body.closed_on, body)
    plan = await live_plan(session, case.id)
    approved = plan is not None and plan.status == "approved"
    lines = await line_states(session, plan.id if plan and approved else None)
    done = await _done(session, case.id, plan if approved else None, arrival_of(picture, None), body.closed_on)
    check_complete(body.reason, lines, done, approved=approved)
    await end_follow_ups(session, act, case.id)
    if plan is not None:
        await end_plan(session, act, plan, "close_plan" if approved else "cancel_plan")
    closure = Closure(
        id=new_id(),
        case_id=case.id,
        reason=body.reason,
        final_report=body.final_report,
        closed_on=body.closed_on,
        closed_by=act.by,
        occurred_at=moment,
        recorded_at=act.now,
    )
    session.add(closure)
    fact = AssistanceClosed(reason=body.reason, closed_on=body.closed_on, attempts=picture.attempts)
    event = await stage(session, act, fact, key=case.id, attempt=max(picture.attempts.values()), occurred=moment)
    if plan is not None and approved:
        await release_rest(session, act, event, case.id, plan, body.closed_on)
    return closure


async def reopen_assistance(session: Session, act: Act, case: AssistedCase, why: ReopeningReason) -> Reopening:
    """Opens a locked, closed case again, by somebody else than who closed it. The closure is kept as it was; the plan
    stands again as approved, what its closure gave back is committed anew, and the follow-ups go on.

    Raises `NotPossibleNow`, `OwnClosure`, `BudgetExceeded`.
    """
    move_case(case, "reopen_assistance")
    closure = await closure_of(session, case.id)
    assert closure is not None, "a case is closed by a closure"
    check_reopens(act.by, closure.closed_by)
    reopening = Reopening(
        id=new_id(),
        case_id=case.id,
        closure_id=closure.id,
        reason=closure.reason,
        final_report=closure.final_report,
        closed_on=closure.closed_on,
        closed_by=closure.closed_by,
        closure_recorded_at=closure.recorded_at,
        why=why,
        reopened_by=act.by,
        reopened_at=act.now,
    )
    session.add(reopening)
    await session.delete(closure)
    picture = await read_picture(session, case.id)
    fact = AssistanceReopened(reason=why, reopened_on=act.today, attempts=picture.attempts)
    event = await stage(session, act, fact, key=case.id, attempt=max(picture.attempts.values()))
    plan = await live_plan(session, case.id)
    if plan is not None and plan.status == "closed":
        await reopen_plan(session, act, event, case.id, plan, act.today)
    await take_up_follow_ups(session, case.id)
    spent = any(line.spent for line in await line_states(session, plan.id if plan else None))
    settle_status(case, picture.stage, plan.status if plan else None, spent=spent, closed=False)
    return reopening


async def _done(session: Session, case_id: UUID, plan: Plan | None, arrived: datetime, closed_on: date) -> Done:
    """What a closure on that day can rest on. `plan`: the approved one."""
    windows: list[date] = []
    shares_open: list[str] = []
    orders_open: list[str] = []
    invoices_unpaid: list[str] = []
    if plan is not None:
        shares = await shares_of_plan(session, plan.id)
        states = await line_states(session, plan.id)
        shares_open = [line.code for line in states if shares.get(line.line, line.spent) > line.spent]
        bought = await bought_of_plan(session, plan.id)
        orders_open = [line.code for line in states if line.line in bought and bought[line.line].open]
        still = [line for line in states if line.line in bought and not line.released]
        invoices_unpaid = [line.code for line in still if bought[line.line].unpaid]
        tranches = await instalments_of(session, await lines_of(session, plan.id))
        windows = [each.due_until for its in tranches.values() for each in its]
    rounds = [each.due_on for each in await open_ones(session, case_id, Kind.SURVEY)]
    return Done(
        visits=await count_visits(session, case_id),
        surveys=await count_surveys(session, case_id),
        surveys_missing=len(missing_on(closed_on, rounds)),
        contact_lost=await lost_contact_of(session, case_id) is not None,
        expired=has_expired(closed_on, arrived.date(), windows),
        waiting=plan is not None and await waiting_amendment(session, plan.id) is not None,
        shares_open=tuple(shares_open),
        orders_open=tuple(orders_open),
        invoices_unpaid=tuple(invoices_unpaid),
    )
