"""Budgets of projects: what they hold, and what is planned, committed, paid and left."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.reintegration.budgets import actions
from services.reintegration.budgets.models import Budget
from services.reintegration.budgets.queries import Account, budget_with, budgets_after, planned_on
from services.reintegration.budgets.rules import ZERO
from services.reintegration.budgets.schemas import BudgetAmountBody, BudgetAnswer, BudgetBody
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.concurrency import locked
from shared.pagination import Cursor, Limit, Page, page
from shared.pagination import after as after_cursor
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["budgets"])
READERS = allow(Role.PROGRAMME_OFFICER, Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.AUDITOR)
Project = Annotated[str | None, Query(max_length=40)]


@router.post("/budgets", status_code=201, dependencies=[allow(Role.PROGRAMME_OFFICER)])
async def add_budget(body: BudgetBody, call: Call) -> BudgetAnswer:
    """From now on no approval commits more on that budget line than it holds."""
    budget = await actions.add_budget(call.session, call.act, body)
    call.made("/budgets", budget.id)
    return _shown(budget, {}, call)


@router.patch("/budgets/{budget_id}", dependencies=[allow(Role.PROGRAMME_OFFICER)])
async def change_budget(budget_id: UUID, body: BudgetAmountBody, call: Call) -> BudgetAnswer:
    """Raises or lowers it, never below what is committed."""
    budget = await locked(call.session, Budget, budget_id)
    if budget is None:
        raise NotFound("budget")
    call.seen(budget)
    await actions.change_budget(budget, body.amount)
    return _shown(budget, await planned_on(call.session, [budget]), call)


@router.get("/budgets/{budget_id}", dependencies=[READERS])
async def show_budget(budget_id: UUID, call: Call) -> BudgetAnswer:
    budget = await budget_with(call.session, budget_id)
    return _shown(budget, await planned_on(call.session, [budget]), call)


@router.get("/budgets", dependencies=[READERS])
async def list_budgets(
    call: Call, project: Project = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[BudgetAnswer]:
    """All, or those of one project, in the order in which they were added."""
    rows = await budgets_after(call.session, project, after_cursor(cursor), limit)
    planned = await planned_on(call.session, rows)
    return page(rows, limit, lambda row: _shown(row, planned, call, alone=False))


def _shown(row: Budget, planned: Mapping[Account, Decimal], call: CallState, *, alone: bool = True) -> BudgetAnswer:
    if alone:
        call.shows(row)
    return BudgetAnswer(
        budget_id=row.id,
        project_code=row.project_code,
        budget_line=row.budget_line,
        currency=row.currency,
        donor=row.donor,
        amount=row.amount,
        planned=planned.get((row.project_code, row.budget_line, row.currency), ZERO),
        committed=row.committed,
        paid=row.paid,
        left=row.amount - row.committed,
        made_at=row.made_at,
        version=row.version,
        actions=call.offers(["change_budget"], budget_id=row.id),
    )
