"""A decision: what a programme's version says about a case as it was seen, on a date.

Pure: the same inputs and the same version give the same record, byte for byte, so that a decision of years ago can be
given again and derived again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

import orjson

from services.eligibility.criteria.rules import Asked, Known, Result, Unknown, Value, is_of_a_member
from services.eligibility.inputs.rules import Inputs, Shown, known_from
from services.eligibility.packages.rules import GivenLine, LineNotGiven, Package, in_currency, package_for
from services.eligibility.programmes.rules import PLACEHOLDER, CompiledRule, CompiledVersion, Scope
from shared.contracts.eligibility import Outcome
from shared.fields import Answer
from shared.problems import Problem

Said = Literal["passed", "failed", "missing"]


class Because(StrEnum):
    """What led to a decision."""

    CASE_REGISTERED = "case_registered"
    CASE_CORRECTED = "case_corrected"
    NEW_ATTEMPT = "new_attempt"
    MEMBER_WITHDREW = "member_withdrew"
    CASE_REOPENED = "case_reopened"
    EARLIER_RETURN = "earlier_return"
    ANSWERS_GIVEN = "answers_given"
    OFFICER_ASKED = "officer_asked"
    RESTRICTION_CHANGED = "restriction_changed"
    PROGRAMME_CHANGED = "programme_changed"


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
    remedy = "Name one in `programme_code`; `programmes` lists those in force for its countries on that date."


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


class FactSeen(Answer):
    """What a rule saw; `value` None: it is not known."""

    fact: str
    individual: UUID | None
    value: Shown | None


class SaidOfMember(Answer):
    individual: UUID
    said: Said


class RuleSaid(Answer):
    """One rule of the trace. `version`: the programme's. `members`: what it said of each, where it asks each."""

    code: str
    title: str
    version: int
    source: str
    said: Said
    saw: tuple[FactSeen, ...]
    members: tuple[SaidOfMember, ...]
    sentence: str


class MissingFact(Answer):
    """What must be known first. `question`: the programme's, to be answered here; None: registration knows it."""

    fact: str
    individual: UUID | None
    question: str | None
    sentence: str


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


class Record(Answer):
    """What is kept of a decision, whole."""

    programme: str
    version: int
    inputs: Inputs
    finding: Finding

    def written(self) -> bytes:
        """The same record, always the same bytes."""
        return orjson.dumps(self.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)


def digest_of(record: bytes) -> bytes:
    return hashlib.sha256(record).digest()


def decide_on(scope: Scope, number: int, version: CompiledVersion, inputs: Inputs) -> Finding:
    """Asks every rule of a version, and the package where all hold."""
    known = known_from(inputs, version)
    said = [_ask_scope(scope, number, version, inputs), *(_ask(rule, number, known) for rule in version.rules)]
    trace = tuple(entry for entry, _ in said)
    carried = inputs.carried
    package = Package()
    unknown: frozenset[Asked] = frozenset()
    outcome = Outcome.INELIGIBLE
    if all(entry.said != "failed" for entry in trace):
        unknown = frozenset().union(*(missing for _, missing in said))
        if not unknown:
            taken = frozenset(line.line for line in carried)
            package = package_for(version.package, known, inputs.evaluated_on, taken)
            unknown = package.missing
        outcome = Outcome.NEEDS_INFORMATION if unknown else Outcome.ELIGIBLE
    if outcome is not Outcome.ELIGIBLE:
        package = Package()
    lines = (*carried, *package.lines)
    total = sum((line.amount for line in lines), in_currency(Decimal(0), scope.currency))
    until = inputs.evaluated_on + timedelta(days=version.content.decision_valid_days)
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
    """Whether a new record says nothing new: same programme, outcome, attempts, package, missing facts and the same
    word of every rule. Another version, date or figure that changes none of them makes no new decision."""

    def told(record: Record) -> object:
        finding = record.finding
        attempts = {member.individual: member.attempt for member in record.inputs.members}
        said = {entry.code: entry.said for entry in finding.trace}
        missing = {(fact.fact, fact.individual) for fact in finding.missing}
        package = {line.line: (line.amount, line.modality, line.stage, line.instalments) for line in finding.package}
        return (record.programme, finding.outcome, attempts, said, missing, package, finding.total)

    return told(one) == told(other)


