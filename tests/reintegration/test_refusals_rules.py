"""What a refusal tells besides its sentence, so that somebody can go on: the line, the day, what is left."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from services.reintegration.approvals.rules import ApprovedByYouAlready, is_complete_with
from services.reintegration.cases.rules import BeforeTheArrival, check_not_before
from services.reintegration.closures.rules import ClosureIncomplete, Done, check_complete
from services.reintegration.feasibility.rules import GRID, Finding, GridDoesNotFit, check_findings
from services.reintegration.lines.rules import (
    Entitled,
    LessThanMoved,
    LineKeepsItsAccount,
    TooManyDecimals,
    budget_of,
    check_fits,
    check_keeps_account,
    check_not_less,
)
from services.reintegration.payments.rules import (
    LatePaymentUnexplained,
    OtherCurrency,
    TooEarly,
    check_money,
    check_window,
)
from services.reintegration.postarrival.rules import PostArrivalWindowOver, Window, check_in_window
from shared.contracts.reintegration import AssistanceClosureReason
from shared.problems import Problem

DAY = date(2021, 12, 20)
ONE = timedelta(days=1)
NOON = datetime(2021, 12, 20, 12, 0, tzinfo=UTC)
ACCOUNT = {
    "code": "tools",
    "modality": "in_kind",
    "package_line": "start",
    "currency": "EUR",
    "project_code": "P",
    "budget_line": "B",
}
LINE: Any = SimpleNamespace(**ACCOUNT)
OTHER: Any = SimpleNamespace(**{**ACCOUNT, "budget_line": "C"})
CASH_ROW = GRID.options[0]


@pytest.mark.parametrize(
    ("refuse", "kind", "told"),
    [
        (lambda: is_complete_with("a", ["a"], 2), ApprovedByYouAlready, {"needed": 2}),
        (lambda: check_not_before(DAY - 2 * ONE, NOON), BeforeTheArrival, {"arrived_on": "2021-12-20"}),
        (lambda: check_findings("barter", {}), GridDoesNotFit, {"options": ["cash", "in_kind", "service", "voucher"]}),
        (
            lambda: check_findings("cash", {"no_income": Finding.MET}),
            GridDoesNotFit,
            {"criteria": list(CASH_ROW.criteria)},
        ),
        (
            lambda: check_fits(Decimal(0), Decimal(9), Decimal("0.001"), "EUR"),
            TooManyDecimals,
            {"decimals": 2},
        ),
        (lambda: check_keeps_account(LINE, OTHER), LineKeepsItsAccount, {"line": "tools"}),
        (
            lambda: check_not_less("tools", Decimal(3), Decimal("3.50")),
            LessThanMoved,
            {"line": "tools", "at_least": "3.50"},
        ),
        (lambda: check_window(DAY - ONE, DAY, DAY, None), TooEarly, {"due_from": "2021-12-20"}),
        (lambda: check_window(DAY + ONE, DAY, DAY, None), LatePaymentUnexplained, {"due_until": "2021-12-20"}),
        (lambda: check_money("USD", "EUR", DAY, DAY), OtherCurrency, {"approved": "EUR"}),
        (
            lambda: check_in_window(DAY + 2 * ONE, DAY, None, Window(working_days=1)),
            PostArrivalWindowOver,
            {"until": "2021-12-21"},
        ),
    ],
)
def test_a_refusal_tells_what_is_needed_to_go_on(
    refuse: Callable[[], Any], kind: type[Problem], told: dict[str, Any]
) -> None:
    with pytest.raises(kind) as refusal:
        refuse()
    assert refusal.value.members == told


def test_a_closure_names_the_line_that_has_an_open_order_or_is_owed_for() -> None:
    done = Done(orders_open=("stove",), invoices_unpaid=("tools",))
    with pytest.raises(ClosureIncomplete) as refusal:
        check_complete(AssistanceClosureReason.DIED, [], done, approved=True)
    assert refusal.value.members["missing"] == [
        {"code": "order_open", "line": "stove"},
        {"code": "invoice_not_paid", "line": "tools"},
    ]


def test_a_package_of_which_nothing_is_planned_tells_amounts_of_its_currency() -> None:
    entitled = Entitled("cash", uuid4(), Decimal("100.00"), "EUR")
    [budget] = budget_of({"start": entitled}, [], approved=True)
    assert [f"{each}" for each in (budget.planned, budget.committed, budget.spent)] == ["0.00"] * 3
    assert budget.left == Decimal(100)
