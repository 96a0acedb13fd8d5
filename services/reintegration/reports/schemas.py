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
    """Things done, each counted; never added to people. `visits` and `help_after_arrival` by their kind, where there
    were any; `talks`: counselling sessions about the time after the return."""

    payments: int
    deliveries: int
    visits: dict[str, int]
    talks: int
    help_after_arrival: dict[str, int]


class DonorReport(Answer):
    """`as_known_at`: the position to ask with again, for the same answer. `cases`: helped by at least one activity;
    `people`: who had arrived when the plans were approved that were paid or delivered on, and who was visited, talked
    to or helped."""

    definition: str
    project: str
    since: date
    until: date
    as_known_at: int
    cases: int
    people: int
    activities: ActivitiesAnswer
    money: list[AccountAnswer]
