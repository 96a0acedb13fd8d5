"""Verbs of referrals."""

from uuid import UUID

from sqlmodel import col, select

from services.registration.cases.queries import CaseFile
from services.registration.consents.queries import consent_to_refer
from services.registration.referrals.models import Referral
from services.registration.referrals.rules import REFERRAL, NoConsentToRefer
from services.registration.referrals.schemas import ReferralBody
from shared.act import Act
from shared.database import Session, new_id
from shared.occurrence import when


async def refer(session: Session, act: Act, file: CaseFile, body: ReferralBody) -> Referral:
    """Raises `NotAMember`, `NoConsentToRefer`, and what `when` raises."""
    person = file.one(body.individual_id)
    consent = await consent_to_refer(session, person.id, body.recipient)
    if consent is None:
        raise NoConsentToRefer()
    row = Referral(
        id=new_id(),
        case_id=file.id,
        individual_id=person.id,
        consent_id=consent,
        recipient=body.recipient,
        need=body.need,
        urgent=body.urgent,
        note=body.note,
        sent_at=when(act, body),
        sent_by=act.by,
        recorded_at=act.now,
    )
    session.add(row)
    file.settle()
    return row


def move_referral(act: Act, row: Referral, verb: str) -> None:
    """Accepted, declined, completed or stopped. Raises `NotPossibleNow`."""
    row.status = REFERRAL.after(row.status, verb)
    if verb in ("accept_referral", "decline_referral"):
        row.answered_at = act.now
    else:
        row.ended_at = act.now
    row.version += 1


async def stop_referrals(session: Session, act: Act, consent_id: UUID) -> None:
    """The consent that they rest on was taken back: what is under way stops. At most a few rest on one consent."""
    rows = select(Referral).where(Referral.consent_id == consent_id, col(Referral.status).in_(("sent", "accepted")))
    for row in (await session.exec(rows.with_for_update())).all():
        move_referral(act, row, "stop_referral")
