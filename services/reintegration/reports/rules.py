"""The report for a donor: what counts, and how it adds up. People and activities are counted apart (domain.md, 7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from services.reintegration.budgets.rules import ZERO, Movement
from shared.problems import Problem

DEFINITION: Final = (
    "Money of one project by budget line and currency, and what was done for whom. Committed, released, paid and "
    "reversed are what happened from `since` to `until`, both days included, by the business day of each movement. An "
    "activity is one payment that was not reversed, one delivery with its certificate, or, of a case that the project "
    "has committed money for, one visit, one talk or one help right after the arrival: where several projects have, it "
    "counts in the report of each. A case or a person helped by several activities counts once. All of it as known "
    "when the fact at `as_known_at` was told: later entries change later answers and never this one."
)


class PeriodTurned(Problem):
    slug = "period-turned"
    status = 422
    title = "The period ends before it begins"
    remedy = "Give `until` as the same day as `since`, or a later one."


class NotKnownYet(Problem):
    slug = "position-not-known-yet"
    status = 422
    title = "Nothing was told at that position yet"
    remedy = "Leave `as_known_at` out for what is known now, or give the position that an earlier report named."


@dataclass(frozen=True, slots=True)
class Moved:
    """The sum of one kind of movement on one account."""

    budget_line: str
    currency: str
    movement: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AccountTotals:
    budget_line: str
    currency: str
    committed: Decimal
    released: Decimal
    paid: Decimal
    reversed: Decimal
    delivered: Decimal

    @property
    def net_committed(self) -> Decimal:
        return self.committed - self.released

    @property
    def net_paid(self) -> Decimal:
        return self.paid - self.reversed


def totals(moved: Iterable[Moved]) -> list[AccountTotals]:
    """By budget line and currency, in that order."""
    by_account: dict[tuple[str, str], dict[str, Decimal]] = {}
    for each in moved:
        sums = by_account.setdefault((each.budget_line, each.currency), {})
        sums[each.movement] = sums.get(each.movement, ZERO) + each.amount
    return [_account(*account, by_account[account]) for account in sorted(by_account)]


def _account(budget_line: str, currency: str, sums: Mapping[str, Decimal]) -> AccountTotals:
    return AccountTotals(budget_line, currency, *(sums.get(each, ZERO) for each in Movement))


def check_period(since: date, until: date) -> None:
    """Raises `PeriodTurned`."""
    if until < since:
        raise PeriodTurned()
