"""Verbs of head counts."""

from uuid import UUID

from sqlmodel import select

from services.registration.headcounts.models import Headcount
from services.registration.headcounts.rules import CorrectionHasNoTime, CountCorrectedAlready, CountNotOfSite
from services.registration.headcounts.schemas import HeadcountBody
from shared.act import Act
from shared.concurrency import locked
from shared.database import Session, new_id
from shared.occurrence import when


async def record_headcount(session: Session, act: Act, site_id: UUID, body: HeadcountBody) -> Headcount:
    """Raises `CountNotOfSite`, `CorrectionHasNoTime`, `CountCorrectedAlready`, and as `when`."""
    if body.corrects is None:
        occurred_at = when(act, body)
    else:
        wrong = await locked(session, Headcount, body.corrects)
        if wrong is None or wrong.site_id != site_id:
            raise CountNotOfSite()
        if body.occurred_at is not None:
            raise CorrectionHasNoTime()
        if (await session.exec(select(Headcount.id).where(Headcount.corrects == wrong.id))).first() is not None:
            raise CountCorrectedAlready()
        occurred_at = wrong.occurred_at
    count = Headcount(
        **body.model_dump(exclude={"occurred_at"}),
        id=new_id(),
        site_id=site_id,
        occurred_at=occurred_at,
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(count)
    return count
