"""Reads of budgets."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import col, select

from services.reintegration.budgets.models import Budget, BudgetEntry
from services.reintegration.budgets.rules import Entry, Movement
from services.reintegration.lines.queries import PlanLine
from services.reintegration.plans.queries import Plan
from shared.database import Session
from shared.problems import NotFound

__all__ = [
    "Account",
    "Budget",
    "BudgetEntry",
    "budget_for",
    "budget_with",
    "budgets_after",
    "budgets_locked",
    "moved_on",
    "planned_on",
    "projects_with_budgets",
]

Account = tuple[str, str, str]
"""Project, budget line, currency."""
NO_LINE: Final = UUID(int=0)
"""Of a sum over lines."""
NOT_YET_APPROVED = ("draft", "submitted", "sent_back")


async def budget_with(session: Session, budget_id: UUID) -> Budget:
    """Raises `NotFound`."""
    found = await session.get(Budget, budget_id)
    if found is None:
        raise NotFound("budget")
    return found


async def budget_for(session: Session, account: Account) -> Budget | None:
    project_code, budget_line, currency = account
    rows = select(Budget).where(
        Budget.project_code == project_code, Budget.budget_line == budget_line, Budget.currency == currency
    )
    return (await session.exec(rows)).first()


async def budgets_locked(session: Session, accounts: Iterable[Account]) -> Sequence[Budget]:
    """Those that there are, locked until the commit in the order of their ids."""
    wanted = tuple_(col(Budget.project_code), col(Budget.budget_line), col(Budget.currency)).in_(sorted(set(accounts)))
    rows = select(Budget).where(wanted).order_by(col(Budget.id)).with_for_update()
    return (await session.exec(rows.execution_options(populate_existing=True))).all()


async def projects_with_budgets(session: Session, projects: Iterable[str]) -> set[str]:
    """Those of these projects that have any budget."""
    rows = select(Budget.project_code).where(col(Budget.project_code).in_(sorted(projects))).distinct()
    return set((await session.exec(rows)).all())


async def moved_on(session: Session, account: Account) -> Sequence[Entry]:
    """What moved on an account so far, summed by movement."""
    project_code, budget_line, currency = account
    rows = (
        select(BudgetEntry.movement, func.sum(BudgetEntry.amount))
        .where(
            BudgetEntry.project_code == project_code,
            BudgetEntry.budget_line == budget_line,
            BudgetEntry.currency == currency,
        )
        .group_by(col(BudgetEntry.movement))
    )
    found: Sequence[Any] = (await session.exec(rows)).all()
    return [Entry(Movement(movement), NO_LINE, *account, total) for movement, total in found]


async def budgets_after(session: Session, project: str | None, after: UUID | None, limit: int) -> Sequence[Budget]:
    """Up to `limit` + 1 budgets in the order of their ids."""
    rows = select(Budget).order_by(col(Budget.id)).limit(limit + 1)
    if project is not None:
        rows = rows.where(Budget.project_code == project)
    if after is not None:
        rows = rows.where(col(Budget.id) > after)
    return (await session.exec(rows)).all()


async def planned_on(session: Session, budgets: Sequence[Budget]) -> Mapping[Account, Decimal]:
    """What plans that are not approved yet would take, by account. One query, however many budgets."""
    projects = sorted({each.project_code for each in budgets})
    rows = (
        select(PlanLine.project_code, PlanLine.budget_line, PlanLine.currency, func.sum(PlanLine.amount))
        .join(Plan, col(Plan.id) == col(PlanLine.plan_id))
        .where(col(Plan.status).in_(NOT_YET_APPROVED), col(PlanLine.project_code).in_(projects))
        .group_by(col(PlanLine.project_code), col(PlanLine.budget_line), col(PlanLine.currency))
    )
    return {(project, line, currency): total for project, line, currency, total in (await session.exec(rows)).all()}
