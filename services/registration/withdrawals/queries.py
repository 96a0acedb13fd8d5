"""Reads of withdrawals."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.withdrawals.models import Statement
from services.registration.withdrawals.rules import Outcome, WithdrawalChannel
from shared.database import Session

__all__ = ["Statement", "WithdrawalChannel", "late_statements", "origins_of", "statements_of"]


async def statements_of(session: Session, case_id: UUID) -> Sequence[Statement]:
    """Newest first."""
    rows = select(Statement).where(Statement.case_id == case_id).order_by(col(Statement.id).desc())
    return (await session.exec(rows)).all()


async def origins_of(session: Session, case_id: UUID) -> set[tuple[UUID, UUID]]:
    """(individual, origin) of all statements of a case."""
    rows = select(Statement.individual_id, Statement.origin).where(Statement.case_id == case_id)
    return {(individual, origin) for individual, origin in (await session.exec(rows)).all()}


async def late_statements(session: Session, case_id: UUID, individuals: Iterable[UUID]) -> Sequence[Statement]:
    """Those of these individuals that came too late and have not become withdrawals, oldest first."""
    rows = select(Statement).where(
        Statement.case_id == case_id,
        Statement.outcome == Outcome.TOO_LATE,
        col(Statement.settled_at).is_(None),
        col(Statement.individual_id).in_(list(individuals)),
    )
    return (await session.exec(rows.order_by(col(Statement.id)))).all()