def check_evaluation_date(on: date, arrived: date, today: date) -> None:
    """Raises `EvaluationDateImpossible`."""
    if not arrived <= on <= today:
        raise EvaluationDateImpossible(earliest=arrived.isoformat(), latest=today.isoformat())


def _ask_scope(
    scope: Scope, number: int, version: CompiledVersion, inputs: Inputs
) -> tuple[RuleSaid, frozenset[Asked]]:
    """The rule every programme has without writing it: the countries it is for."""
    covered = scope.covers(inputs.host_country, inputs.destination_country)
    route = f"from {inputs.host_country} to {inputs.destination_country}"
    saw = tuple(
        FactSeen(fact=fact, individual=None, value=value)
        for fact, value in (
            ("case.destination_country", inputs.destination_country),
            ("case.host_country", inputs.host_country),
        )
    )
    entry = RuleSaid(
        code="programme_scope",
        title="The programme is for this return",
        version=number,
        source=version.content.source,
        said="passed" if covered else "failed",
        saw=saw,
        members=(),
        sentence=f"The programme {'helps' if covered else 'does not help'} with returns {route}.",
    )
    return entry, frozenset()


def _ask(compiled: CompiledRule, number: int, known: Known) -> tuple[RuleSaid, frozenset[Asked]]:
    rule = compiled.rule
    result = compiled.ask(known, None)
    said = _said(result)
    members: tuple[SaidOfMember, ...] = ()
    if compiled.of_each is not None:
        members = tuple(
            SaidOfMember(individual=UUID(each.individual), said=_said(compiled.of_each(known, each)))
            for each in known.people
        )
    saw = _seen(compiled.reads, known)
    entry = RuleSaid(
        code=rule.code,
        title=rule.title,
        version=number,
        source=rule.source,
        said=said,
        saw=saw,
        members=members,
        sentence=_in_words({"passed": rule.passed, "failed": rule.failed, "missing": rule.missing}[said], saw),
    )
    return entry, result.missing if isinstance(result, Unknown) else frozenset()


def _said(result: Result) -> Said:
    if isinstance(result, Unknown):
        return "missing"
    return "passed" if result is True else "failed"


def _seen(names: Sequence[str], known: Known) -> tuple[FactSeen, ...]:
    seen: list[FactSeen] = []
    for name in names:
        if is_of_a_member(name):
            for each in known.people:
                seen.append(FactSeen(fact=name, individual=UUID(each.individual), value=_shown(each.facts.get(name))))
        else:
            seen.append(FactSeen(fact=name, individual=None, value=_shown(known.case.get(name))))
    return tuple(seen)


def _shown(value: Value | None) -> Shown | None:
    return value.isoformat() if isinstance(value, date) else value


def _in_words(sentence: str, saw: Sequence[FactSeen]) -> str:
    """The sentence with what the rule saw in place of each `{fact}`."""
    return PLACEHOLDER.sub(lambda found: _words_of(found[1], saw), sentence)


def _words_of(fact: str, saw: Sequence[FactSeen]) -> str:
    words = dict.fromkeys(_word(each.value) for each in saw if each.fact == fact)
    return ", ".join(words) or "nobody"


def _word(value: Shown | None) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _missing_facts(unknown: Iterable[Asked], version: CompiledVersion) -> tuple[MissingFact, ...]:
    found: list[MissingFact] = []
    for asked in sorted(unknown, key=lambda each: (each.fact, each.individual or "")):
        fact = version.vocabulary[asked.fact]
        question = asked.fact.split(".", 1)[1] if fact.known_by == "officer" else None
        sentence = fact.means if question else f"Registration must say {fact.means}."
        if fact.known_by == "system":
            sentence = f"It cannot be told {fact.means}: registration must say the area of destination."
        individual = None if asked.individual is None else UUID(asked.individual)
        found.append(MissingFact(fact=asked.fact, individual=individual, question=question, sentence=sentence))
    return tuple(found)
