"""Expressions that make no sense are refused before anybody is judged by them, with the place."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from pydantic import TypeAdapter

from services.eligibility.criteria.rules import Expression
from services.eligibility.vocabulary.rules import (
    BOOLEAN,
    DATE,
    MAX_NODES,
    NUMBER,
    STANDING_FACTS,
    Kind,
    check_condition,
    code,
    is_of_kind,
)
from shared.codes import COUNTRIES
from tests.eligibility.expressions import criteria, member_criteria
from tests.eligibility.rule_types import ON

EXPRESSIONS: TypeAdapter[Any] = TypeAdapter(Expression)


def fact(name: str) -> dict[str, Any]:
    return {"op": "fact", "name": name}


def value(given: Any) -> dict[str, Any]:
    return {"op": "value", "value": given}


def compare(left: Any, how: str, right: Any) -> dict[str, Any]:
    return {"op": "compare", "left": left, "how": how, "right": right}


DAY = {"op": "date", "value": "2021-12-09"}
COUNT = {"op": "count_members", "where": fact("member.adult")}


def faults(data: dict[str, Any], *, of_a_member: bool = False) -> list[tuple[str, str]]:
    node = EXPRESSIONS.validate_python(data)
    found = check_condition(node, STANDING_FACTS, "/here", of_a_member=of_a_member)
    return [(fault.pointer, fault.sentence) for fault in found]


def test_a_criterion_that_fits_has_no_faults() -> None:
    assert faults(compare(fact("case.means"), "equal", value("none"))) == []
    assert faults({"op": "each_member", "holds": fact("member.adult")}) == []
    assert faults(fact("member.adult"), of_a_member=True) == []


@pytest.mark.parametrize(
    "said",
    [
        compare({"op": "shift", "day": fact("member.last_assisted_on"), "months": 12}, "less", fact("case.arrived_on")),
        compare({"op": "days_between", "start": fact("member.last_assisted_on"), "end": DAY}, "less", value(9)),
        compare({"op": "days_between", "start": DAY, "end": fact("member.last_assisted_on")}, "less", value(9)),
        {"op": "one_of", "item": fact("member.nationality"), "values": ["IRQ"]},
        {"op": "not", "of": fact("member.adult")},
        {"op": "all", "of": [fact("member.adult"), {"op": "any", "of": [fact("member.adult")]}]},
        compare(fact("case.arrived_on"), "more", fact("member.last_assisted_on")),
    ],
)
def test_whatever_looks_at_a_person_fits_where_one_person_is_asked_about_and_nowhere_else(said: dict[str, Any]) -> None:
    assert faults({"op": "any_member", "holds": said}) == []
    assert faults({"op": "each_member", "where": said, "holds": said}) == []
    assert faults(compare({"op": "count_members", "where": said}, "less", value(2))) == []
    assert faults(said, of_a_member=True) == []
    assert {told.split(":")[0].split(" ", 1)[1] for _, told in faults(said)} == {"is of one member"}


@given(criteria)
def test_every_made_up_criterion_fits_the_vocabulary(node: Expression) -> None:
    assert check_condition(node, STANDING_FACTS, "") == []


@given(member_criteria)
def test_a_members_criterion_fits_only_within_a_member(node: Expression) -> None:
    assert check_condition(node, STANDING_FACTS, "", of_a_member=True) == []
    assert check_condition(node, STANDING_FACTS, "") != []


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("an unknown fact", fact("case.shoe_size"), "/here/name", "no fact"),
    ("a fact of one member at case level", fact("member.adult"), "/here/name", "each_member"),
    ("a number where a truth is needed", fact("case.stay_days"), "/here", "is a number"),
    (
        "a number compared with a code",
        compare(fact("case.stay_days"), "less", value("ten")),
        "/here",
        "compares a number with a code",
    ),
    (
        "a code with an order",
        compare(fact("case.means"), "less", value("none")),
        "/here/how",
        "has no order",
    ),
    (
        "a code that a fact never has",
        compare(fact("case.means"), "equal", value("nothing")),
        "/here/right/value",
        "codes that this fact never has",
    ),
    (
        "a country that does not exist",
        {"op": "any_member", "holds": {"op": "one_of", "item": fact("member.nationality"), "values": ["IRQ", "XXQ"]}},
        "/here/holds/values",
        "names 1 codes",
    ),
    (
        "codes looked for among numbers",
        {"op": "one_of", "item": fact("case.stay_days"), "values": ["a"]},
        "/here/values",
        "a number is looked for",
    ),
    (
        "codes looked for in what is no fact",
        {"op": "one_of", "item": fact("case.shoe_size"), "values": ["a"]},
        "/here/item/name",
        "no fact",
    ),
    (
        "those counted of whom a number is said",
        compare({"op": "count_members", "where": value(1)}, "less", value(2)),
        "/here/left/where",
        "a boolean is needed",
    ),
    (
        "those asked of whom a number is said",
        {"op": "each_member", "where": value(1), "holds": fact("member.adult")},
        "/here/where",
        "a boolean is needed",
    ),
    (
        "something compared with what is no fact",
        compare(fact("case.stay_days"), "less", fact("case.shoe_size")),
        "/here/right/name",
        "no fact",
    ),
    ("a negation of a number", {"op": "not", "of": value(3)}, "/here/of", "a boolean is needed"),
    (
        "a date moved that is none",
        compare({"op": "shift", "day": value(3)}, "equal", value(3)),
        "/here/left/day",
        "date",
    ),
    (
        "members within a member",
        {"op": "each_member", "holds": {"op": "any_member", "holds": fact("member.adult")}},
        "/here/holds",
        "within one member",
    ),
    ("the second of two parts", {"op": "all", "of": [value(True), value(1)]}, "/here/of/1", "is a number"),
    (
        "a code that a fact never has, on the left",
        compare(value("nothing"), "equal", fact("case.means")),
        "/here/left/value",
        "it has codes like none, some",
    ),
    (
        "a country that does not exist, before one that does",
        {"op": "any_member", "holds": {"op": "one_of", "item": fact("member.nationality"), "values": ["XXQ", "IRQ"]}},
        "/here/holds/values",
        f"names 1 codes that this fact never has; it has codes like {', '.join(sorted(COUNTRIES)[:8])}",
    ),
    ("one code compared with another", compare(value("a"), "equal", value("b")), "/here/left/value", "codes like b"),
    (
        "a number of days from what is no date",
        compare({"op": "days_between", "start": value(1), "end": fact("case.arrived_on")}, "less", value(1)),
        "/here/left/start",
        "a date is needed",
    ),
    (
        "a number of days to what is no date",
        compare({"op": "days_between", "start": fact("case.arrived_on"), "end": value(1)}, "less", value(1)),
        "/here/left/end",
        "a date is needed",
    ),
    ("a date compared with a number", compare(DAY, "less", value(1)), "/here", "compares a date with a number"),
    ("a date for a truth", DAY, "/here", "is a date"),
    ("a number of members for a truth", COUNT, "/here", "is a number"),
    (
        "members counted within a member",
        {"op": "each_member", "holds": compare(COUNT, "less", value(2))},
        "/here/holds/left",
        "within one member",
    ),
    (
        "members of whom a number is true",
        {"op": "each_member", "where": value(1), "holds": value(True)},
        "/here/where",
        "is a number",
    ),
]


@pytest.mark.parametrize(("data", "place", "words"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_does_not_fit_is_refused_with_its_place(data: dict[str, Any], place: str, words: str) -> None:
    found = faults(data)
    assert found
    assert found[0][0] == place
    assert words in found[0][1]


def test_a_truth_a_day_and_a_number_of_days_or_members_fit_where_they_are_compared_with_their_like() -> None:
    arrived = fact("case.arrived_on")
    moved = {"op": "shift", "day": DAY, "days": 1}
    for left, right in (
        (DAY, arrived),
        (moved, arrived),
        ({"op": "days_between", "start": DAY, "end": arrived}, COUNT),
        (COUNT, value(2)),
        (fact("case.means"), value("none")),
        (value("none"), fact("case.means")),
        (fact("case.channel"), value("anything")),
        (value(True), fact("case.destination_suspended")),
    ):
        assert faults(compare(left, "equal", right)) == []


def test_an_expression_has_as_many_parts_as_there_may_be_and_no_more() -> None:
    def parts(number: int) -> dict[str, Any]:
        """One for the whole, one for each of the groups of forty, and the truths within."""
        within = number - 1 - 5
        sizes = [within // 5 + (n < within % 5) for n in range(5)]
        return {"op": "all", "of": [{"op": "all", "of": [value(True)] * size} for size in sizes]}

    assert faults(parts(MAX_NODES)) == []
    assert [place for place, _ in faults(parts(MAX_NODES + 1))] == ["/here"]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (lambda: BOOLEAN, [True, False], [1, 0, "true", ON]),
        (lambda: NUMBER, [0, 10**9, -(10**9)], [True, 10**9 + 1, -(10**9) - 1, "1", ON]),
        (lambda: DATE, [ON], [20211209, "2021-12-09", True]),
        (code, ["anything"], [1, True, ON]),
        (lambda: code("a", "b"), ["a", "b"], ["c", 1, True]),
    ],
)
def test_a_value_is_of_a_kind_and_of_no_other(kind: Callable[[], Kind], good: list[Any], bad: list[Any]) -> None:
    assert [is_of_kind(each, kind()) for each in good] == [True] * len(good)
    assert [is_of_kind(each, kind()) for each in bad] == [False] * len(bad)


def test_of_many_codes_that_a_fact_has_the_first_eight_are_told() -> None:
    [(_, told)] = faults({"op": "one_of", "item": fact("case.host_country"), "values": ["XXQ"]})
    assert told.endswith(f"it has codes like {', '.join(sorted(COUNTRIES)[:8])}")


def test_an_expression_without_measure_is_refused_as_a_whole() -> None:
    many = {"op": "all", "of": [{"op": "all", "of": [value(True)] * 40}] * 6}
    assert len(faults(many)) == 1
    assert str(MAX_NODES) in faults(many)[0][1]
