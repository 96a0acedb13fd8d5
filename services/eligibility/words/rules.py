"""Saying a decision: the same facts in a person's plain words and in an officer's, from texts that are data.

The person's words name no rule, no code and nothing that was said of anybody: only what follows, why in a sentence, and
what can be done. A language without texts falls back to English, and says so.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from services.eligibility.decisions.rules import MissingFact, Record
from services.eligibility.titles.rules import title_in
from services.eligibility.traces.rules import FactSeen, RuleSaid
from services.eligibility.windows.rules import Window, read_span
from shared.contracts.eligibility import Modality, Outcome, Stage
from shared.fields import Answer, Body, PlainText

Words = Annotated[str, Field(min_length=1, max_length=600)]
FALL_BACK = "en"


class Reader(StrEnum):
    PERSON = "person"
    OFFICER = "officer"


class OfficerTexts(Body):
    title: Words
    outcome: Words
    programme: Words
    evaluated_on: Words
    passed: Words
    failed: Words
    missing: Words
    on_exception: Words
    source: Words
    saw: Words
    unknown: Words


class Texts(Body):
    """The texts of one language. `provisional`: no speaker of the language has checked them yet. `facts`: what is asked
    of a person where registration does not know it."""

    language: str
    version: int
    provisional: bool
    direction: Literal["ltr", "rtl"]
    title: Words
    outcome: Mapping[Outcome, Words]
    exception: Words
    package: Words
    line: Words
    programme: Words
    paid_from: Words
    paid_until: Words
    lost_after: Words
    months_after_arrival: Words
    days_after_arrival: Words
    total: Words
    modality: Mapping[Modality, Words]
    stage: Mapping[Stage, Words]
    good_until: Words
    reasons_title: Words
    other_reason: Words
    one_record: Words
    not_home_already: Words
    programme_scope: Words
    missing_title: Words
    facts: Mapping[str, Words]
    next: Mapping[Outcome, Words]
    ask_again: PlainText
    reasons: Mapping[str, Words]
    officer: OfficerTexts


class Part(Answer):
    """A heading and the lines under it."""

    title: str
    lines: tuple[str, ...]


def chosen_language(asked: str, known: frozenset[str]) -> str:
    """The language that is given: the one asked for, or without its region, else English."""
    for each in (asked, asked.split("-")[0]):
        if each in known:
            return each
    return FALL_BACK


def said_to(reader: Reader, record: Record, texts: Texts) -> tuple[Part, ...]:
    """The decision in the words of who reads it."""
    return _to_the_person(record, texts) if reader is Reader.PERSON else _to_the_officer(record, texts)


def _to_the_person(record: Record, texts: Texts) -> tuple[Part, ...]:
    finding = record.finding
    outcome = finding.outcome
    first = [texts.outcome[outcome]]
    if record.titles:
        name = title_in(texts.language, record.titles, record.titles[record.language])
        first.insert(0, texts.programme.format(title=name))
    if finding.on_exception:
        until = min(each.valid_until for each in record.inputs.exceptions if each.exception in finding.relies_on)
        first.append(texts.exception.format(until=until.isoformat()))
    if finding.good_until is not None:
        first.append(texts.good_until.format(until=finding.good_until.isoformat()))
    parts = [Part(title=texts.title, lines=tuple(first))]
    if finding.package:
        parts.append(Part(title=texts.package, lines=(*_lines(record, texts), _total(record, texts))))
    if outcome is Outcome.INELIGIBLE:
        reasons = dict.fromkeys(_reason(entry, texts) for entry in finding.trace if entry.hinders)
        parts.append(Part(title=texts.reasons_title, lines=tuple(reasons)))
    if finding.missing:
        asked = dict.fromkeys(_asked(fact, texts) for fact in finding.missing)
        parts.append(Part(title=texts.missing_title, lines=tuple(asked)))
    parts.append(Part(title=texts.next[outcome], lines=(texts.ask_again,)))
    return tuple(parts)


def _lines(record: Record, texts: Texts) -> tuple[str, ...]:
    """Equal lines of several people are said once, with what they come to."""
    sums: dict[tuple[str, Modality, Stage, str], list[str]] = {}
    for line in record.finding.package:
        title = title_in(texts.language, line.titles, line.title)
        alike = (title, line.modality, line.stage, "" if line.window is None else _window(line.window, texts))
        sums.setdefault(alike, []).append(f"{line.amount:f}")
    return tuple(
        texts.line.format(
            title=title,
            amount=" + ".join(amounts),
            currency=record.finding.currency,
            modality=texts.modality[modality],
            stage=texts.stage[stage],
        )
        + when
        for (title, modality, stage, when), amounts in sums.items()
    )


def _window(window: Window, texts: Texts) -> str:
    """When a line is paid, in sentences after the line's own."""
    said = (
        (texts.paid_from, window.from_date, window.from_arrival),
        (texts.paid_until, window.until_date, window.until_arrival),
        (texts.lost_after, window.expires_on, window.expires_after_arrival),
    )
    days = ((words, day, span) for words, day, span in said if day is not None or span is not None)
    return "".join(f" {words.format(day=_day(day, span, texts))}" for words, day, span in days)


