"""Three-valued logic: what is unknown is neither true nor false, and learning more never turns an answer round."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.eligibility.criteria.rules import (
    Asked,
    Constant,
    Every,
    Expression,
    FactOf,
    Known,
    Not,
    Person,
    Result,
    Some,
    Unknown,
    compile_expression,
    facts_read,
    shifted,
)
from tests.eligibility.expressions import criteria, knowledge, partial

EXPRESSIONS: TypeAdapter[Any] = TypeAdapter(Expression)
NOTHING = Known({}, ())


def say(node: Expression, known: Known = NOTHING) -> Result:
    return compile_expression(node)(known, None)


def read(**data: Any) -> Any:
    return EXPRESSIONS.validate_python(data)


def truth(value: bool | None) -> Expression:
    """A constant, or for None a fact nobody knows."""
    return FactOf(op="fact", name="case.unknown") if value is None else Constant(op="value", value=value)


def plain(result: Result) -> bool | None:
    return None if isinstance(result, Unknown) else bool(result)


KLEENE_AND = {
    (True, True): True,
    (True, False): False,
    (True, None): None,
    (False, True): False,
    (False, False): False,
    (False, None): False,
    (None, True): None,
    (None, False): False,
    (None, None): None,
}


@pytest.mark.parametrize(("pair", "expected"), KLEENE_AND.items())
def test_all_is_kleenes_and_whatever_the_order(pair: tuple[bool | None, bool | None], expected: bool | None) -> None:
    parts = tuple(truth(value) for value in pair)
    assert plain(say(Every(op="all", of=parts))) is expected


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=5))
def test_any_is_the_mirror_of_all_as_de_morgan_says(values: list[bool | None]) -> None:
    parts = tuple(truth(value) for value in values)
    either = say(Some(op="any", of=parts))
    mirrored = Not(op="not", of=Every(op="all", of=tuple(Not(op="not", of=part) for part in parts)))
    assert either == say(mirrored)


@given(criteria, knowledge())
def test_a_double_negation_says_the_same(node: Expression, known: Known) -> None:
    assert say(Not(op="not", of=Not(op="not", of=node)), known) == say(node, known)


@given(criteria, knowledge())
def test_whoever_knows_everything_gets_true_or_false(node: Expression, known: Known) -> None:
    assert say(node, known) in (True, False)


@given(criteria, knowledge(), st.data())
def test_learning_a_fact_never_turns_true_into_false_or_back(
    node: Expression, whole: Known, data: st.DataObject
) -> None:
    """The law: evaluation is monotone in what is known. Unknown may become either; true and false stay."""
    more = data.draw(partial(whole))
    less = data.draw(partial(more))
    before, after = say(node, less), say(node, more)
    if not isinstance(before, Unknown):
        assert after == before


@given(criteria, knowledge(), st.data())
def test_what_is_missing_only_shrinks_as_facts_come_in(node: Expression, whole: Known, data: st.DataObject) -> None:
    more = data.draw(partial(whole))
    before, after = say(node, data.draw(partial(more))), say(node, more)
    if isinstance(after, Unknown):
        assert isinstance(before, Unknown)
        assert after.missing <= before.missing


@given(criteria, knowledge(), st.data())
def test_what_is_called_missing_is_unknown_and_is_looked_at(
    node: Expression, whole: Known, data: st.DataObject
) -> None:
    known = data.draw(partial(whole))
    said = say(node, known)
    if isinstance(said, Unknown):
        assert said.missing
        people = {person.individual: person.facts for person in known.people}
        for fact, individual in said.missing:
            assert fact in facts_read(node)
            assert fact not in (known.case if individual is None else people[individual])


@given(criteria)
def test_an_expression_survives_its_way_through_json(node: Expression) -> None:
    assert EXPRESSIONS.validate_json(EXPRESSIONS.dump_json(node)) == node


def test_a_missing_fact_is_not_less_than_three() -> None:
    node = read(
        op="compare",
        left={"op": "fact", "name": "case.stay_days"},
        how="less",
        right={"op": "value", "value": 3},
    )
    assert say(node) == Unknown(frozenset({Asked("case.stay_days", None)}))


def test_a_member_missing_a_fact_is_named_with_the_fact() -> None:
    node = read(op="each_member", holds={"op": "fact", "name": "member.adult"})
    known = Known({}, (Person("a", {"member.adult": True}), Person("b", {})))
    assert say(node, known) == Unknown(frozenset({Asked("member.adult", "b")}))


def test_one_member_who_fails_settles_it_for_all_whatever_is_missing() -> None:
    node = read(op="each_member", holds={"op": "fact", "name": "member.adult"})
    known = Known({}, (Person("a", {}), Person("b", {"member.adult": False})))
    assert say(node, known) is False


def test_members_of_whom_where_is_false_are_not_asked() -> None:
    where = {"op": "fact", "name": "member.adult"}
    listed = {"op": "one_of", "item": {"op": "fact", "name": "member.nationality"}, "values": ["IRQ"]}
    known = Known(
        {},
        (
            Person("a", {"member.adult": True, "member.nationality": "IRQ"}),
            Person("b", {"member.adult": False}),
        ),
    )
    assert say(read(op="each_member", where=where, holds=listed), known) is True
    assert say(read(op="any_member", where=where, holds=listed), known) is True
    assert say(read(op="count_members", where=where), known) == 1


def test_nobody_at_all_makes_each_true_and_any_false() -> None:
    holds = {"op": "fact", "name": "member.adult"}
    assert say(read(op="each_member", holds=holds)) is True
    assert say(read(op="any_member", holds=holds)) is False


def test_days_between_two_dates_are_counted_from_the_first() -> None:
    node = read(
        op="days_between", start={"op": "date", "value": "2021-10-20"}, end={"op": "date", "value": "2021-12-14"}
    )
    assert say(node) == 55


@pytest.mark.parametrize(
    ("day", "years", "months", "days", "expected"),
    [
        (date(2024, 2, 29), -1, 0, 0, date(2023, 2, 28)),
        (date(2021, 1, 31), 0, 1, 0, date(2021, 2, 28)),
        (date(2021, 12, 9), -5, 0, 0, date(2016, 12, 9)),
        (date(2021, 12, 31), 0, 0, 1, date(2022, 1, 1)),
        (date(2021, 3, 15), 0, -3, 0, date(2020, 12, 15)),
        (date(9999, 12, 31), 0, 0, 5, date.max),
        (date(1, 1, 1), 0, 0, -5, date.min),
    ],
)
def test_a_date_is_moved_by_the_calendar(day: date, years: int, months: int, days: int, expected: date) -> None:
    assert shifted(day, years, months, days) == expected
