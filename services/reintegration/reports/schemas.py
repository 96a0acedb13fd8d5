"""The answer to a donor."""

from datetime import date
from decimal import Decimal

from shared.fields import Answer


class AccountAnswer(Answer):
    """One budget line in one currency. `net_committed`: committed less released; `net_paid`: paid less reversed."""

    budget_line: str
    currency: str
    committed: Decimal
    released: Decimal
    net_committed: Decimal
    paid: Decimal
    reversed: Decimal
    net_paid: Decimal
    delivered: Decimal


class ActivitiesAnswer(Answer):
    """Things done, each counted; never added to people."""

    payments: int
    deliveries: int


class DonorReport(Answer):
    """`as_known_at`: the position to ask with again, for the same answer. `cases`: helped by at least one activity;
    `people`: who had arrived when the plans of those cases were approved."""

    definition: str
    project: str
    since: date
    until: date
    as_known_at: int
    cases: int
    people: int
    activities: ActivitiesAnswer
    money: list[AccountAnswer]
