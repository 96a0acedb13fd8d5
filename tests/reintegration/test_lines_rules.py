"""What a line of a plan may ask for, as plain functions: everything that is wrong is told at once."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.reintegration.lines.rules import CASH, Entitled, PlanNotConsistent, check_lines, check_shape

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
