"""Assessing what somebody can and needs, before the plan and after."""

from services.reintegration.assessments.models import Assessment
from services.reintegration.assessments.schemas import AssessmentBody
from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, check_members, open_picture
from shared.act import Act
from shared.database import Session, new_id
from shared.occurrence import on_day


async def record_assessment(session: Session, act: Act, case: AssistedCase, body: AssessmentBody) -> Assessment:
    """Of one individual of a locked case, from the day they are expected. Raises `NotPossibleNow`,
    `CaseClosedElsewhere`, `NotOfThisCase`, and what `on_day` raises."""
    move_case(case, "record_assessment")
    check_members(await open_picture(session, case.id), [body.individual_id])
    row = Assessment(
        id=new_id(),
        case_id=case.id,
        individual_id=body.individual_id,
        skills=[each.model_dump(mode="json") for each in body.skills],
        needs=[each.model_dump(mode="json") for each in body.needs],
        assessed_on=body.assessed_on,
        assessed_by=act.by,
        occurred_at=on_day(act, body.assessed_on, body),
        recorded_at=act.now,
    )
    session.add(row)
    return row
