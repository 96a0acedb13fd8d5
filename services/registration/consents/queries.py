"""Reads of consents."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.consents.models import Consent
from services.registration.consents.rules import Purpose
from shared.database import Session

__all__ = ["Purpose", "consents_of", "covered"]


async def consents_of(session: Session, case_id: UUID) -> Sequence[Consent]:
    """Newest first, also those taken back."""
    return (
        await session.exec(select(Consent).where(Consent.case_id == case_id).order_by(col(Consent.id).desc()))
    ).all()


async def covered(session: Session, individual_ids: Iterable[UUID], purpose: Purpose) -> set[UUID]:
    """Those of the individuals who consent to that purpose now."""
    rows = select(Consent.individual_id).where(
        col(Consent.individual_id).in_(list(individual_ids)),
        Consent.purpose == purpose,
        col(Consent.withdrawn_at).is_(None),
    )
    return set((await session.exec(rows)).all())
