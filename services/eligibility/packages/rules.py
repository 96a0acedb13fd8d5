"""What a programme gives: its package as data, and the lines that follow for one case, each with the sentence why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from services.eligibility.criteria.rules import Asked, Compiled, Expression, Known, Person, Unknown, compile_expression
from services.eligibility.titles.rules import Titles
from services.eligibility.vocabulary.rules import Fault, Vocabulary, check_condition
from services.eligibility.windows.rules import Window, check_window, window_in_words
from shared.contracts.eligibility import Basis, Modality, Stage
from shared.contracts.registration import AgeBand
from shared.fields import Amount, Answer, Body, BusinessDate, CurrencyCode, Line, minor_units

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", max_length=60)]
For = Literal["every", "principal", "others", "adults", "children"]

_FROM_AGE: Final[Mapping[str, int]] = {AgeBand.INFANT: 0, AgeBand.CHILD: 2, AgeBand.TEEN: 12, AgeBand.ADULT: 18}
_FOR_WORDS: Final[Mapping[For, str]] = {
    "every": "for each person",
    "principal": "for the principal applicant",
    "others": "for each person beside the principal applicant",
    "adults": "for each adult",
    "children": "for each child",
}
_MODALITY_WORDS: Final[Mapping[Modality, str]] = {
    Modality.CASH: "in cash",
    Modality.IN_KIND: "in kind",
    Modality.SERVICE: "as a service",
    Modality.VOUCHER: "as a voucher",
}
_STAGE_WORDS: Final[Mapping[Stage, str]] = {
    Stage.BEFORE_RETURN: "before the return",
    Stage.AFTER_RETURN: "after the return",
}


class PackageRule(Body):
    """One line of a package as data: who gets what, when, how, on which condition and from which source.

    `basis` person: once for each one named by `who`; case and household: once. `adult_from`: the age from which the
    adults' line applies. `cap`: the most that all of one case get by this line. `condition`: asked of each person
    where the basis is person (member facts allowed), else of the case. `valid_from`, `valid_until`: by the date the
    rules are asked for, both days included. `window`: when a line for after the return is paid, and when it is lost.
    """

    code: Code
    title: Line
    titles: Titles = Field(default_factory=dict)
    basis: Basis
    who: For = "every"
    adult_from: Literal[2, 12, 18] = 18
    modality: Modality
    stage: Stage
    amount: Amount
    currency: CurrencyCode
    instalments: Annotated[int, Field(ge=1, le=60)] = 1
    cap: Amount | None = None
    condition: Expression | None = None
    source: Line
    valid_from: BusinessDate | None = None
    valid_until: BusinessDate | None = None
    window: Window | None = None


class GivenLine(Answer):
    """One line of one case's package. `line` is the same whenever the rules are asked again. `window` None: whenever
    the programme pays."""

    line: str
    code: str
    title: str
    basis: Basis
    individual: UUID | None
    modality: Modality
    stage: Stage
    instalments: int
    amount: Decimal
    currency: str
    source: str
    sentence: str
    titles: Titles = Field(default_factory=dict)
    window: Window | None = None


class LineNotGiven(Answer):
    """A line that this case, or this person, does not get, and why."""

    code: str
    individual: UUID | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Package:
    """The lines, those not given, and what must be known before more can be said."""

    lines: tuple[GivenLine, ...] = ()
    not_given: tuple[LineNotGiven, ...] = ()
    missing: frozenset[Asked] = frozenset()

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class CompiledLine:
    rule: PackageRule
    condition: Compiled | None


def compile_package(rules: Sequence[PackageRule]) -> tuple[CompiledLine, ...]:
    return tuple(
        CompiledLine(rule, None if rule.condition is None else compile_expression(rule.condition)) for rule in rules
    )


def check_package(rules: Sequence[PackageRule], currency: str, vocabulary: Vocabulary, place: str) -> list[Fault]:
    """What is wrong with a package: repeated codes, another currency, broken amounts, dates and conditions."""
    faults: list[Fault] = []
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        here = f"{place}/{index}"
        if rule.code in seen:
            faults.append(Fault(f"{here}/code", "is used by an earlier line"))
        seen.add(rule.code)
        if rule.currency != currency:
            faults.append(Fault(f"{here}/currency", f"must be the programme's, {currency}: a package is summed"))
        for name, amount in (("amount", rule.amount), ("cap", rule.cap)):
            if amount is not None and in_currency(amount, currency) != amount:
                faults.append(Fault(f"{here}/{name}", f"may have {minor_units(currency)} decimals in {currency}"))
        if rule.who != "every" and rule.basis is not Basis.PERSON:
            faults.append(Fault(f"{here}/who", "can be chosen only where the basis is person"))
        if rule.valid_from and rule.valid_until and rule.valid_until < rule.valid_from:
            faults.append(Fault(f"{here}/valid_until", "must not lie before valid_from"))
        if rule.window is not None:
            if rule.stage is not Stage.AFTER_RETURN:
                faults.append(Fault(f"{here}/window", "is for lines after the return: before it, the flight decides"))
            faults += check_window(rule.window, f"{here}/window")
        if rule.condition is not None:
            of_a_member = rule.basis is Basis.PERSON
            faults += check_condition(rule.condition, vocabulary, f"{here}/condition", of_a_member=of_a_member)
    return faults


def in_currency(amount: Decimal, currency: str) -> Decimal:
    """The amount with as many decimals as its currency has (ISO 4217), the rest cut off."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_DOWN)


