"""A programme's version as data: questions, rules and package; checked before it is taken, compiled once it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal, Protocol, TypeVar
from uuid import UUID

from pydantic import Field

from services.eligibility.criteria.rules import (
    AnyMember,
    Compiled,
    EachMember,
    Expression,
    Value,
    compile_expression,
    facts_read,
    member_test,
)
from services.eligibility.packages.rules import Code, CompiledLine, PackageRule, check_package, compile_package
from services.eligibility.titles.rules import OWN_LANGUAGE, Titles
from services.eligibility.vocabulary.rules import (
    BOOLEAN,
    DATE,
    NUMBER,
    STANDING_FACTS,
    Fact,
    Fault,
    Kind,
    Vocabulary,
    check_condition,
    code,
    is_of_kind,
)
from shared.fields import Body, BusinessDate, CountryCode, CurrencyCode, LanguageTag, Line, shown
from shared.problems import Problem


class ProgrammeVersionRefused(Problem):
    slug = "programme-version-refused"
    status = 422
    title = "The programme's rules, questions or package do not hold together"
    remedy = "Look at `errors`: each names the place and says what is wrong there. Nothing was changed."


class ProgrammeCodeTaken(Problem):
    slug = "programme-code-taken"
    status = 409
    title = "Another programme has that code"
    remedy = "Choose another code, or add a version to the programme that has it."


class NoVersionInForce(Problem):
    slug = "no-version-in-force"
    status = 409
    title = "The programme has no version in force on that date"
    remedy = "Ask for a date within `valid_from` and `valid_until` of a version, or have one added."


class Question(Body):
    """Something only this programme asks: an officer answers it, and the answer stays in this service.

    `about` case: named `answer.<code>` in expressions; member: `member_answer.<code>`, answered for each person.
    `texts`: what is asked in other languages, for who is decided about.
    """

    code: Code
    text: Line
    texts: Titles = Field(default_factory=dict)
    about: Literal["case", "member"] = "case"
    kind: Literal["boolean", "choice", "number", "date"]
    choices: Annotated[tuple[Code, ...], Field(max_length=50)] = ()

    @property
    def fact(self) -> str:
        return f"{'answer' if self.about == 'case' else 'member_answer'}.{self.code}"

    @property
    def kind_of_answer(self) -> Kind:
        plain: Mapping[str, Kind] = {"boolean": BOOLEAN, "number": NUMBER, "date": DATE}
        return plain.get(self.kind) or code(*self.choices)

    def read(self, given: bool | int | str) -> Value | None:
        """The answer as a value of the question's kind, None when it is none."""
        value: Value = given
        if self.kind == "date":
            if not (isinstance(given, str) and _A_DATE.fullmatch(given)):
                return None
            try:
                value = date.fromisoformat(given)
            except ValueError:
                return None
        return value if is_of_kind(value, self.kind_of_answer) else None


class Rule(Body):
    """One rule. `consequence`: what follows when it fails; must_hold: the case is ineligible, unless the rule is
    `overridable` and an exception was approved.

    The three sentences say in plain words what it means when it passed, failed or cannot be told; `{case.stay_days}`
    in them stands for what the rule saw.
    """

    code: Code
    title: Line
    titles: Titles = Field(default_factory=dict)
    consequence: Literal["must_hold"] = "must_hold"
    overridable: bool = False
    expression: Expression
    passed: Line
    failed: Line
    missing: Line
    source: Line

    @property
    def asks_each(self) -> bool:
        """Whether everybody of the case has to meet it, each by themselves."""
        return isinstance(self.expression, EachMember)


class VersionContent(Body):
    """What one version of a programme says. `valid_from`, `valid_until`: the dates it is asked for, both included.
    `provisional`: figures that nobody confirmed yet. `decision_valid_days`: how long a decision is good. `language`: of
    its titles and sentences; `titles`: what the programme is called, for who is decided about."""

    model_config = shown(
        {
            "valid_from": "2021-01-01",
            "valid_until": "2022-12-31",
            "source": "ours, an example",
            "provisional": True,
            "decision_valid_days": 90,
            "questions": [
                {
                    "code": "pending_procedure_withdrawn",
                    "text": "Has every pending procedure been withdrawn, or is there none?",
                    "about": "case",
                    "kind": "boolean",
                }
            ],
            "rules": [
                {
                    "code": "no_procedure",
                    "title": "No procedure is pending",
                    "expression": {
                        "op": "compare",
                        "left": {"op": "fact", "name": "answer.pending_procedure_withdrawn"},
                        "how": "equal",
                        "right": {"op": "value", "value": True},
                    },
                    "passed": "No procedure is pending.",
                    "failed": "A procedure is pending.",
                    "missing": "It is not known whether a procedure is pending.",
                    "source": "ours, an example",
                }
            ],
            "package": [
                {
                    "code": "pocket_money",
                    "title": "Pocket money",
                    "basis": "person",
                    "who": "adults",
                    "modality": "cash",
                    "stage": "before_return",
                    "amount": "60.00",
                    "currency": "EUR",
                    "source": "ours, an example",
                }
            ],
        }
    )

    valid_from: BusinessDate
    valid_until: BusinessDate | None = None
    source: Line
    language: LanguageTag = OWN_LANGUAGE
    titles: Titles = Field(default_factory=dict)
    provisional: bool
    questions: Annotated[tuple[Question, ...], Field(max_length=60)] = ()
    rules: Annotated[tuple[Rule, ...], Field(min_length=1, max_length=100)]
    package: Annotated[tuple[PackageRule, ...], Field(max_length=120)] = ()
    decision_valid_days: Annotated[int, Field(ge=1, le=730)]


