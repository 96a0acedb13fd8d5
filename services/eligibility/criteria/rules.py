"""Criteria: typed expressions over named facts, in three-valued logic: true, false, or unknown with what is missing.

An expression is data (JSON of a programme) and is turned into closures once. Whether it makes sense (facts that exist,
kinds that fit) is asked in `vocabulary`, before it is used; what is unknown never counts as false, nor as zero.
"""

import operator
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import Field

from shared.fields import Body, BusinessDate

Value = bool | int | str | date


class Asked(NamedTuple):
    """A fact that is not known; `individual` where it is asked of one person."""

    fact: str
    individual: str | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither true nor false: it depends on facts that are missing."""

    missing: frozenset[Asked]


Result = Value | Unknown


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one individual; an absent name is an unknown fact."""

    individual: str
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a case and its people; an absent name is an unknown fact."""

    case: Mapping[str, Value]
    people: tuple[Person, ...]


Compiled = Callable[[Known, Person | None], Result]

FactName = Annotated[
    str,
    Field(
        pattern=r"^(case|answer|member|member_answer)\.[a-z][a-z0-9_]{0,59}$",
        max_length=80,
        description="`case.` and `answer.` of the case; `member.` and `member_answer.` within a member's expression",
    ),
]


class FactOf(Body):
    """A named fact."""

    op: Literal["fact"]
    name: FactName


class Constant(Body):
    """true or false, a whole number, or a code."""

    op: Literal["value"]
    value: bool | int | str


class Day(Body):
    """A date."""

    op: Literal["date"]
    value: BusinessDate


class Every(Body):
    """True when all are; false when one is, whatever is missing of the others."""

    op: Literal["all"]
    of: Annotated[tuple["Expression", ...], Field(min_length=1, max_length=40)]


class Some(Body):
    """True when one is, whatever is missing of the others."""

    op: Literal["any"]
    of: Annotated[tuple["Expression", ...], Field(min_length=1, max_length=40)]


class Not(Body):
    op: Literal["not"]
    of: "Expression"


How = Literal["equal", "not_equal", "less", "at_most", "more", "at_least"]


class Compare(Body):
    """Two values of one kind. Numbers and dates have an order (`less` is earlier); codes and truths have none."""

    op: Literal["compare"]
    left: "Expression"
    how: How
    right: "Expression"


class OneOf(Body):
    """A code that stands in a list."""

    op: Literal["one_of"]
    item: "Expression"
    values: Annotated[tuple[str, ...], Field(min_length=1, max_length=300)]


Step = Annotated[int, Field(ge=-1200, le=1200)]


class Shift(Body):
    """A date moved by whole years, months and days; 29 February moved to a shorter year is the 28th."""

    op: Literal["shift"]
    day: "Expression"
    years: Annotated[int, Field(ge=-100, le=100)] = 0
    months: Step = 0
    days: Annotated[int, Field(ge=-40_000, le=40_000)] = 0


class DaysBetween(Body):
    """How many days from one date to another; negative when the second is earlier."""

    op: Literal["days_between"]
    start: "Expression"
    end: "Expression"


class EachMember(Body):
    """True when `holds` is true of each member (of whom `where` is true)."""

    op: Literal["each_member"]
    holds: "Expression"
    where: "Expression | None" = None


class AnyMember(Body):
    """True when `holds` is true of at least one member (of whom `where` is true)."""

    op: Literal["any_member"]
    holds: "Expression"
    where: "Expression | None" = None


class CountMembers(Body):
    """Of how many members `where` is true; unknown as long as it is unknown of one."""

    op: Literal["count_members"]
    where: "Expression"


Expression = Annotated[
    FactOf
    | Constant
    | Day
    | Every
    | Some
    | Not
    | Compare
    | OneOf
    | Shift
    | DaysBetween
    | EachMember
    | AnyMember
    | CountMembers,
    Field(discriminator="op"),
]
for _node in (Every, Some, Not, Compare, OneOf, Shift, DaysBetween, EachMember, AnyMember, CountMembers):
    _node.model_rebuild()

_COMPARISONS: Final[Mapping[How, Callable[[Any, Any], bool]]] = {
    "equal": operator.eq,
    "not_equal": operator.ne,
    "less": operator.lt,
    "at_most": operator.le,
    "more": operator.gt,
    "at_least": operator.ge,
}


def is_of_a_member(fact: str) -> bool:
    """Whether a fact belongs to a person rather than to the case."""
    return fact.startswith(("member.", "member_answer."))


def parts_of(node: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside one."""
    match node:
        case Every() | Some():
            return node.of
        case Not():
            return (node.of,)
        case Compare():
            return (node.left, node.right)
        case OneOf():
            return (node.item,)
        case Shift():
            return (node.day,)
        case DaysBetween():
            return (node.start, node.end)
        case EachMember() | AnyMember():
            return (node.holds,) if node.where is None else (node.where, node.holds)
        case CountMembers():
            return (node.where,)
        case _:
            return ()


