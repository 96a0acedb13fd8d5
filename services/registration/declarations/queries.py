"""Reads of declarations."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.registration.declarations.models import Declaration
from shared.database import Session

__all__ = ["Declaration", "declarations_of", "end_declaration", "live_declarations"]


async def live_declarations(session: Session, case_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], Declaration]:
    """By (case, individual), in one query."""
    rows = select(Declaration).where(col(Declaration.case_id).in_(list(case_ids)), col(Declaration.ended_at).is_(None))
    return {(row.case_id, row.individual_id): row for row in (await session.exec(rows)).all()}


async def declarations_of(session: Session, case_id: UUID) -> Sequence[Declaration]:
    """Newest first, also those that ended."""
    rows = select(Declaration).where(Declaration.case_id == case_id).order_by(col(Declaration.id).desc())
    return (await session.exec(rows)).all()


def end_declaration(declaration: Declaration | None, how: str, at: datetime) -> None:
    """It stands no longer: `lapsed`, `withdrawn` or `not_admitted`."""
    if declaration is not None:
        declaration.ended_at = at
        declaration.ended_how = how
        declaration.version += 1
