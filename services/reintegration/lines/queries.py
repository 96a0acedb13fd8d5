"""Reads of plan lines and instalments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.facts.queries import DecisionKept
from services.reintegration.lines.models import Instalment, PlanLine
from services.reintegration.lines.rules import (
    ZERO,
    Entitled,
    LineState,
    NoPackage,
    PackageLineBudget,
    as_kept,
    budget_of,
    check_days,
    check_within,
)
from services.reintegration.windows.rules import days_for
from shared.database import Session
from shared.problems import NotFound

__all__ = [
    "Entitled",
    "Instalment",
    "LineState",
    "PackageLineBudget",
    "PlanLine",
    "as_kept",
    "budget_of",
    "check_days",
    "check_within",
    "entitlements",
    "instalments_of",
    "line_states",
    "lines_of",
    "locked_line",
    "package_of",
    "state_of",
]


async def lines_of(session: Session, plan_id: UUID) -> Sequence[PlanLine]:
    """The plan's lines in the author's order."""
    rows = select(PlanLine).where(PlanLine.plan_id == plan_id).order_by(col(PlanLine.ordinal))
    return (await session.exec(rows.execution_options(populate_existing=True))).all()


async def instalments_of(session: Session, lines: Sequence[PlanLine]) -> Mapping[UUID, list[Instalment]]:
    """By line, in the order of their numbers."""
    found: dict[UUID, list[Instalment]] = {line.id: [] for line in lines}
    rows = select(Instalment).where(col(Instalment.line_id).in_(found)).order_by(col(Instalment.number))
    for each in (await session.exec(rows.execution_options(populate_existing=True))).all():
        found[each.line_id].append(each)
    return found


async def line_states(session: Session, plan_id: UUID | None) -> list[LineState]:
    """What has become of each line of the plan; none without a plan."""
    if plan_id is None:
        return []
    lines = await lines_of(session, plan_id)
    instalments = await instalments_of(session, lines)
    return [state_of(line, instalments[line.id]) for line in lines]


def state_of(line: PlanLine, instalments: Sequence[Instalment]) -> LineState:
    paid = sum((each.paid for each in instalments), ZERO)
    return LineState(
        line.id,
        line.code,
        line.modality,
        line.package_line,
        line.amount,
        paid,
        line.delivered,
        line.released_at is not None,
    )


async def locked_line(session: Session, plan_id: UUID, line_id: UUID) -> PlanLine:
    """The line, read again; its plan is locked by the caller. Raises `NotFound` for a line of another plan."""
    line = await session.get(PlanLine, line_id, populate_existing=True)
    if line is None or line.plan_id != plan_id:
        raise NotFound("line of this plan")
    return line


def package_of(decision: DecisionKept | None, arrived: Mapping[UUID, datetime]) -> dict[str, Entitled]:
    """The package for after the return by the names of its lines, and for those who `arrived`.

    Raises `NoPackage` without a positive decision.
    """
    if decision is None or decision.outcome != "eligible":
        raise NoPackage()
    return entitlements(decision, arrived)


def entitlements(decision: DecisionKept, arrived: Mapping[UUID, datetime]) -> dict[str, Entitled]:
    """The decision's lines for after the return by their names."""
    return {
        each.line: Entitled(
            each.modality,
            each.individual,
            each.amount,
            decision.currency,
            days_for(each.window, each.individual, arrived),
        )
        for each in decision.after_return
    }
