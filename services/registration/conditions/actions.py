"""Verbs of what sites offer."""

from uuid import UUID

from services.registration.conditions.models import SiteCondition
from services.registration.conditions.schemas import ConditionBody
from shared.act import Act
from shared.database import Session, new_id
from shared.occurrence import when


async def record_condition(session: Session, act: Act, site_id: UUID, body: ConditionBody) -> SiteCondition:
    """Raises as `when`."""
    condition = SiteCondition(
        **body.model_dump(exclude={"occurred_at"}),
        id=new_id(),
        site_id=site_id,
        occurred_at=when(act, body),
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(condition)
    return condition
