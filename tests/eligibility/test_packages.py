"""Packages: who gets which line, what a cap leaves, and that a total is the sum of its lines."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.eligibility.criteria.rules import Asked, Known, Person, Value
from services.eligibility.packages.rules import (
    Package,
    PackageRule,
    check_package,
    compile_package,
    in_currency,
    package_for,
)
from services.eligibility.vocabulary.rules import STANDING_FACTS
from tests.eligibility.expressions import PEOPLE

ON = date(2021, 12, 9)


def rule(**changes: Any) -> PackageRule:
    facts: dict[str, Any] = {
        "code": "start",
        "title": "Start",
        "basis": "person",
        "modality": "cash",
        "stage": "after_return",
        "amount": "100",
        "currency": "EUR",
        "source": "ours",
    }
    return PackageRule.model_validate({**facts, **changes})


def person(number: int, band: str, **facts: Any) -> Person:
    known: dict[str, Value] = {
        "member.age_band": band,
        "member.adult": band == "adult",
        "member.principal": number == 0,
    }
    return Person(PEOPLE[number], {**known, **facts})


COUPLE = Known({}, (person(0, "adult"), person(1, "adult")))
FAMILY = Known({}, (person(0, "adult"), person(1, "12_17"), person(2, "2_11")))


def given_to(package: Package) -> dict[str, Decimal]:
    return {line.line: line.amount for line in package.lines}


def worked(known: Known, *rules: PackageRule, on: date = ON) -> Package:
    return package_for(compile_package(rules), known, on)


def test_the_couple_to_iraq_gets_7415_euros_line_by_line() -> None:
    """The acceptance vector of the field notes (Austria, early application, source S31): 2×900 + 615 + (2,000 + 1,000)
    + 2×1,000, where 615 is per case; travel extra."""
    package = worked(
        COUPLE,
        rule(code="start_up", amount="900", stage="before_return"),
        rule(code="post_arrival", basis="case", amount="615"),
        rule(code="principal", who="principal", modality="in_kind", amount="2000"),
        rule(code="family_member", who="others", modality="in_kind", amount="1000"),
        rule(code="iraq_action", amount="1000", cap="3000"),
    )
    assert package.total == Decimal("7415.00")
    assert given_to(package) == {
        f"start_up:{PEOPLE[0]}": Decimal("900.00"),
        f"start_up:{PEOPLE[1]}": Decimal("900.00"),
        "post_arrival:case": Decimal("615.00"),
        f"principal:{PEOPLE[0]}": Decimal("2000.00"),
        f"family_member:{PEOPLE[1]}": Decimal("1000.00"),
        f"iraq_action:{PEOPLE[0]}": Decimal("1000.00"),
        f"iraq_action:{PEOPLE[1]}": Decimal("1000.00"),
    }
    assert all(line.sentence and line.source for line in package.lines)


def test_615_per_person_is_another_basis_and_another_sum() -> None:
    per_case = worked(COUPLE, rule(basis="case", amount="615"))
    per_person = worked(COUPLE, rule(basis="person", amount="615"))
    assert (per_case.total, per_person.total) == (Decimal("615.00"), Decimal("1230.00"))


@pytest.mark.parametrize(
    ("who", "adult_from", "numbers"),
    [
        ("every", 18, [0, 1, 2]),
        ("principal", 18, [0]),
        ("others", 18, [1, 2]),
        ("adults", 18, [0]),
        ("children", 18, [1, 2]),
        ("adults", 12, [0, 1]),
        ("children", 12, [2]),
        ("adults", 2, [0, 1, 2]),
    ],
)
def test_a_line_goes_to_those_it_names(who: str, adult_from: int, numbers: list[int]) -> None:
    package = worked(FAMILY, rule(who=who, adult_from=adult_from))
    assert list(given_to(package)) == [f"start:{PEOPLE[number]}" for number in numbers]
    assert len(package.not_given) == 3 - len(numbers)
    assert all(line.sentence.startswith("Given for") for line in package.not_given)


def test_a_family_cap_cuts_the_line_that_reaches_it_and_ends_the_rest() -> None:
    package = worked(FAMILY, rule(amount="1000", cap="1500"))
    assert list(given_to(package).values()) == [Decimal("1000.00"), Decimal("500.00")]
    assert "cut from 1000.00, since a case gets 1500 at most" in package.lines[1].sentence
    assert package.not_given[0].sentence == "Nothing is left of the 1500 EUR a case gets at most."


def test_a_campaign_rate_is_given_on_its_days_only() -> None:
    campaign = rule(valid_from="2021-11-01", valid_until="2022-01-20")
    for day, lines in ((date(2021, 10, 31), 0), (date(2021, 11, 1), 2), (date(2022, 1, 20), 2), (date(2022, 1, 21), 0)):
        assert len(worked(COUPLE, campaign, on=day).lines) == lines


def test_a_condition_is_asked_of_each_person() -> None:
    condition = {"op": "one_of", "item": {"op": "fact", "name": "member.nationality"}, "values": ["IRQ"]}
    known = Known(
        {},
        (person(0, "adult", **{"member.nationality": "IRQ"}), person(1, "adult", **{"member.nationality": "LBN"})),
    )
    package = worked(known, rule(condition=condition))
    assert list(given_to(package)) == [f"start:{PEOPLE[0]}"]
    assert package.not_given[0].sentence == "Its condition is not met."


def test_a_condition_that_cannot_be_told_says_what_is_missing() -> None:
    condition = {"op": "one_of", "item": {"op": "fact", "name": "member.nationality"}, "values": ["IRQ"]}
    package = worked(Known({}, (person(0, "adult"),)), rule(condition=condition))
    assert package.lines == ()
    assert package.missing == {Asked("member.nationality", PEOPLE[0])}


def test_a_line_that_was_settled_before_is_not_given_again() -> None:
    rules = compile_package([rule(basis="case", code="business")])
    assert package_for(rules, COUPLE, ON, frozenset({"business:case"})).lines == ()


def test_faults_of_a_package_are_told_with_their_place() -> None:
    rules = [
        rule(currency="USD"),
        rule(amount="0.505"),
        rule(code="case_line", basis="case", who="adults"),
        rule(code="dates", valid_from="2022-01-01", valid_until="2021-01-01"),
        rule(code="lost", basis="case", condition={"op": "fact", "name": "member.adult"}),
        rule(code="early", stage="before_return", window={"until_arrival": "P1M"}),
    ]
    faults = check_package(rules, "EUR", STANDING_FACTS, "/package")
    places = [fault.pointer for fault in faults]
    assert places == [
        "/package/0/currency",
        "/package/1/code",
        "/package/1/amount",
        "/package/2/who",
        "/package/3/valid_until",
        "/package/4/condition/name",
        "/package/5/window",
    ]
    said = {fault.pointer: fault.sentence for fault in faults}
    for place, words in (
        ("0/currency", "programme's, EUR"),
        ("1/code", "earlier line"),
        ("1/amount", "2 decimals in EUR"),
        ("2/who", "basis is person"),
        ("3/valid_until", "before valid_from"),
        ("5/window", "after the return"),
    ):
        assert words in said[f"/package/{place}"]


@pytest.mark.parametrize(("currency", "decimals"), [("JPY", 0), ("EUR", 2), ("IQD", 3)])
def test_an_amount_has_the_decimals_of_its_currency_and_one_more_is_a_fault(currency: str, decimals: int) -> None:
    smallest = Decimal(1).scaleb(-decimals)
    assert check_package([rule(amount=smallest, currency=currency)], currency, STANDING_FACTS, "/package") == []
    if decimals < 3:
        [fault] = check_package([rule(amount=smallest / 10, currency=currency)], currency, STANDING_FACTS, "/package")
        assert (fault.pointer, f"{decimals} decimals in {currency}" in fault.sentence) == ("/package/0/amount", True)


@pytest.mark.parametrize(("currency", "told"), [("JPY", ["100", "50"]), ("EUR", ["100.00", "50.00"])])
def test_what_is_given_and_what_a_cap_leaves_is_told_in_the_coins_of_its_currency(
    currency: str, told: list[str]
) -> None:
    lines = worked(COUPLE, rule(amount="100", cap="150", currency=currency)).lines
    assert [str(line.amount) for line in lines] == told


def test_a_line_that_is_not_given_names_who_does_not_get_it() -> None:
    adults_only = worked(FAMILY, rule(who="adults"))
    assert [str(each.individual) for each in adults_only.not_given] == list(PEOPLE[1:3])
    [of_case] = worked(FAMILY, rule(basis="case", valid_from="2022-01-01")).not_given
    assert of_case.individual is None


@pytest.mark.parametrize(
    ("currency", "written"), [("EUR", "12.34"), ("JPY", "12"), ("IQD", "12.345"), ("BYN", "12.34")]
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, written: str) -> None:
    assert str(in_currency(Decimal("12.3456"), currency)) == written


_amounts = st.decimals(0, 5000, places=2).map(str)
_rules = st.lists(
    st.builds(
        rule,
        code=st.sampled_from(["a", "b", "c", "d"]),
        basis=st.sampled_from(["person", "case", "household"]),
        amount=_amounts,
        cap=st.one_of(st.none(), _amounts),
    ),
    unique_by=lambda each: each.code,
    max_size=4,
)


@given(_rules, st.sampled_from([COUPLE, FAMILY, Known({}, ())]))
def test_a_total_is_the_sum_of_its_lines_and_no_cap_is_passed(rules: list[PackageRule], known: Known) -> None:
    package = worked(known, *rules)
    assert package.total == sum((line.amount for line in package.lines), Decimal(0))
    assert len({line.line for line in package.lines}) == len(package.lines)
    for each in rules:
        got = sum((line.amount for line in package.lines if line.code == each.code), Decimal(0))
        assert got <= (each.amount * max(1, len(known.people)) if each.cap is None else each.cap)
        assert all(Decimal(0) <= line.amount <= each.amount for line in package.lines if line.code == each.code)


@given(_rules)
def test_the_same_package_worked_out_twice_is_the_same(rules: list[PackageRule]) -> None:
    assert worked(FAMILY, *rules) == worked(FAMILY, *rules)


def test_a_window_that_contradicts_itself_is_named_by_its_place() -> None:
    def faults(**window: Any) -> list[str]:
        found = check_package([rule(window=window)], "EUR", STANDING_FACTS, "/package")
        return [fault.pointer.removeprefix("/package/0/window") for fault in found]

    for sound in (
        {"from_arrival": "P6M", "until_arrival": "P8M", "expires_after_arrival": "P12M"},
        {"from_arrival": "P30D", "until_arrival": "P1M"},
        {"from_date": "2022-01-01", "until_date": "2022-01-01", "expires_on": "2022-01-01"},
    ):
        assert faults(**sound) == []
    assert faults() == [""]
    assert faults(from_arrival="P8M", until_arrival="P6M") == ["/until_arrival"]
    assert faults(from_arrival="P2M", expires_after_arrival="P14D") == ["/expires_after_arrival"]
    assert faults(until_arrival="P2M", expires_after_arrival="P1M") == ["/expires_after_arrival"]
    assert faults(from_date="2022-01-02", until_date="2022-01-01") == ["/until_date"]
    assert faults(from_date="2022-01-02", expires_on="2022-01-01") == ["/expires_on"]
    assert faults(until_date="2022-01-02", expires_on="2022-01-01") == ["/expires_on"]
    before = rule(stage="before_return", window={"from_arrival": "P1D"})
    assert [f.pointer for f in check_package([before], "EUR", STANDING_FACTS, "/package")] == ["/package/0/window"]
    for broken in ("6M", "P6W", "P-1D", "P1Y2M", "P9999D"):
        with pytest.raises(ValidationError):
            rule(window={"from_arrival": broken})


def test_a_window_is_said_to_the_officer_and_goes_with_the_line() -> None:
    given = worked(COUPLE, rule(window={"from_date": "2022-01-01", "from_arrival": "P1D"})).lines[0]
    assert "paid from 2022-01-01 and 1 day after the arrival" in given.sentence
    assert given.window is not None
    assert given.window.from_arrival == "P1D"


@pytest.mark.parametrize(
    ("name", "code", "span"),
    [
        ("austria_iraq_2023", "post_return_principal", "P12M"),
        ("belgium_fedasil_2022", "budget_adult", "P12M"),
        ("germany_reag_garp", "medical", "P3M"),
    ],
)
def test_what_a_real_programme_pays_for_so_many_months_after_the_arrival_says_so(
    name: str, code: str, span: str
) -> None:
    file = Path(__file__).parents[2] / f"deploy/scenarios/programmes/{name}.json"
    (line,) = [each for each in json.loads(file.read_text("utf-8"))["version"]["package"] if each["code"] == code]
    window = PackageRule.model_validate(line).window
    assert window is not None
    assert window.expires_after_arrival == span
