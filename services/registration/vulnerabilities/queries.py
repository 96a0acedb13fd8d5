"""Reads of vulnerability."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.vulnerabilities.models import (
    PlanStep,
    Priority,
    VulnerabilityAssessment,
    VulnerabilityCategory,
)
from shared.database import Session

__all__ = ["VulnerabilityCategory", "assessments_of", "categories_of", "priorities_of", "steps_of"]


async def assessments_of(
    session: Session, case_id: UUID, before: UUID | None, limit: int
) -> Sequence[VulnerabilityAssessment]:
    """Newest first, one more than `limit` where more follow."""
    rows = select(VulnerabilityAssessment).where(VulnerabilityAssessment.case_id == case_id)
    if before is not None:
        rows = rows.where(col(VulnerabilityAssessment.id) < before)
    return (await session.exec(rows.order_by(col(VulnerabilityAssessment.id).desc()).limit(limit + 1))).all()


async def categories_of(session: Session, assessments: Iterable[UUID]) -> dict[UUID, list[str]]:
    """By assessment, in one query."""
    rows = select(VulnerabilityCategory).where(col(VulnerabilityCategory.assessment_id).in_(list(assessments)))
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in (await session.exec(rows.order_by(col(VulnerabilityCategory.category)))).all():
        found[row.assessment_id].append(row.category)
    return found


async def steps_of(session: Session, assessments: Iterable[UUID]) -> dict[UUID, list[PlanStep]]:
    """By assessment, in their order, in one query."""
    rows = select(PlanStep).where(col(PlanStep.assessment_id).in_(list(assessments))).order_by(col(PlanStep.id))
    found: dict[UUID, list[PlanStep]] = defaultdict(list)
    for row in (await session.exec(rows)).all():
        found[row.assessment_id].append(row)
    return found


async def priorities_of(session: Session, case_id: UUID) -> Sequence[Priority]:
    """The levels that stand, of a case."""
    rows = select(Priority).where(Priority.case_id == case_id).order_by(col(Priority.individual_id))
    return (await session.exec(rows)).all()
