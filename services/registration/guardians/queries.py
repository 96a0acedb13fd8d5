"""Reads of guardianships."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.registration.cases.queries import CaseFile
from services.registration.guardians.models import Guardianship
from services.registration.guardians.rules import Link
from shared.database import Session

__all__ = ["Guardianship", "guardians_of", "link_of", "links_in", "shown_in", "wards_lost_since"]


async def guardians_of(session: Session, case_id: UUID, before: UUID | None, limit: int) -> Sequence[Guardianship]:
    """Newest first, also those ended; one more than `limit` where more follow."""
    rows = select(Guardianship).where(Guardianship.case_id == case_id)
    if before is not None:
        rows = rows.where(col(Guardianship.id) < before)
    return (await session.exec(rows.order_by(col(Guardianship.id).desc()).limit(limit + 1))).all()


async def shown_in(session: Session, case_id: UUID) -> set[tuple[UUID, UUID]]:
    """Child and guardian of each guardianship that is not ended, also where one of them has left the case."""
    rows = select(Guardianship.individual_id, Guardianship.guardian_id).where(
        Guardianship.case_id == case_id, col(Guardianship.ended_at).is_(None)
    )
    return {(child, guardian) for child, guardian in (await session.exec(rows)).all()}


async def wards_lost_since(session: Session, case_id: UUID, guardian: UUID, since: datetime) -> set[UUID]:
    """The children whose guardianship by that one somebody has ended since then."""
    rows = select(Guardianship.individual_id).where(
        Guardianship.case_id == case_id, Guardianship.guardian_id == guardian, col(Guardianship.ended_at) >= since
    )
    return set((await session.exec(rows)).all())


def link_of(file: CaseFile, child: UUID, adult: UUID) -> Link:
    """Raises `NotAMember`."""
    return Link(child, file.one(child).relation, adult, file.one(adult).relation)


def links_in(file: CaseFile) -> list[Link]:
    return [link_of(file, each.id, one) for each in file.members.values() for one in each.responsible]
