"""Reads of decisions: the row with its record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.eligibility.decisions.models import Decision
from services.eligibility.decisions.rules import Record
from shared.database import Session
from shared.problems import NotFound


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision as it was made."""

    row: Decision
    record: Record

    @property
    def attempts(self) -> dict[UUID, int]:
        return {member.individual: member.attempt for member in self.record.inputs.members}


def kept(row: Decision) -> KeptDecision:
    return KeptDecision(row, Record.model_validate_json(bytes(row.record)))


async def decision_of_id(session: Session, decision_id: UUID) -> KeptDecision:
    """Raises `NotFound`."""
    row = await session.get(Decision, decision_id)
    if row is None:
        raise NotFound("decision")
    return kept(row)


# Built once: making a statement anew costs twice what asking it does.
_BY_ID = select(Decision).where(col(Decision.id).in_(bindparam("ids", expanding=True)))


async def decisions_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, KeptDecision]:
    rows = await session.exec(_BY_ID, params={"ids": list(ids)})
    return {row.id: kept(row) for row in rows}


async def decisions_of_case(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[Decision]:
    """One more than `limit`, the oldest first."""
    rows = select(Decision).where(Decision.case_id == case_id).order_by(col(Decision.id)).limit(limit + 1)
    if after is not None:
        rows = rows.where(col(Decision.id) > after)
    return (await session.exec(rows)).all()
