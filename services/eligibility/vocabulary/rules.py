"""The vocabulary: which facts a programme may ask about, of which kind each is, and who knows it when it is missing.

`kind_of` checks an expression before it is taken: unknown facts, kinds that do not fit, codes that do not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from services.eligibility.criteria.rules import (
    AnyMember,
    Compare,
    Constant,
    CountMembers,
    Day,
    DaysBetween,
    EachMember,
    Every,
    Expression,
    FactOf,
    Not,
    OneOf,
    Shift,
    Some,
    Value,
    is_of_a_member,
    walk,
)
from shared.codes import COUNTRIES
from shared.contracts.registration import AgeBand, Means, Relation, Sex

MAX_NODES: Final = 200
_LARGEST: Final = 10**9

WhoKnows = Literal["registration", "officer", "system"]


class KindName(StrEnum):
    BOOLEAN = "boolean"
    NUMBER = "number"
    DATE = "date"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a value; `choices`: the codes there are, None where any is taken."""

    name: KindName
    choices: frozenset[str] | None = None


BOOLEAN: Final = Kind(KindName.BOOLEAN)
NUMBER: Final = Kind(KindName.NUMBER)
DATE: Final = Kind(KindName.DATE)


def code(*choices: str) -> Kind:
    return Kind(KindName.CODE, frozenset(choices) if choices else None)


COUNTRY: Final = Kind(KindName.CODE, COUNTRIES)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that can be asked about. `means`: in words; `known_by`: who can say when it is missing."""

    kind: Kind
    means: str
    known_by: WhoKnows = "registration"


Vocabulary = Mapping[str, Fact]

STANDING_FACTS: Final[Vocabulary] = {
    "case.evaluated_on": Fact(DATE, "the date the rules are asked for", "system"),
    "case.host_country": Fact(COUNTRY, "the country the return starts from"),
    "case.destination_country": Fact(COUNTRY, "the country of destination"),
    "case.destination_area": Fact(code(), "the area of destination"),
    "case.destination_suspended": Fact(BOOLEAN, "whether returns to the destination are suspended", "system"),
    "case.arrived_on": Fact(DATE, "the arrival in the host country"),
    "case.stay_days": Fact(NUMBER, "days since the arrival in the host country"),
    "case.registered_on": Fact(DATE, "the date of the application"),
    "case.channel": Fact(code(), "the channel of the application"),
    "case.means": Fact(code(Means.NONE, Means.SOME), "whether the household has means of its own"),
    "case.household_size": Fact(NUMBER, "how many people return together"),
    "case.adults": Fact(NUMBER, "how many adults return together"),
    "case.children": Fact(NUMBER, "how many children return together"),
    "member.nationality": Fact(COUNTRY, "the nationality"),
    "member.sex": Fact(code(Sex.FEMALE, Sex.MALE, Sex.OTHER), "the sex"),
    "member.age_band": Fact(code(*AgeBand), "the age band"),
    "member.adult": Fact(BOOLEAN, "whether an adult"),
    "member.principal": Fact(BOOLEAN, "whether the principal applicant"),
    "member.relation": Fact(code(*Relation), "the relation to the principal applicant"),
    "member.assisted_before": Fact(BOOLEAN, "whether helped to return before"),
    "member.last_assisted_on": Fact(DATE, "the last return with assistance"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a programme's version, and where (RFC 6901)."""

    pointer: str
    sentence: str


def kind_of(
    node: Expression, vocabulary: Vocabulary, place: str, faults: list[Fault], *, of_a_member: bool = False
) -> Kind | None:
    """The kind of an expression's value; None where `faults` now say why it has none."""
    match node:
        case FactOf():
            return _kind_of_fact(node, vocabulary, place, faults, of_a_member)
        case Constant():
            return _kind_of_constant(node.value)
        case Day():
            return DATE
        case Every() | Some():
            for index, part in enumerate(node.of):
                wants(BOOLEAN, part, vocabulary, f"{place}/of/{index}", faults, of_a_member)
            return BOOLEAN
        case Not():
            wants(BOOLEAN, node.of, vocabulary, f"{place}/of", faults, of_a_member)
            return BOOLEAN
        case Compare():
            return _kind_of_comparison(node, vocabulary, place, faults, of_a_member)
        case OneOf():
            item = kind_of(node.item, vocabulary, f"{place}/item", faults, of_a_member=of_a_member)
            _codes_exist(item, node.values, f"{place}/values", faults)
            return BOOLEAN
        case Shift():
            wants(DATE, node.day, vocabulary, f"{place}/day", faults, of_a_member)
            return DATE
        case DaysBetween():
            wants(DATE, node.start, vocabulary, f"{place}/start", faults, of_a_member)
            wants(DATE, node.end, vocabulary, f"{place}/end", faults, of_a_member)
            return NUMBER
        case EachMember() | AnyMember():
            _not_nested(place, faults, of_a_member)
            if node.where is not None:
                wants(BOOLEAN, node.where, vocabulary, f"{place}/where", faults, True)
            wants(BOOLEAN, node.holds, vocabulary, f"{place}/holds", faults, True)
            return BOOLEAN
        case CountMembers():
            _not_nested(place, faults, of_a_member)
            wants(BOOLEAN, node.where, vocabulary, f"{place}/where", faults, True)
            return NUMBER


