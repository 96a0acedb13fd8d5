"""Verbs of disputes about an age."""

from sqlmodel import col, select

from services.registration.cases.actions import derive_protection, tell_case
from services.registration.cases.queries import CaseFile, Standing
from services.registration.declarations.actions import lapse_if_unsigned
from services.registration.disputes.models import AgeDispute
from services.registration.disputes.rules import AgeDisputedAlready, AgeNotDisputed
from services.registration.disputes.schemas import AgeSettlementBody
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.registration import CaseCorrected
from shared.database import Session, new_id


async def dispute_age(session: Session, act: Act, file: CaseFile, standing: Standing) -> AgeDispute:
    """The person counts as a child from now on. Raises `AgeDisputedAlready`."""
    if standing.individual.age_disputed:
        raise AgeDisputedAlready()
    row = raise_dispute(session, act, file, standing)
    await _follow(session, act, file, standing, disputed=True)
    return row


def raise_dispute(session: Session, act: Act, file: CaseFile, standing: Standing) -> AgeDispute:
    """Without what follows from it, which is the caller's to tell."""
    row = AgeDispute(id=new_id(), case_id=file.id, individual_id=standing.id, raised_at=act.now, raised_by=act.by)
    session.add(row)
    standing.individual.age_disputed = True
    return row


async def settle_age(
    session: Session, act: Act, file: CaseFile, standing: Standing, body: AgeSettlementBody
) -> AgeDispute:
    """The person is again of the age that their birth date says. Raises `AgeNotDisputed`."""
    live = select(AgeDispute).where(AgeDispute.individual_id == standing.id, col(AgeDispute.settled_at).is_(None))
    row = (await session.exec(live)).first()
    if row is None:
        raise AgeNotDisputed()
    row.settled_at = act.now
    row.settled_by = act.by
    row.basis = body.basis
    row.version += 1
    await _follow(session, act, file, standing, disputed=False)
    return row


async def _follow(session: Session, act: Act, file: CaseFile, standing: Standing, *, disputed: bool) -> None:
    standing.individual.age_disputed = disputed
    touch(standing.individual)
    file.settle()
    await tell_case(session, act, file, CaseCorrected)
    await derive_protection(session, act, file)
    await lapse_if_unsigned(session, act, file, standing)