def package_for(
    rules: Sequence[CompiledLine],
    known: Known,
    on: date,
    taken: frozenset[str] = frozenset(),
    home: frozenset[str] = frozenset(),
) -> Package:
    """The package of a case as known on a date. `taken`: lines settled by an earlier decision, not given again;
    `home`: those who are home already, and get nothing that is given before the return."""
    lines: list[GivenLine] = []
    not_given: list[LineNotGiven] = []
    missing: set[Asked] = set()
    for compiled in rules:
        rule = compiled.rule
        left = rule.cap
        people: Sequence[Person | None] = known.people if rule.basis is Basis.PERSON else (None,)
        for person in people:
            line = f"{rule.code}:{person.individual if person else 'case'}"
            if line in taken:
                continue
            reason = _home_already(rule, known, person, home) or _why_not(compiled, known, person, on)
            if isinstance(reason, Unknown):
                missing |= reason.missing
            elif reason is not None or left == 0:
                sentence = reason or f"Nothing is left of the {rule.cap} {rule.currency} a case gets at most."
                not_given.append(LineNotGiven(code=rule.code, individual=_id_of(person), sentence=sentence))
            else:
                given = _given(rule, person, line, left)
                left = None if left is None else left - given.amount
                lines.append(given)
    return Package(tuple(lines), tuple(not_given), frozenset(missing))


def _home_already(rule: PackageRule, known: Known, person: Person | None, home: frozenset[str]) -> str | None:
    if rule.stage is not Stage.BEFORE_RETURN or not home:
        return None
    whose = known.people if person is None else (person,)
    return "Given before the return only, and home already." if all(p.individual in home for p in whose) else None


def _why_not(compiled: CompiledLine, known: Known, person: Person | None, on: date) -> str | Unknown | None:
    rule = compiled.rule
    if rule.valid_from is not None and on < rule.valid_from:
        return f"Given from {rule.valid_from} on, and asked for on {on}."
    if rule.valid_until is not None and on > rule.valid_until:
        return f"Given until {rule.valid_until}, and asked for on {on}."
    if person is not None and not _is_for(rule, person):
        return f"Given {_for_words(rule)} only."
    if compiled.condition is None:
        return None
    said = compiled.condition(known, person)
    if isinstance(said, Unknown):
        return said
    return None if said is True else "Its condition is not met."


def _is_for(rule: PackageRule, person: Person) -> bool:
    if rule.who == "every":
        return True
    if rule.who in ("principal", "others"):
        return (person.facts["member.principal"] is True) == (rule.who == "principal")
    grown = _FROM_AGE[str(person.facts["member.age_band"])] >= rule.adult_from
    return grown == (rule.who == "adults")


def _given(rule: PackageRule, person: Person | None, line: str, left: Decimal | None) -> GivenLine:
    whole = in_currency(rule.amount, rule.currency)
    amount = whole if left is None else min(whole, in_currency(left, rule.currency))
    whose = _for_words(rule) if rule.basis is Basis.PERSON else f"once for the {rule.basis}"
    how = f"{_MODALITY_WORDS[rule.modality]} {_STAGE_WORDS[rule.stage]}"
    words = [f"{rule.title}: {amount} {rule.currency} {how}", whose]
    if rule.instalments > 1:
        words.append(f"in {rule.instalments} instalments")
    if rule.window is not None:
        words.append(window_in_words(rule.window))
    if amount < whole:
        words.append(f"cut from {whole}, since a case gets {rule.cap} at most")
    return GivenLine(
        line=line,
        code=rule.code,
        title=rule.title,
        basis=rule.basis,
        individual=_id_of(person),
        modality=rule.modality,
        stage=rule.stage,
        instalments=rule.instalments,
        amount=amount,
        currency=rule.currency,
        source=rule.source,
        sentence=f"{', '.join(words)} ({rule.source}).",
        titles=rule.titles,
        window=rule.window,
    )


def _for_words(rule: PackageRule) -> str:
    words = _FOR_WORDS[rule.who]
    if rule.who in ("adults", "children") and rule.adult_from != 18:
        return f"{words} (an adult is who is {rule.adult_from} or older)"
    return words


def _id_of(person: Person | None) -> UUID | None:
    return None if person is None else UUID(person.individual)
