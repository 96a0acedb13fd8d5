"""How many have to approve, by the amount. The limits are provisional: no published figure was found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from shared.problems import Problem


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """One approver up to and including `alone`, by currency; two different ones above, and always where the currency
    has no limit here."""

    alone: Mapping[str, Decimal] = field(default_factory=dict)
    provisional: bool = True


CHAIN: Final = ApprovalRule(
    alone={
        "EUR": Decimal("5000.00"),
        "USD": Decimal("5000.00"),
        "CHF": Decimal("5000.00"),
        "GBP": Decimal("4500.00"),
        "NOK": Decimal("50000.00"),
    }
)


class ApprovedByYouAlready(Problem):
    slug = "approved-by-you-already"
    status = 403
    title = "Your approval is there; the next one has to be somebody else's"
    remedy = "An amount like this takes `needed` different approvers: let another of them look at it."


def approvers_needed(amount: Decimal, currency: str, rule: ApprovalRule = CHAIN) -> int:
    """How many different people have to approve that amount."""
    limit = rule.alone.get(currency)
    return 1 if limit is not None and amount <= limit else 2


def is_complete_with(by: str, signed: Collection[str], needed: int) -> bool:
    """Whether the approval of `by` is the last one that is needed. Raises `ApprovedByYouAlready`."""
    if by in signed:
        raise ApprovedByYouAlready(needed=needed)
    return len(signed) + 1 >= needed
