"""Reads of consents."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.consents.models import Consent
from services.registration.consents.rules import Purpose
from shared.database import Session

__all__ = ["Purpose", "consent_to_refer", "consents_of", "covered"]


async def consents_of(session: Session, case_id: UUID) -> Sequence[Consent]:
    """Newest first, also those taken back."""
    return (
        await session.exec(select(Consent).where(Consent.case_id == case_id).order_by(col(Consent.id).desc()))
    ).all()


async def covered(
    session: Session, individual_ids: Iterable[UUID], purpose: Purpose, recipients: Iterable[str]
) -> set[UUID]:
    """Those of the individuals who consent now that one of these recipients has their data for that purpose."""
    rows = select(Consent.individual_id).where(
        col(Consent.individual_id).in_(list(individual_ids)),
        Consent.purpose == purpose,
        col(Consent.recipient).in_(list(recipients)),
        col(Consent.withdrawn_at).is_(None),
    )
    return set((await session.exec(rows)).all())


async def consent_to_refer(session: Session, individual_id: UUID, recipient: str) -> UUID | None:
    """The consent, given and not taken back, that lets this agency have the person's data for a referral."""
    rows = select(Consent.id).where(
        Consent.individual_id == individual_id,
        Consent.purpose == Purpose.REFERRAL,
        Consent.recipient == recipient,
        col(Consent.withdrawn_at).is_(None),
    )
    return (await session.exec(rows.order_by(col(Consent.id).desc()).limit(1))).first()
