"""Budgets, and the one way in which money moves on them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.reintegration.budgets.models import Budget, BudgetEntry
from services.reintegration.budgets.queries import budget_for, budgets_locked
from services.reintegration.budgets.rules import BudgetExists, Entry, Holding, after, check_amount
from services.reintegration.budgets.schemas import BudgetBody
from shared.act import Act
from shared.concurrency import alone_with, touch
from shared.database import Session, new_id


async def add_budget(session: Session, act: Act, body: BudgetBody) -> Budget:
    """Raises `BudgetExists`."""
    account = (body.project_code, body.budget_line, body.currency)
    await alone_with(session, "budget", *account)
    there = await budget_for(session, account)
    if there is not None:
        raise BudgetExists(budget=there.id)
    budget = Budget(id=new_id(), **dict(body), made_by=act.by, made_at=act.now)
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
    project without a budget for the line is held by nothing, and its movements are kept all the same.

    Raises `BudgetExceeded`.
    """
    entries = [entry for entry in entries if entry.amount]
    for budget in await budgets_locked(session, [entry.account for entry in entries]):
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
