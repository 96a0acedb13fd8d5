"""Reads of feasibility checks."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.reintegration.feasibility.models import FeasibilityCheck
from services.reintegration.feasibility.rules import Verdict, check_feasible
from shared.database import Session


async def checks_after(session: Session, case_id: UUID, after: UUID | None, limit: int) -> Sequence[FeasibilityCheck]:
    """Up to `limit` + 1 checks of the case in the order in which they were recorded."""
    rows = select(FeasibilityCheck).where(FeasibilityCheck.case_id == case_id).order_by(col(FeasibilityCheck.id))
    if after is not None:
        rows = rows.where(col(FeasibilityCheck.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def check_modalities(session: Session, case_id: UUID, modalities: Iterable[str]) -> None:
    """Holds the newest check of each option against the modalities of a plan. Raises `ModalityNotFeasible`."""
    newest = (
        select(func.max(FeasibilityCheck.recorded_at), FeasibilityCheck.option)
        .where(FeasibilityCheck.case_id == case_id)
        .group_by(FeasibilityCheck.option)
        .subquery()
    )
    rows = select(FeasibilityCheck.option).join(
        newest,
        (col(FeasibilityCheck.option) == newest.c.option) & (col(FeasibilityCheck.recorded_at) == newest.c[0]),
    )
    bad = rows.where(FeasibilityCheck.case_id == case_id, FeasibilityCheck.verdict == Verdict.NOT_SUITABLE)
    check_feasible(set(modalities), set((await session.exec(bad)).all()))
