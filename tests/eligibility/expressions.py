"""Made-up criteria and knowledge for property tests: every expression here passes the vocabulary's check."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from services.eligibility.criteria.rules import (
    AnyMember,
    Compare,
    Constant,
    CountMembers,
    EachMember,
    Every,
    Expression,
    FactOf,
    Known,
    Not,
    OneOf,
    Person,
    Some,
    Value,
)

NUMBERS = ("case.stay_days", "case.household_size")
TRUTHS = ("case.destination_suspended",)
PEOPLE = tuple(str(UUID(int=n)) for n in range(3))
COUNTRIES = ("IRQ", "LBN", "SYR")


def _case_truths() -> st.SearchStrategy[Expression]:
    number = st.sampled_from(NUMBERS).map(lambda name: FactOf(op="fact", name=name))
    limit = st.integers(0, 4).map(lambda value: Constant(op="value", value=value))
    how = st.sampled_from(["equal", "not_equal", "less", "at_most", "more", "at_least"])
    compared = st.builds(Compare, op=st.just("compare"), left=number, how=how, right=limit)
    truth = st.sampled_from(TRUTHS).map(lambda name: FactOf(op="fact", name=name))
    constant = st.booleans().map(lambda value: Constant(op="value", value=value))
    return st.one_of(compared, truth, constant)


def _member_truths() -> st.SearchStrategy[Expression]:
    adult = st.just(FactOf(op="fact", name="member.adult"))
    nationality = FactOf(op="fact", name="member.nationality")
    values = st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=2).map(tuple)
    listed = st.builds(OneOf, op=st.just("one_of"), item=st.just(nationality), values=values)
    return _connected(st.one_of(adult, listed), leaves=3)


def _quantified() -> st.SearchStrategy[Expression]:
    inner = _member_truths()
    where = st.one_of(st.none(), inner)
    each = st.builds(EachMember, op=st.just("each_member"), holds=inner, where=where)
    some = st.builds(AnyMember, op=st.just("any_member"), holds=inner, where=where)
    count = st.builds(CountMembers, op=st.just("count_members"), where=inner)
    limit = st.integers(0, 3).map(lambda value: Constant(op="value", value=value))
    counted = st.builds(Compare, op=st.just("compare"), left=count, how=st.just("at_least"), right=limit)
    return st.one_of(each, some, counted)


def _connected(leaf: st.SearchStrategy[Any], leaves: int) -> st.SearchStrategy[Expression]:
    def grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Every, op=st.just("all"), of=parts),
            st.builds(Some, op=st.just("any"), of=parts),
            st.builds(Not, op=st.just("not"), of=inner),
        )

    return st.recursive(leaf, grow, max_leaves=leaves)


criteria = _connected(st.one_of(_case_truths(), _quantified()), leaves=6)
member_criteria = _member_truths()

_case_values: dict[str, st.SearchStrategy[Value]] = {
    "case.stay_days": st.integers(0, 4),
    "case.household_size": st.integers(0, 4),
    "case.destination_suspended": st.booleans(),
}
_member_values: dict[str, st.SearchStrategy[Value]] = {
    "member.adult": st.booleans(),
    "member.nationality": st.sampled_from(COUNTRIES),
}


@st.composite
def knowledge(draw: st.DrawFn) -> Known:
    """Everything known about a case of up to three people."""
    case: dict[str, Value] = {name: draw(values) for name, values in _case_values.items()}
    people = PEOPLE[: draw(st.integers(0, 3))]
    return Known(
        case, tuple(Person(each, {name: draw(values) for name, values in _member_values.items()}) for each in people)
    )


@st.composite
def partial(draw: st.DrawFn, whole: Known) -> Known:
    """The same, with some of it forgotten."""
    case = {name: value for name, value in whole.case.items() if draw(st.booleans())}
    people = [
        Person(p.individual, {name: value for name, value in p.facts.items() if draw(st.booleans())})
        for p in whole.people
    ]
    return Known(case, tuple(people))
