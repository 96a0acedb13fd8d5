"""Reads of referrals."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, or_, select

from services.registration.referrals.models import Referral
from services.registration.referrals.rules import SENSITIVE_NEEDS
from shared.database import Session
from shared.pagination import exactly


async def list_rows(
    session: Session,
    *,
    status: str,
    case_id: UUID | None,
    before: UUID | None,
    limit: int,
    sensitive_of: str | None,
) -> Sequence[Referral]:
    """Those of the status, newest first, one more than `limit` where more follow. `sensitive_of`: of those with a
    sensitive need only what this one sent; None for all."""
    rows = select(Referral)
    if case_id is not None:
        rows = rows.where(Referral.case_id == case_id, Referral.status == status)
    else:
        rows = rows.where(exactly(col(Referral.status), status)).order_by(col(Referral.status).desc())
    if sensitive_of is not None:
        needs = [each.value for each in SENSITIVE_NEEDS]
        rows = rows.where(or_(col(Referral.need).not_in(needs), Referral.sent_by == sensitive_of))
    if before is not None:
        rows = rows.where(col(Referral.id) < before)
    return (await session.exec(rows.order_by(col(Referral.id).desc()).limit(limit + 1))).all()
