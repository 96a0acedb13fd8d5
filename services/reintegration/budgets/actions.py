"""Budgets, and the one way in which money moves on them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.reintegration.budgets.models import Budget, BudgetEntry
from services.reintegration.budgets.queries import Account, budget_for, budgets_locked, moved_on, projects_with_budgets
from services.reintegration.budgets.rules import (
    BudgetExists,
    Entry,
    Holding,
    LineWithoutBudget,
    Movement,
    after,
    check_amount,
    standing,
)
from services.reintegration.budgets.schemas import BudgetBody
from shared.act import Act
from shared.concurrency import alone_with, touch
from shared.database import Session, new_id


async def add_budget(session: Session, act: Act, body: BudgetBody) -> Budget:
    """It begins with what moved on its account before there was a budget. Raises `BudgetExists`, `BelowCommitted`."""
    account = (body.project_code, body.budget_line, body.currency)
    await alone_with(session, "budget", *account)
    there = await budget_for(session, account)
    if there is not None:
        raise BudgetExists(budget=there.id)
    before = standing(await moved_on(session, account))
    check_amount(body.amount, before.committed)
    budget = Budget(id=new_id(), **dict(body), made_by=act.by, made_at=act.now)
    budget.committed, budget.paid = before.committed, before.paid
    session.add(budget)
    return budget


async def change_budget(budget: Budget, amount: Decimal) -> None:
    """Changes what a locked budget holds. Raises `BelowCommitted`."""
    check_amount(amount, budget.committed)
    budget.amount = amount
    touch(budget)


async def move_money(
    session: Session, act: Act, event: UUID, case_id: UUID, plan_id: UUID, on: date, entries: Sequence[Entry]
) -> None:
    """Writes the movements into the ledger and onto their budgets, which are locked last, after case and plan. A
    project without any budget is held by nothing, and its movements are kept all the same.

    Raises `BudgetExceeded`, `LineWithoutBudget`.
    """
    entries = [entry for entry in entries if entry.amount]
    budgets = await _held_by(session, {entry.account for entry in entries})
    await _check_known(session, [entry for entry in entries if entry.movement is Movement.COMMITTED], budgets)
    for budget in budgets:
        account = (budget.project_code, budget.budget_line, budget.currency)
        its = [entry for entry in entries if entry.account == account]
        holds = after(Holding(budget.amount, budget.committed, budget.paid), its, budget.budget_line)
        budget.committed, budget.paid = holds.committed, holds.paid
        touch(budget)
    session.add_all(
        BudgetEntry(
            id=new_id(),
            event_id=event,
            case_id=case_id,
            plan_id=plan_id,
            line_id=entry.line,
            project_code=entry.project_code,
            budget_line=entry.budget_line,
            currency=entry.currency,
            movement=entry.movement,
            amount=entry.amount,
            moved_on=on,
            recorded_at=act.now,
        )
        for entry in entries
    )


async def _held_by(session: Session, accounts: set[Account]) -> list[Budget]:
    """The budgets of these accounts, locked. On an account that has none yet nobody else adds one until the commit."""
    there = list(await budgets_locked(session, accounts))
    without = accounts - {(each.project_code, each.budget_line, each.currency) for each in there}
    for account in sorted(without):
        await alone_with(session, "budget", *account)
    return [*there, *await budgets_locked(session, without)] if without else there


async def _check_known(session: Session, committed: Sequence[Entry], budgets: Sequence[Budget]) -> None:
    """A budget line that is mistyped must not go round the budgets that its project has. Raises `LineWithoutBudget`."""
    held = {(each.project_code, each.budget_line, each.currency) for each in budgets}
    astray = [entry for entry in committed if entry.account not in held]
    if astray:
        known = await projects_with_budgets(session, {entry.project_code for entry in astray})
        for entry in astray:
            if entry.project_code in known:
                raise LineWithoutBudget(budget_line=entry.budget_line, currency=entry.currency)
