"""Reads of items of protection."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from services.registration.cases.queries import CaseFile
from services.registration.cases.rules import Alone, how_alone
from services.registration.children.models import ProtectionItem
from services.registration.children.rules import missing_items
from shared.database import Session

__all__ = ["ProtectionItem", "children_alone", "items_of", "missing_items", "standing_items"]


def children_alone(file: CaseFile, on: date) -> dict[UUID, Alone]:
    """Children of the case for whom nobody in it is responsible, and how they are alone."""
    adults = [each.relation for each in file.members.values() if each.is_adult(on)]
    return {
        each.id: how_alone(each.relation, adults)
        for each in file.members.values()
        if not each.is_adult(on) and not each.responsible
    }


async def items_of(session: Session, case_id: UUID, before: UUID | None, limit: int) -> Sequence[ProtectionItem]:
    """Newest first, also those taken back; one more than `limit` where more follow."""
    rows = select(ProtectionItem).where(ProtectionItem.case_id == case_id)
    if before is not None:
        rows = rows.where(col(ProtectionItem.id) < before)
    return (await session.exec(rows.order_by(col(ProtectionItem.id).desc()).limit(limit + 1))).all()


async def standing_items(session: Session, case_id: UUID) -> dict[UUID, list[tuple[str, str]]]:
    """By individual, (item, finding) of what stands: at most one of each item."""
    rows = select(ProtectionItem.individual_id, ProtectionItem.item, ProtectionItem.finding).where(
        ProtectionItem.case_id == case_id, col(ProtectionItem.taken_back_at).is_(None)
    )
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for individual, item, finding in (await session.exec(rows)).all():
        found[individual].append((item, finding))
    return found
