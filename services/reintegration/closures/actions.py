"""The end of assistance after return."""

from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, moment_there
from services.reintegration.closures.models import Closure
from services.reintegration.closures.rules import check_complete
from services.reintegration.closures.schemas import ClosureBody
from services.reintegration.facts.queries import read_picture
from services.reintegration.lines.queries import line_states
from services.reintegration.plans.actions import end_plan, release_rest
from services.reintegration.plans.queries import live_plan
from services.reintegration.surveys.queries import count_surveys
from services.reintegration.visits.queries import count_visits
from shared.act import Act
from shared.contracts.reintegration import AssistanceClosed
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
    check_complete(
        body.reason,
        await line_states(session, plan.id if plan and approved else None),
        approved=approved,
        visits=await count_visits(session, case.id),
        surveys=await count_surveys(session, case.id),
    )
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
