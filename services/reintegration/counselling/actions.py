"""Counselling after return, or before it about the time after."""

from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, check_members, open_picture
from services.reintegration.counselling.models import CounsellingSession
from services.reintegration.counselling.schemas import CounsellingSessionBody
from shared.act import Act
from shared.contracts.reintegration import CounsellingHeld
from shared.database import Session, new_id
from shared.occurrence import on_day
from shared.outbox import stage


async def record_counselling_session(
    session: Session, act: Act, case: AssistedCase, body: CounsellingSessionBody
) -> CounsellingSession:
    """Records a talk with people of a locked case. Raises `NotPossibleNow`, `CaseClosedElsewhere`, `NotOfThisCase`, and
    what `on_day` raises."""
    move_case(case, "record_counselling_session")
    picture = await open_picture(session, case.id)
    check_members(picture, body.individuals)
    talked = body.individuals or sorted(picture.travellers)
    row = CounsellingSession(
        id=new_id(),
        case_id=case.id,
        individuals=[str(each) for each in talked],
        language=body.language,
        interpreter=body.interpreter,
        topics=list(body.topics),
        held_on=body.held_on,
        held_by=act.by,
        occurred_at=on_day(act, body.held_on, body),
        recorded_at=act.now,
    )
    session.add(row)
    fact = CounsellingHeld(session=row.id, held_on=body.held_on)
    row.event_id = await stage(session, act, fact, key=case.id, subject=row.id, occurred=row.occurred_at)
    return row
