"""Monitoring visits after return."""

from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, check_members, moment_there, open_picture
from services.reintegration.followups.actions import count_visit, plan_next_visit
from services.reintegration.plans.queries import live_plan
from services.reintegration.visits.models import Visit
from services.reintegration.visits.schemas import VisitBody
from shared.act import Act
from shared.contracts.reintegration import VisitMade
from shared.database import Session, new_id
from shared.outbox import stage


async def record_visit(session: Session, act: Act, case: AssistedCase, body: VisitBody) -> Visit:
    """Records a visit to people of a locked case who have arrived. Raises `NotPossibleNow`, `CaseClosedElsewhere`,
    `NotOfThisCase`, `BeforeTheArrival`, and what `on_day` raises."""
    move_case(case, "record_visit")
    picture = await open_picture(session, case.id)
    check_members(picture, body.individuals)
    moment = moment_there(act, picture, body.made_on, body)
    visit = Visit(
        id=new_id(),
        case_id=case.id,
        made_on=body.made_on,
        kind=body.kind,
        individuals=[str(each) for each in body.individuals],
        findings=body.findings,
        next_due=body.next_due,
        made_by=act.by,
        occurred_at=moment,
        recorded_at=act.now,
    )
    session.add(visit)
    fact = VisitMade(visit=visit.id, made_on=body.made_on)
    await count_visit(session, act, case.id, visit.id, body.made_on)
    plan = await live_plan(session, case.id)
    if body.next_due is not None and plan is not None and plan.status == "approved":
        await plan_next_visit(session, case.id, plan.id, body.next_due)
    visit.event_id = await stage(session, act, fact, key=case.id, subject=visit.id, occurred=moment)
    return visit