def walk(node: Expression) -> Iterator[Expression]:
    """The expression and all that is inside it."""
    yield node
    for part in parts_of(node):
        yield from walk(part)


def facts_read(node: Expression) -> tuple[str, ...]:
    """The names of the facts an expression looks at, sorted."""
    return tuple(sorted({part.name for part in walk(node) if isinstance(part, FactOf)}))


def shifted(day: date, years: int, months: int, days: int) -> date:
    """`day` moved. Beyond the calendar it stays at its end."""
    count = day.year * 12 + day.month - 1 + years * 12 + months
    year, month = divmod(count, 12)
    year = min(max(year, date.min.year), date.max.year)
    moved = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    try:
        return moved + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def compile_expression(node: Expression) -> Compiled:
    """The expression as a function of what is known. It must have been checked against a vocabulary."""
    match node:
        case FactOf():
            return _member_fact(node.name) if is_of_a_member(node.name) else _case_fact(node.name)
        case Constant() | Day():
            constant = node.value
            return lambda known, person: constant
        case Every():
            return _folded([compile_expression(part) for part in node.of], ends=False)
        case Some():
            return _folded([compile_expression(part) for part in node.of], ends=True)
        case Not():
            return _lifted(operator.not_, compile_expression(node.of))
        case Compare():
            return _lifted(_COMPARISONS[node.how], compile_expression(node.left), compile_expression(node.right))
        case OneOf():
            values = frozenset(node.values)
            return _lifted(lambda item: item in values, compile_expression(node.item))
        case Shift():
            years, months, days = node.years, node.months, node.days
            return _lifted(lambda day: shifted(day, years, months, days), compile_expression(node.day))
        case DaysBetween():
            start, end = compile_expression(node.start), compile_expression(node.end)
            return _lifted(lambda first, last: (last - first).days, start, end)
        case EachMember():
            return _over_members(member_test(node), ends=False)
        case AnyMember():
            return _over_members(member_test(node), ends=True)
        case CountMembers():
            return _counted(compile_expression(node.where))


def member_test(node: EachMember | AnyMember) -> Compiled:
    """What a quantifier asks of one person: each, that `where` is false or `holds`; any, that both are true."""
    holds = compile_expression(node.holds)
    if node.where is None:
        return holds
    where = compile_expression(node.where)
    if isinstance(node, AnyMember):
        return _folded([where, holds], ends=False)
    return _folded([_lifted(operator.not_, where), holds], ends=True)


def _case_fact(name: str) -> Compiled:
    unknown = Unknown(frozenset({Asked(name, None)}))
    return lambda known, person: known.case.get(name, unknown)


def _member_fact(name: str) -> Compiled:
    def read(known: Known, person: Person | None) -> Result:
        if person is None:
            raise TypeError(f"{name} outside a member's expression")
        value = person.facts.get(name)
        return Unknown(frozenset({Asked(name, person.individual)})) if value is None else value

    return read


def _lifted(ask: Callable[..., Value], *parts: Compiled) -> Compiled:
    """A plain function of values, unknown where one of them is."""

    def say(known: Known, person: Person | None) -> Result:
        values = [part(known, person) for part in parts]
        missing = [value.missing for value in values if isinstance(value, Unknown)]
        return Unknown(frozenset().union(*missing)) if missing else ask(*values)

    return say


def _conclude(said: Iterator[Result], ends: bool) -> Result:
    missing: list[frozenset[Asked]] = []
    for one in said:
        if one is ends:
            return ends
        if isinstance(one, Unknown):
            missing.append(one.missing)
    return Unknown(frozenset().union(*missing)) if missing else not ends


def _folded(parts: Sequence[Compiled], *, ends: bool) -> Compiled:
    """Kleene's "and" (`ends` false) and "or" (`ends` true): one such answer settles it, whatever is unknown."""
    return lambda known, person: _conclude((part(known, person) for part in parts), ends)


def _over_members(test: Compiled, *, ends: bool) -> Compiled:
    return lambda known, person: _conclude((test(known, each) for each in known.people), ends)


def _counted(where: Compiled) -> Compiled:
    def count(known: Known, person: Person | None) -> Result:
        said = [where(known, each) for each in known.people]
        missing = [one.missing for one in said if isinstance(one, Unknown)]
        return Unknown(frozenset().union(*missing)) if missing else sum(one is True for one in said)

    return count
