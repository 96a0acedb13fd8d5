"""What follows from the facts: the one place where a case is opened, moved and cancelled by what others told."""

from uuid import UUID

from services.reintegration.cases.actions import open_case, remember_told, settle_status, take_turn
from services.reintegration.closures.queries import is_closed
from services.reintegration.facts.queries import Picture, read_picture, something_to_follow
from services.reintegration.lines.queries import line_states
from services.reintegration.plans.actions import end_plan
from services.reintegration.plans.queries import Plan, is_void_now, live_plan
from shared.act import Act
from shared.contracts.reintegration import AssistanceClosed, AssistanceClosureReason
from shared.database import Session
from shared.outbox import stage


async def look_again(session: Session, act: Act, case_id: UUID, *, opened: bool = False) -> None:
    """Looks at all facts kept of the case and does what follows; done again it changes nothing.

    A case opens with the first seat that travel tells of, or with somebody who was home before anybody knew. What comes
    in which order makes no difference: someone whose withdrawal is known already is not expected, and their case stands
    as cancelled from the start. `opened`: it stands here already, also if what opened it was taken back.
    """
    await take_turn(session, case_id)
    if not opened and not await something_to_follow(session, case_id):
        return
    picture = await read_picture(session, case_id)
    case = await open_case(session, act, case_id)
    plan = await _plan_that_stands(session, act, case_id, picture)
    spent = any(line.spent for line in await line_states(session, plan.id if plan else None))
    settle_status(
        case,
        picture.stage,
        plan.status if plan else None,
        spent=spent or case.status == "in_delivery",
        closed=await is_closed(session, case_id),
    )
    if case.status == "cancelled" and picture.everybody_withdrew and remember_told(case, picture.attempts):
        await _tell_end_before_departure(session, act, case_id, picture)


async def _plan_that_stands(session: Session, act: Act, case_id: UUID, picture: Picture) -> Plan | None:
    """Cancels what is not spent when those it was planned for have withdrawn; an approved plan is owed."""
    plan = await live_plan(session, case_id)
    if plan is not None and plan.status not in ("approved", "closed") and is_void_now(plan, picture.withdrawals):
        await end_plan(session, act, plan, "cancel_plan")
        return None
    return plan


async def _tell_end_before_departure(session: Session, act: Act, case_id: UUID, picture: Picture) -> None:
    reason = AssistanceClosureReason.WITHDRAWN_BEFORE_DEPARTURE
    fact = AssistanceClosed(reason=reason, closed_on=act.today, attempts=picture.attempts)
    await stage(session, act, fact, key=case_id, attempt=max(picture.attempts.values()))
