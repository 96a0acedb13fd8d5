"""A decision: what a programme's version says about a case as it was seen, on a date.

Pure: the same inputs and the same version give the same record, byte for byte, so that a decision of years ago can be
given again and derived again.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from pydantic import Field

from services.eligibility.criteria.rules import Asked, Known, Unknown
from services.eligibility.inputs.rules import HELPED_BEFORE, Inputs, known_from
from services.eligibility.packages.rules import GivenLine, LineNotGiven, Package, in_currency, package_for
from services.eligibility.programmes.rules import CompiledRule, CompiledVersion, Scope
from services.eligibility.titles.rules import OWN_LANGUAGE, Titles
from services.eligibility.traces.rules import RuleSaid, SaidOfMember, facts_seen, in_words, word_of
from services.eligibility.unwritten.rules import ask_of_records, ask_scope
from shared.contracts.eligibility import Outcome
from shared.fields import Answer
from shared.problems import Problem


class Because(StrEnum):
    """What led to a decision."""

    CASE_REGISTERED = "case_registered"
    CASE_CORRECTED = "case_corrected"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    NEW_ATTEMPT = "new_attempt"
    MEMBER_WITHDREW = "member_withdrew"
    CASE_REOPENED = "case_reopened"
    EARLIER_RETURN = "earlier_return"
    ANSWERS_GIVEN = "answers_given"
    OFFICER_ASKED = "officer_asked"
    RESTRICTION_CHANGED = "restriction_changed"
    PROGRAMME_CHANGED = "programme_changed"
    EXCEPTION_CHANGED = "exception_changed"
    RETURN_RECORDED = "return_recorded"
    RETURN_UNDONE = "return_undone"
    PEOPLE_LINKED = "people_linked"
    DECISION_EXPIRED = "decision_expired"


class CaseHasEnded(Problem):
    slug = "case-has-ended"
    status = 409
    title = "Eligibility of this case is no longer decided"
    remedy = (
        "`ended` says why. After a withdrawal or a refusal at the border a new declaration opens it again; a closed "
    )
    remedy += "case is reopened in registration; after a departure the decision stands."


class ProgrammeToChoose(Problem):
    slug = "programme-to-choose"
    status = 409
    title = "It is not clear which programme this case is for"
    remedy = (
        "Name one in `programme_code`; `programmes` lists those in force for its countries on that date. Where it is "
        "empty there is none: a programme officer adds one (`POST /programmes`, then its version)."
    )


class UnknownProgramme(Problem):
    slug = "unknown-programme"
    status = 422
    title = "There is no programme with that code"
    remedy = "`GET /programmes` lists them."


class EvaluationDateImpossible(Problem):
    slug = "evaluation-date-impossible"
    status = 422
    title = "A case cannot be decided as of that date"
    remedy = "Use a date from the arrival in the host country (`earliest`) to today (`latest`), or leave it out."


class MissingFact(Answer):
    """What must be known first. `question`: the programme's, to be answered here; None: registration knows it.
    `texts`: what the question asks in other languages than the programme's own."""

    fact: str
    individual: UUID | None
    question: str | None
    sentence: str
    texts: Titles = Field(default_factory=dict)


class Finding(Answer):
    """What follows from the inputs."""

    outcome: Outcome
    good_until: date | None
    trace: tuple[RuleSaid, ...]
    missing: tuple[MissingFact, ...]
    package: tuple[GivenLine, ...]
    not_given: tuple[LineNotGiven, ...]
    total: Decimal
    currency: str

    @property
    def on_exception(self) -> bool:
        """Whether it rests on an exception."""
        return bool(self.relies_on)

    @property
    def relies_on(self) -> frozenset[UUID]:
        """The exceptions it rests on."""
        return frozenset[UUID]().union(*(entry.relies_on for entry in self.trace))


