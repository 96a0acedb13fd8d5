"""What a line of a plan may ask for, as plain functions: everything that is wrong is told at once."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.reintegration.lines.rules import (
    CASH,
    Entitled,
    LineKeepsItsAccount,
    LineState,
    MoreThanPackage,
    PackageLineBudget,
    PlanNotConsistent,
    budget_of,
    check_keeps_account,
    check_lines,
    check_shape,
    check_within,
)
from services.reintegration.windows.rules import Payable

DAY = date(2021, 12, 20)
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """An instalment as it is asked for."""

    amount: Decimal
    due_from: date
    due_until: date


@dataclass(frozen=True)
class Asked:
    """A line as it is asked for: of 100 EUR of the grant, in two parts of which the windows touch and overlap."""

    code: str = "L"
    description: str = "a grant"
    modality: str = CASH
    package_line: str = "grant"
    amount: Decimal = Decimal(100)
    currency: str = "EUR"
    project_code: str = "P1"
    budget_line: str = "B1"
    instalments: tuple[Part, ...] = (Part(Decimal(60), DAY, DAY), Part(Decimal(40), DAY, DAY))


PACKAGE = {"grant": Entitled(CASH, None, Decimal(100), "EUR"), "goods": Entitled("in_kind", None, Decimal(9), "EUR")}
TWO = Asked().instalments


@pytest.mark.parametrize(
    ("line", "messages"),
    [
        (Asked(), []),
        (Asked(amount=Decimal(0), instalments=()), ["above zero"]),
        (Asked(instalments=(*TWO, Part(Decimal(0), DAY, DAY))), ["above zero"]),
        (Asked(instalments=TWO[:1]), ["add up"]),
        (
            Asked(instalments=(replace(TWO[0], due_from=DAY + ONE), replace(TWO[1], due_until=DAY + ONE))),
            ["end", "foll"],
        ),
        (Asked(instalments=(TWO[0], replace(TWO[1], due_from=DAY - ONE))), ["follow"]),
        (Asked(instalments=(replace(TWO[0], due_until=DAY + ONE), TWO[1])), ["follow"]),
        (
            Asked(instalments=(replace(TWO[0], due_until=DAY + ONE), TWO[1]), package_line="none"),
            ["follow", "no line of the package"],
        ),
        (Asked(currency="USD"), ["currency, EUR"]),
        (Asked(package_line="goods"), ["as in_kind, not as cash"]),
    ],
)
def test_a_line_that_contradicts_itself_or_the_package_is_told_everything_that_is_wrong(
    line: Asked, messages: list[str]
) -> None:
    found: list[dict[str, str]] = []
    try:
        check_lines([line], PACKAGE)
    except PlanNotConsistent as refusal:
        found = refusal.members["errors"]
    assert [each["line"] for each in found] == ["L"] * len(messages)
    assert all(message in each["message"] for message, each in zip(messages, found, strict=True))


@pytest.mark.parametrize("check", [check_lines, check_shape])
def test_a_line_that_stands_twice_is_told_beside_what_else_is_wrong(check: Any) -> None:
    with pytest.raises(PlanNotConsistent) as refusal:
        check([Asked(), Asked(currency="USD"), Asked(code="M")], PACKAGE)
    found = refusal.value.members["errors"]
    assert [(each["line"], each["message"].split(",")[0]) for each in found[:1]] == [
        ("L", "must be in the package's currency")
    ]
    assert [(each["line"], "stands twice" in each["message"]) for each in found[1:]] == [("L", True)]
    check_shape([Asked(), Asked(code="M")], PACKAGE)


def test_what_is_asked_of_a_package_is_summed_by_its_lines_and_all_that_pass_them_are_named() -> None:
    asked = [("grant", Decimal(60)), ("grant", Decimal(40)), ("goods", Decimal(9))]
    check_within(asked, PACKAGE)
    with pytest.raises(MoreThanPackage) as refusal:
        check_within([*asked, ("grant", Decimal("0.01")), ("gone", Decimal(5))], PACKAGE)
    assert refusal.value.members["over"] == [
        {"package_line": "gone", "gives": "0.00", "asked": "5.00"},
        {"package_line": "grant", "gives": "100", "asked": "100.01"},
    ]


def test_a_line_of_the_package_has_left_what_is_neither_spent_nor_approved_of_its_own_lines() -> None:
    line = LineState(UUID(int=1), "L", CASH, "grant", Decimal(60), Decimal(20), Decimal(0), released=False)
    grant, goods = PACKAGE.items()
    for approved, committed, left in ((True, 40, 40), (False, 0, 80)):
        found = budget_of(PACKAGE, [line], approved=approved)
        assert found == [
            PackageLineBudget(*grant, planned=Decimal(60), committed=Decimal(committed), spent=Decimal(20)),
            PackageLineBudget(*goods, planned=Decimal(0), committed=Decimal(0), spent=Decimal(0)),
        ]
        assert [each.left for each in found] == [left, 9]


def test_an_instalment_outside_the_days_of_its_package_line_is_told_those_days() -> None:
    package = {"grant": replace(PACKAGE["grant"], days=Payable(first=DAY + ONE, expires=DAY + 9 * ONE))}
    with pytest.raises(PlanNotConsistent) as refusal:
        check_lines([Asked()], package)
    [error] = refusal.value.members["errors"]
    assert error["message"].endswith("it does from 2021-12-21, until 2021-12-29")


@pytest.mark.parametrize("name", ["modality", "package_line", "currency", "project_code", "budget_line"])
def test_a_line_of_an_approved_plan_may_change_its_amount_and_words_and_nothing_that_money_refers_to(name: str) -> None:
    check_keeps_account(Asked(amount=Decimal(1), description="another"), Asked())
    changed: dict[str, Any] = {name: "another"}
    with pytest.raises(LineKeepsItsAccount):
        check_keeps_account(replace(Asked(), **changed), Asked())