def wants(
    kind: Kind, node: Expression, vocabulary: Vocabulary, place: str, faults: list[Fault], of_a_member: bool
) -> None:
    """Adds a fault unless the expression has that kind."""
    found = kind_of(node, vocabulary, place, faults, of_a_member=of_a_member)
    if found is not None and found.name is not kind.name:
        faults.append(Fault(place, f"is a {found.name}, and a {kind.name} is needed here"))


def check_condition(node: Expression, vocabulary: Vocabulary, place: str, *, of_a_member: bool = False) -> list[Fault]:
    """What is wrong with an expression that must say true or false."""
    if sum(1 for _ in walk(node)) > MAX_NODES:
        return [Fault(place, f"has more than {MAX_NODES} parts: split it into several rules")]
    faults: list[Fault] = []
    wants(BOOLEAN, node, vocabulary, place, faults, of_a_member)
    return faults


def is_of_kind(value: Value, kind: Kind) -> bool:
    """Whether a value is one of that kind, and among its choices."""
    match kind.name:
        case KindName.BOOLEAN:
            return isinstance(value, bool)
        case KindName.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
        case KindName.DATE:
            return isinstance(value, date)
        case KindName.CODE:
            return isinstance(value, str) and (kind.choices is None or value in kind.choices)


def _kind_of_fact(
    node: FactOf, vocabulary: Vocabulary, place: str, faults: list[Fault], of_a_member: bool
) -> Kind | None:
    fact = vocabulary.get(node.name)
    if fact is None:
        faults.append(Fault(f"{place}/name", f"{node.name} is no fact that is known or asked here"))
        return None
    if is_of_a_member(node.name) and not of_a_member:
        faults.append(Fault(f"{place}/name", f"{node.name} is of one member: ask it in each_member or any_member"))
        return None
    return fact.kind


def _kind_of_constant(value: bool | int | str) -> Kind:
    if isinstance(value, bool):
        return BOOLEAN
    return NUMBER if isinstance(value, int) else code(value)


def _kind_of_comparison(
    node: Compare, vocabulary: Vocabulary, place: str, faults: list[Fault], of_a_member: bool
) -> Kind | None:
    left = kind_of(node.left, vocabulary, f"{place}/left", faults, of_a_member=of_a_member)
    right = kind_of(node.right, vocabulary, f"{place}/right", faults, of_a_member=of_a_member)
    if left is None or right is None:
        return None
    if left.name is not right.name:
        faults.append(Fault(place, f"compares a {left.name} with a {right.name}"))
    elif left.name in (KindName.BOOLEAN, KindName.CODE) and node.how not in ("equal", "not_equal"):
        faults.append(Fault(f"{place}/how", f"a {left.name} has no order: use equal or not_equal"))
    for side, other, name in ((node.left, right, "left"), (node.right, left, "right")):
        if isinstance(side, Constant) and isinstance(side.value, str):
            _codes_exist(other, (side.value,), f"{place}/{name}/value", faults)
    return BOOLEAN


def _codes_exist(kind: Kind | None, values: tuple[str, ...], place: str, faults: list[Fault]) -> None:
    if kind is None:
        return
    if kind.name is not KindName.CODE:
        faults.append(Fault(place, f"are codes, and a {kind.name} is looked for among them"))
    elif kind.choices is not None:
        wrong = [value for value in values if value not in kind.choices]
        if wrong:
            some = ", ".join(sorted(kind.choices)[:8])
            faults.append(Fault(place, f"names {len(wrong)} codes that this fact never has; it has codes like {some}"))


def _not_nested(place: str, faults: list[Fault], of_a_member: bool) -> None:
    if of_a_member:
        faults.append(Fault(place, "asks about all members within one member's expression"))
