"""Expressions that make no sense are refused before anybody is judged by them, with the place."""

from typing import Any

import pytest
from hypothesis import given
from pydantic import TypeAdapter

from services.eligibility.criteria.rules import Expression
from services.eligibility.vocabulary.rules import MAX_NODES, STANDING_FACTS, check_condition
from tests.eligibility.expressions import criteria, member_criteria

EXPRESSIONS: TypeAdapter[Any] = TypeAdapter(Expression)


def fact(name: str) -> dict[str, Any]:
    return {"op": "fact", "name": name}


def value(given: Any) -> dict[str, Any]:
    return {"op": "value", "value": given}


def compare(left: Any, how: str, right: Any) -> dict[str, Any]:
    return {"op": "compare", "left": left, "how": how, "right": right}


def faults(data: dict[str, Any], *, of_a_member: bool = False) -> list[tuple[str, str]]:
    node = EXPRESSIONS.validate_python(data)
    found = check_condition(node, STANDING_FACTS, "/here", of_a_member=of_a_member)
    return [(fault.pointer, fault.sentence) for fault in found]


def test_a_criterion_that_fits_has_no_faults() -> None:
    assert faults(compare(fact("case.means"), "equal", value("none"))) == []
    assert faults({"op": "each_member", "holds": fact("member.adult")}) == []
    assert faults(fact("member.adult"), of_a_member=True) == []


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
]


@pytest.mark.parametrize(("data", "place", "words"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_does_not_fit_is_refused_with_its_place(data: dict[str, Any], place: str, words: str) -> None:
    found = faults(data)
    assert found
    assert found[0][0] == place
    assert words in found[0][1]


def test_an_expression_without_measure_is_refused_as_a_whole() -> None:
    many = {"op": "all", "of": [{"op": "all", "of": [value(True)] * 40}] * 6}
    assert len(faults(many)) == 1
    assert str(MAX_NODES) in faults(many)[0][1]
