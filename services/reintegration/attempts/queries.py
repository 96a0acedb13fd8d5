"""Reads of attempts."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.attempts.models import ContactAttempt, LostContact
from services.reintegration.attempts.rules import Tried
from shared.database import Session

MOST = 500
"""The newest that the rule looks at: nobody is tried so often."""


async def attempts_after(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[ContactAttempt]:
    """Up to `limit` + 1 attempts in the order in which they were recorded."""
    rows = select(ContactAttempt).where(ContactAttempt.case_id == case_id).order_by(col(ContactAttempt.id))
    if after is not None:
        rows = rows.where(col(ContactAttempt.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def tried_so_far(session: Session, case_id: UUID) -> list[Tried]:
    rows = (
        select(ContactAttempt.occurred_at, ContactAttempt.way, ContactAttempt.outcome)
        .where(ContactAttempt.case_id == case_id)
        .order_by(col(ContactAttempt.id).desc())
        .limit(MOST)
    )
    return [Tried(*row) for row in (await session.exec(rows)).all()]


async def lost_contact_of(session: Session, case_id: UUID) -> LostContact | None:
    return await session.get(LostContact, case_id)