def _day(day: date | None, span: str | None, texts: Texts) -> str:
    found = [] if day is None else [day.isoformat()]
    if span is not None:
        number, months = read_span(span)
        words = texts.months_after_arrival if months else texts.days_after_arrival
        found.append(words.format(number=number))
    return " / ".join(found)


def _total(record: Record, texts: Texts) -> str:
    return texts.total.format(amount=f"{record.finding.total:f}", currency=record.finding.currency)


def _reason(entry: RuleSaid, texts: Texts) -> str:
    own = {
        "one_record": texts.one_record,
        "not_home_already": texts.not_home_already,
        "programme_scope": texts.programme_scope,
    }
    return (
        own.get(entry.code)
        or texts.reasons.get(entry.code)
        or texts.other_reason.format(title=title_in(texts.language, entry.titles, entry.title))
    )


def _asked(fact: MissingFact, texts: Texts) -> str:
    """What must be known: a programme's question as it has it in that language, what registration knows in ours."""
    if fact.question is None:
        return texts.facts.get(fact.fact, fact.sentence)
    return title_in(texts.language, fact.texts, fact.sentence)


def _to_the_officer(record: Record, texts: Texts) -> tuple[Part, ...]:
    labels, finding = texts.officer, record.finding
    head = Part(
        title=labels.title,
        lines=(
            f"{labels.outcome}: {texts.outcome[finding.outcome]} ({finding.outcome})",
            f"{labels.programme}: {_called(record, texts)}{record.programme}, {record.version}",
            f"{labels.evaluated_on}: {record.inputs.evaluated_on.isoformat()}",
        ),
    )
    rules = [_rule(entry, texts) for entry in finding.trace]
    package = Part(
        title=texts.package,
        lines=(
            *(line.sentence for line in finding.package),
            *(f"{each.code}: {each.sentence}" for each in finding.not_given),
            _total(record, texts),
        ),
    )
    missing = Part(title=texts.missing_title, lines=tuple(f"{m.fact}: {_asked(m, texts)}" for m in finding.missing))
    return (head, *rules, package, *([missing] if finding.missing else []))


def _called(record: Record, texts: Texts) -> str:
    own = record.titles.get(record.language, "")
    return f"{title_in(texts.language, record.titles, own)}, " if own else ""


def _rule(entry: RuleSaid, texts: Texts) -> Part:
    labels = texts.officer
    word = {"passed": labels.passed, "failed": labels.failed, "missing": labels.missing}[entry.said]
    if entry.on_exception is not None:
        word = f"{word}, {labels.on_exception} {', '.join(sorted(str(each) for each in entry.relies_on))}"
    saw = [f"{labels.saw}: {_fact(each, labels.unknown)}" for each in entry.saw]
    title = title_in(texts.language, entry.titles, entry.title)
    return Part(title=f"{title}: {word}", lines=(entry.sentence, *saw, f"{labels.source}: {entry.source}"))


def _fact(seen: FactSeen, unknown: str) -> str:
    whose = "" if seen.individual is None else f" ({seen.individual})"
    return f"{seen.fact}{whose} = {unknown if seen.value is None else seen.value}"
