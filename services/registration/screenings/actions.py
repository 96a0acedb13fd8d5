"""Verbs of screenings."""

from services.registration.cases.queries import CaseFile
from services.registration.holds.actions import HoldBody, HoldReason, place_hold
from services.registration.screenings.models import Screening
from services.registration.screenings.rules import ScreeningOutcome, hold_reason
from services.registration.screenings.schemas import ScreeningBody
from shared.act import Act
from shared.database import Session, new_id


async def record_screening(session: Session, act: Act, file: CaseFile, body: ScreeningBody) -> Screening:
    """An outcome `hold` also places a hold. Raises `NotAMember`, `DepartureAlreadyCleared`."""
    screened = file.one(body.individual_id)
    hold = None
    if body.outcome is ScreeningOutcome.HOLD:
        wanted = HoldBody(individuals=[screened.id], reason=HoldReason(hold_reason(act.roles)))
        hold = await place_hold(session, act, file, wanted)
        await session.flush()
    else:
        file.settle()
    screening = Screening(
        id=new_id(),
        case_id=file.id,
        individual_id=screened.id,
        level=body.level,
        outcome=body.outcome,
        notes=body.notes,
        hold_id=hold.id if hold else None,
        screened_at=act.now,
        screened_by=act.by,
    )
    session.add(screening)
    return screening