class Scope(Body):
    """Where a programme helps: from which countries, to which (None: to any)."""

    code: Code
    name: Line
    donor: Line
    currency: CurrencyCode
    host_countries: Annotated[tuple[CountryCode, ...], Field(min_length=1, max_length=300)]
    destination_countries: Annotated[tuple[CountryCode, ...], Field(min_length=1, max_length=300)] | None = None

    def covers(self, host: str, destination: str) -> bool:
        return host in self.host_countries and (
            self.destination_countries is None or destination in self.destination_countries
        )


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """`of_each`: what a rule about members asks of one of them, so that it can be said who failed."""

    rule: Rule
    ask: Compiled
    reads: tuple[str, ...]
    of_each: Compiled | None


@dataclass(frozen=True, slots=True)
class CompiledVersion:
    content: VersionContent
    vocabulary: Vocabulary
    rules: tuple[CompiledRule, ...]
    package: tuple[CompiledLine, ...]
    questions: Mapping[str, Question]


_A_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
SENTENCES: Final = ("passed", "failed", "missing")


def vocabulary_of(questions: Sequence[Question]) -> dict[str, Fact]:
    """The standing facts, and those a programme asks for."""
    asked = {q.fact: Fact(q.kind_of_answer, q.text, "officer") for q in questions}
    return {**STANDING_FACTS, **asked}


def check_version(content: VersionContent, currency: str) -> None:
    """Raises `ProgrammeVersionRefused` with every place that does not hold together."""
    vocabulary = vocabulary_of(content.questions)
    faults = _check_questions(content.questions)
    if content.valid_until is not None and content.valid_until < content.valid_from:
        faults.append(Fault("/valid_until", "must not lie before valid_from"))
    faults += _repeated([rule.code for rule in content.rules], "/rules")
    for index, rule in enumerate(content.rules):
        place = f"/rules/{index}"
        faults += check_condition(rule.expression, vocabulary, f"{place}/expression")
        faults += _check_sentences(rule, place)
    if content.titles and content.language not in content.titles:
        faults.append(Fault("/titles", f"must have one in the version's own language, {content.language}"))
    faults += check_package(content.package, currency, vocabulary, "/package")
    if faults:
        errors = [{"pointer": fault.pointer, "detail": fault.sentence} for fault in faults[:50]]
        raise ProgrammeVersionRefused(errors=errors)


def compile_version(content: VersionContent) -> CompiledVersion:
    """A version that was checked, ready to be asked."""
    return CompiledVersion(
        content,
        vocabulary_of(content.questions),
        tuple(_compile_rule(rule) for rule in content.rules),
        compile_package(content.package),
        {question.code: question for question in content.questions},
    )


class Dated(Protocol):
    """A version with its number and the dates it is in force, as a row or as data."""

    @property
    def number(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


AnyVersion = TypeVar("AnyVersion", bound=Dated)


def version_in_force(versions: Sequence[AnyVersion], on: date) -> AnyVersion | None:
    """Of the versions whose dates include `on`, the newest: a newer one for the same dates supersedes."""
    valid = [v for v in versions if v.valid_from <= on and (v.valid_until is None or on <= v.valid_until)]
    return max(valid, key=lambda version: version.number, default=None)


def _compile_rule(rule: Rule) -> CompiledRule:
    node = rule.expression
    of_each = member_test(node) if isinstance(node, EachMember | AnyMember) else None
    return CompiledRule(rule, compile_expression(node), facts_read(node), of_each)


def _check_questions(questions: Sequence[Question]) -> list[Fault]:
    faults = _repeated([question.code for question in questions], "/questions")
    for index, question in enumerate(questions):
        if question.kind == "choice" and len(set(question.choices)) < 2:
            faults.append(Fault(f"/questions/{index}/choices", "must name at least two choices"))
        if question.kind != "choice" and question.choices:
            faults.append(Fault(f"/questions/{index}/choices", "are for questions of the kind choice"))
    return faults


def _check_sentences(rule: Rule, place: str) -> list[Fault]:
    faults: list[Fault] = []
    reads = set(facts_read(rule.expression))
    for name in SENTENCES:
        sentence: str = getattr(rule, name)
        if set(PLACEHOLDER.findall(sentence)) - reads:
            faults.append(Fault(f"{place}/{name}", "has a placeholder for a fact that the rule does not look at"))
        if set("{}") & set(PLACEHOLDER.sub("", sentence)):
            faults.append(Fault(f"{place}/{name}", "has a brace without its counterpart"))
    return faults


def _repeated(codes: Sequence[str], place: str) -> list[Fault]:
    return [
        Fault(f"{place}/{index}/code", "is used by an earlier one")
        for index, each in enumerate(codes)
        if each in codes[:index]
    ]


def which_programme(
    scopes: Mapping[UUID, Scope], host: str, destination: str, present: UUID | None, *, asked: bool
) -> UUID | None:
    """Which of the programmes in force a case is decided by; None where that is not clear, or no longer in force.

    It stays with its own, when an officer named it or it still covers the case's countries; else it goes to the only
    one that covers them. `scopes`: of the programmes with a version in force; `present`: the case's own so far.
    """
    if present is not None and present not in scopes:
        return None
    covering = [programme for programme, scope in scopes.items() if scope.covers(host, destination)]
    if present is not None and (asked or present in covering or len(covering) != 1):
        return present
    return covering[0] if len(covering) == 1 else None


def overlap(one: Dated, other: Dated) -> bool:
    """Whether two versions share a day."""
    begins_in_time = other.valid_until is None or one.valid_from <= other.valid_until
    ends_in_time = one.valid_until is None or other.valid_from <= one.valid_until
    return begins_in_time and ends_in_time