class Record(Answer):
    """What is kept of a decision, whole. `titles`: what its version calls the programme; `language`: of its words."""

    programme: str
    version: int
    inputs: Inputs
    finding: Finding
    language: str = OWN_LANGUAGE
    titles: Titles = Field(default_factory=dict)

    @classmethod
    def of(cls, scope: Scope, number: int, version: CompiledVersion, inputs: Inputs) -> "Record":
        """What a version says of these inputs."""
        return cls(
            programme=scope.code,
            version=number,
            inputs=inputs,
            finding=decide_on(scope, number, version, inputs),
            language=version.content.language,
            titles=version.content.titles,
        )

    def written(self) -> bytes:
        """The same record, always the same bytes."""
        return orjson.dumps(_as_first_written(self.model_dump(mode="json")), option=orjson.OPT_SORT_KEYS)


def _as_first_written(record: dict[str, Any]) -> dict[str, Any]:
    """Without what came later and says nothing here, so that a record of an earlier code keeps its bytes."""

    def without(whole: dict[str, Any], **nothing: object) -> None:
        for name, said in nothing.items():
            if whole[name] == said:
                del whole[name]

    for granted in record["inputs"]["exceptions"]:
        without(granted, individual=None)
    without(record["inputs"], exceptions=[])
    without(record, language=OWN_LANGUAGE, titles={})
    for line in (*record["inputs"]["carried"], *record["finding"]["package"]):
        without(line, titles={}, window=None)
    for member in record["inputs"]["members"]:
        without(member, returned=None, duplicate=False)
    for missing in record["finding"]["missing"]:
        without(missing, texts={})
    for entry in record["finding"]["trace"]:
        without(entry, on_exception=None, titles={})
        for member in entry["members"]:
            without(member, on_exception=None)
    return record


def digest_of(record: bytes) -> bytes:
    return hashlib.sha256(record).digest()


def decide_on(scope: Scope, number: int, version: CompiledVersion, inputs: Inputs) -> Finding:
    """Asks every rule of a version, and the package where all hold."""
    known = known_from(inputs, version)
    standing = (ask_scope(scope, number, version, inputs), *ask_of_records(number, version, inputs))
    said = [
        *((entry, frozenset[Asked]()) for entry in standing),
        *(_excused(rule, known, inputs, *_ask(rule, number, known)) for rule in version.rules),
    ]
    trace = tuple(entry for entry, _ in said)
    carried = inputs.carried
    package = Package()
    unknown: frozenset[Asked] = frozenset()
    outcome = Outcome.INELIGIBLE
    if not any(entry.hinders for entry in trace):
        unknown = frozenset().union(*(missing for _, missing in said))
        if not unknown:
            taken = frozenset(line.line for line in carried)
            home = frozenset(str(member.individual) for member in inputs.members if member.home)
            package = package_for(version.package, known, inputs.evaluated_on, taken, home)
            unknown = package.missing
        outcome = Outcome.NEEDS_INFORMATION if unknown else Outcome.ELIGIBLE
    if outcome is not Outcome.ELIGIBLE:
        package = Package()
    lines = (*carried, *package.lines)
    total = sum((line.amount for line in lines), in_currency(Decimal(0), scope.currency))
    until = inputs.evaluated_on + timedelta(days=version.content.decision_valid_days)
    relied_on = frozenset[UUID]().union(*(entry.relies_on for entry in trace))
    until = min([until, *(each.valid_until for each in inputs.exceptions if each.exception in relied_on)])
    return Finding(
        outcome=outcome,
        good_until=until if outcome is Outcome.ELIGIBLE else None,
        trace=trace,
        missing=_missing_facts(unknown, version),
        package=lines,
        not_given=package.not_given,
        total=total,
        currency=scope.currency,
    )


def is_the_same(one: Record, other: Record) -> bool:
    """Whether a new record says nothing new: same programme, outcome, attempts, package, missing facts, and the same
    word of every rule, resting on the same exceptions. Another version, date or figure that changes none of them makes
    no new decision; but one of a day on which the other is good no more always says something new."""
    until = other.finding.good_until
    if until is not None and one.inputs.evaluated_on > until:
        return False

    def told(record: Record) -> object:
        finding = record.finding
        attempts = {member.individual: member.attempt for member in record.inputs.members}
        said = {entry.code: (entry.said, entry.relies_on) for entry in finding.trace}
        missing = {(fact.fact, fact.individual) for fact in finding.missing}
        package = {
            line.line: (line.amount, line.modality, line.stage, line.instalments, line.window)
            for line in finding.package
        }
        return (record.programme, finding.outcome, attempts, said, missing, package, finding.total)

    return told(one) == told(other)


