"""Verbs of outreach."""

from uuid import UUID

from services.registration.outreach.models import InformationSession, OutreachVisit
from services.registration.outreach.schemas import SessionBody, VisitBody
from shared.act import Act
from shared.database import Session, new_id
from shared.occurrence import when


async def record_outreach_visit(session: Session, act: Act, site_id: UUID, body: VisitBody) -> OutreachVisit:
    """Raises what `when` raises."""
    visit = OutreachVisit(
        id=new_id(),
        site_id=site_id,
        team=body.team,
        purpose=body.purpose,
        people_spoken_to=body.people_spoken_to,
        occurred_at=when(act, body),
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(visit)
    return visit


async def record_information_session(
    session: Session, act: Act, site_id: UUID, body: SessionBody
) -> InformationSession:
    """Raises what `when` raises."""
    held = InformationSession(
        id=new_id(),
        site_id=site_id,
        language=body.language,
        interpreter=body.interpreter,
        topics=[str(each) for each in body.topics],
        attendance=[each.model_dump(mode="json") for each in body.attendance],
        attended=sum(each.people for each in body.attendance),
        occurred_at=when(act, body),
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(held)
    return held
