"""What a budget holds, and what moves it. Amounts are Decimal, in the budget's own currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from shared.problems import Problem

ZERO = Decimal("0.00")
AccountCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")]
"""What the books call a project, a budget line, a provider or a paper."""


class Movement(StrEnum):
    """What an entry of the ledger says. `delivered` moves no money: it is what certificates show."""

    COMMITTED = "committed"
    RELEASED = "released"
    PAID = "paid"
    REVERSED = "reversed"
    DELIVERED = "delivered"


class BudgetExists(Problem):
    slug = "budget-exists"
    status = 409
    title = "There is a budget for that project, budget line and currency"
    remedy = "Change the amount of the one there is, which `budget` names."


class BudgetExceeded(Problem):
    slug = "budget-exceeded"
    status = 409
    title = "A budget has less left than this plan commits"
    remedy = "`left` says what the budget line named has left: revise the plan, or have the budget raised first."


class LineWithoutBudget(Problem):
    slug = "budget-line-without-budget"
    status = 409
    title = "The project has budgets, and none for that budget line and currency"
    remedy = "Look whether `budget_line` is written as in the books; else have a budget added for it first."


class BelowCommitted(Problem):
    slug = "budget-below-committed"
    status = 409
    title = "More than that is committed already"
    remedy = "`committed` says how much: release lines of plans first, or leave the budget at least so large."


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement on one line of a plan. Positive."""

    movement: Movement
    line: UUID
    project_code: str
    budget_line: str
    currency: str
    amount: Decimal

    @property
    def account(self) -> tuple[str, str, str]:
        return (self.project_code, self.budget_line, self.currency)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a budget holds."""

    amount: Decimal
    committed: Decimal
    paid: Decimal

    @property
    def left(self) -> Decimal:
        return self.amount - self.committed


def standing(entries: Iterable[Entry]) -> Holding:
    """What is committed and paid by these movements, whatever an account may hold."""
    everything = Decimal("Infinity")
    return after(Holding(everything, ZERO, ZERO), entries, "")


def after(holding: Holding, entries: Iterable[Entry], budget_line: str) -> Holding:
    """The budget after these movements. Raises `BudgetExceeded` where more is committed than it holds."""
    committed, paid = holding.committed, holding.paid
    for entry in entries:
        match entry.movement:
            case Movement.COMMITTED:
                committed += entry.amount
            case Movement.RELEASED:
                committed -= entry.amount
            case Movement.PAID:
                paid += entry.amount
            case Movement.REVERSED:
                paid -= entry.amount
            case Movement.DELIVERED:
                pass
    if committed > holding.amount and committed > holding.committed:
        raise BudgetExceeded(budget_line=budget_line, left=holding.left, wanted=committed - holding.committed)
    return Holding(holding.amount, committed, paid)


def check_amount(amount: Decimal, committed: Decimal) -> None:
    """Raises `BelowCommitted`."""
    if amount < committed:
        raise BelowCommitted(committed=committed)