def check_evaluation_date(on: date, arrived: date, today: date) -> None:
    """Raises `EvaluationDateImpossible`."""
    if not arrived <= on <= today:
        raise EvaluationDateImpossible(earliest=arrived.isoformat(), latest=today.isoformat())


def _excused(
    compiled: CompiledRule, known: Known, inputs: Inputs, entry: RuleSaid, missing: frozenset[Asked]
) -> tuple[RuleSaid, frozenset[Asked]]:
    """The entry, with the exceptions that keep its failing from being held against the case, and what must still be
    known. Those that name individuals are enough where they name everybody who fails."""
    granted = [each for each in inputs.exceptions if each.rule == entry.code]
    if entry.said != "failed" or not granted or not compiled.rule.overridable:
        return entry, missing
    of_case = [each.exception for each in granted if each.individual is None]
    if of_case:
        return entry.model_copy(update={"on_exception": of_case[-1]}), missing
    named = {each.individual: each.exception for each in granted}
    members = tuple(
        each.model_copy(update={"on_exception": named.get(each.individual)}) if each.said == "failed" else each
        for each in entry.members
    )
    told = entry.model_copy(update={"members": members})
    excused = [each.on_exception for each in members if each.said == "failed"]
    if not compiled.rule.asks_each or compiled.of_each is None or not excused or None in excused:
        return told, missing
    results = [compiled.of_each(known, each) for each in known.people]
    unknown = frozenset[Asked]().union(*(each.missing for each in results if isinstance(each, Unknown)))
    return told.model_copy(update={"on_exception": excused[0]}), unknown


def _ask(compiled: CompiledRule, number: int, known: Known) -> tuple[RuleSaid, frozenset[Asked]]:
    rule = compiled.rule
    result = compiled.ask(known, None)
    said = word_of(result)
    members: tuple[SaidOfMember, ...] = ()
    if compiled.of_each is not None:
        members = tuple(
            SaidOfMember(individual=UUID(each.individual), said=word_of(compiled.of_each(known, each)))
            for each in known.people
        )
    saw = facts_seen(compiled.reads, known)
    entry = RuleSaid(
        code=rule.code,
        title=rule.title,
        version=number,
        source=rule.source,
        said=said,
        saw=saw,
        members=members,
        sentence=in_words({"passed": rule.passed, "failed": rule.failed, "missing": rule.missing}[said], saw),
        titles=rule.titles,
    )
    return entry, result.missing if isinstance(result, Unknown) else frozenset()


def _missing_facts(unknown: Iterable[Asked], version: CompiledVersion) -> tuple[MissingFact, ...]:
    found: list[MissingFact] = []
    unknown = set(unknown)
    # When it was is asked once it is known that it was at all.
    unknown -= {Asked("member.last_assisted_on", e.individual) for e in unknown if e.fact == "member.assisted_before"}
    for asked in sorted(unknown, key=lambda each: (each.fact, each.individual or "")):
        fact = version.vocabulary[asked.fact]
        question = asked.fact.split(".", 1)[1] if fact.known_by == "officer" else None
        if asked.fact == f"member.{HELPED_BEFORE}" and HELPED_BEFORE in version.questions:
            question = HELPED_BEFORE
        means = version.questions[question].text if question else fact.means
        sentence = means if question else f"Registration must say {means}."
        if fact.known_by == "system":
            sentence = f"It cannot be told {fact.means}: registration must say the area of destination."
        individual = None if asked.individual is None else UUID(asked.individual)
        texts = version.questions[question].texts if question else {}
        found.append(
            MissingFact(fact=asked.fact, individual=individual, question=question, sentence=sentence, texts=texts)
        )
    return tuple(found)
