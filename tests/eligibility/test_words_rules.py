"""What a person and an officer read of a decision, as functions of its record."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.eligibility.decisions.rules import MissingFact, Record, decide_on
from services.eligibility.inputs.rules import AnswerSeen, ExceptionSeen, known_from
from services.eligibility.programmes.rules import Scope, VersionContent, compile_version
from services.eligibility.vocabulary.rules import STANDING_FACTS
from services.eligibility.words.queries import texts_by_language
from services.eligibility.words.rules import Reader, chosen_language, said_to
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import Means, ReturnKind, Sex
from tests.eligibility.rule_types import FATHER, ON, child, father, seen, suspended
from tests.eligibility.story import scenario

TEXTS = texts_by_language()["en"]
SCOPE = Scope.model_validate(scenario("programme"))
VERSION = compile_version(VersionContent.model_validate(scenario("version")))
YES = AnswerSeen(question="pending_procedure_withdrawn", individual=None, value=True)
HELPED = (father(last_assisted_on=ON - timedelta(days=100)), child())


def record_of(**changes: Any) -> Record:
    inputs = seen(**{"answers": (YES,), **changes})
    return Record(programme=SCOPE.code, version=1, inputs=inputs, finding=decide_on(SCOPE, 1, VERSION, inputs))


def _parts(reader: Reader, record: Record) -> dict[str, tuple[str, ...]]:
    return {part.title: part.lines for part in said_to(reader, record, TEXTS)}


def _granted(number: int, days: int) -> ExceptionSeen:
    until = ON + timedelta(days=days)
    rule = "not_assisted_lately" if number else "stay"
    return ExceptionSeen(exception=UUID(int=90 + number), rule=rule, reason="family_unity", valid_until=until)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"members": (father(duplicate=True), child())}, TEXTS.one_record),
        ({"members": (father(returned=ReturnKind.ON_THEIR_OWN), child())}, TEXTS.not_home_already),
        ({"host_country": "FRA"}, TEXTS.programme_scope),
        ({"members": HELPED}, TEXTS.reasons["not_assisted_lately"]),
    ],
)
def test_a_refusal_says_the_reason_in_words_of_its_own(changes: dict[str, Any], said: str) -> None:
    assert _parts(Reader.PERSON, record_of(**changes))[TEXTS.reasons_title] == (said,)


def test_a_reason_without_words_of_its_own_is_told_by_the_title_of_its_rule() -> None:
    bare = TEXTS.model_copy(update={"reasons": {}})
    parts = {part.title: part.lines for part in said_to(Reader.PERSON, record_of(members=HELPED), bare)}
    title = next(rule.rule.title for rule in VERSION.rules if rule.rule.code == "not_assisted_lately")
    assert parts[TEXTS.reasons_title] == (TEXTS.other_reason.format(title=title),)


def test_who_is_helped_on_an_exception_reads_until_when_it_holds() -> None:
    record = record_of(members=HELPED, exceptions=(_granted(0, 1), _granted(1, 9)))
    until = (ON + timedelta(days=9)).isoformat()
    lines = _parts(Reader.PERSON, record)[TEXTS.title]
    assert lines == (
        TEXTS.outcome[Outcome.ELIGIBLE],
        TEXTS.exception.format(until=until),
        TEXTS.good_until.format(until=until),
    )


def test_a_person_reads_what_is_missing_and_nothing_of_a_package() -> None:
    record = record_of(answers=())
    parts = _parts(Reader.PERSON, record)
    assert list(parts) == [TEXTS.title, TEXTS.missing_title, TEXTS.next[Outcome.NEEDS_INFORMATION]]
    assert parts[TEXTS.missing_title] == tuple(fact.sentence for fact in record.finding.missing)


def test_equal_lines_of_several_people_are_said_once_with_the_whole_sum() -> None:
    record = record_of()
    *lines, total = _parts(Reader.PERSON, record)[TEXTS.package]
    assert total == TEXTS.total.format(amount=f"{record.finding.total:f}", currency=SCOPE.currency)
    kinds = {(line.title, line.modality, line.stage) for line in record.finding.package}
    assert len(lines) == len(kinds) < len(record.finding.package)
    assert any(" + " in line for line in lines)


def test_an_officer_reads_what_is_missing_by_its_fact_and_no_such_heading_where_nothing_is() -> None:
    record = record_of(answers=())
    asked = record.finding.missing
    assert _parts(Reader.OFFICER, record)[TEXTS.missing_title] == tuple(f"{m.fact}: {m.sentence}" for m in asked)
    assert TEXTS.missing_title not in _parts(Reader.OFFICER, record_of())


def test_an_officer_reads_of_each_rule_what_it_said_on_which_exceptions_and_what_it_saw_of_whom() -> None:
    record = record_of(members=HELPED, answers=(), exceptions=(_granted(1, 9),))
    parts = _parts(Reader.OFFICER, record)
    labels = TEXTS.officer
    said = {entry.code: entry for entry in record.finding.trace}
    stay, helped, asked = said["stay"], said["not_assisted_lately"], said["procedures_withdrawn"]
    assert f"{stay.title}: {labels.passed}" in parts
    assert f"{asked.title}: {labels.missing}" in parts
    lines = parts[f"{helped.title}: {labels.failed}, {labels.on_exception} {UUID(int=91)}"]
    assert lines[0] == helped.sentence
    assert lines[-1] == f"{labels.source}: {helped.source}"
    day = (ON - timedelta(days=100)).isoformat()
    assert f"{labels.saw}: member.last_assisted_on ({FATHER}) = {day}" in lines
    assert f"{labels.saw}: case.evaluated_on = {ON.isoformat()}" in lines
    [_, saw, _] = parts[f"{asked.title}: {labels.missing}"]
    assert saw == f"{labels.saw}: answer.pending_procedure_withdrawn = {labels.unknown}"


def test_an_officer_reads_first_what_was_decided_by_which_version_and_as_of_when() -> None:
    record = record_of()
    labels = TEXTS.officer
    assert _parts(Reader.OFFICER, record)[labels.title] == (
        f"{labels.outcome}: {TEXTS.outcome[Outcome.ELIGIBLE]} (eligible)",
        f"{labels.programme}: {SCOPE.code}, 1",
        f"{labels.evaluated_on}: {ON.isoformat()}",
    )


def test_an_officer_reads_what_the_programme_is_called_in_its_own_language_where_there_is_no_other() -> None:
    titles = {"pt-BR": "Volta", "fr": "Retour"}
    record = record_of().model_copy(update={"language": "pt-BR", "titles": titles})
    for language, called in (("fr", "Retour"), ("ckb", "Volta")):
        texts = TEXTS.model_copy(update={"language": language})
        head, *_ = said_to(Reader.OFFICER, record, texts)
        assert f"{texts.officer.programme}: {called}, {SCOPE.code}, 1" in head.lines


def test_a_fact_that_a_language_has_no_words_for_is_asked_as_the_record_says_it() -> None:
    record = record_of(answers=())
    asked = MissingFact(fact="case.means", individual=None, question=None, sentence="Registration must say so.")
    lacking = record.model_copy(update={"finding": record.finding.model_copy(update={"missing": (asked,)})})
    for texts, said in ((TEXTS, TEXTS.facts["case.means"]), (TEXTS.model_copy(update={"facts": {}}), asked.sentence)):
        parts = {part.title: part.lines for part in said_to(Reader.PERSON, lacking, texts)}
        assert parts[TEXTS.missing_title] == (said,)


def test_a_language_is_given_as_asked_or_without_its_region_or_in_english() -> None:
    known = frozenset({"en", "fr", "pt-BR"})
    assert [chosen_language(each, known) for each in ("fr", "fr-CA", "pt-BR", "pt", "xx")] == [
        "fr",
        "fr",
        "pt-BR",
        "en",
        "en",
    ]


def test_every_fact_that_registration_may_not_know_is_asked_in_every_language() -> None:
    nobody_said = seen(
        members=(father(sex=Sex.UNKNOWN),), means=Means.UNKNOWN, destination_area=None, restrictions=suspended("Basra")
    )
    known = known_from(nobody_said, VERSION)
    unknown = {fact for fact in STANDING_FACTS if fact not in {**known.case, **known.people[0].facts}}
    assert unknown
    for texts in texts_by_language().values():
        assert set(texts.facts) == unknown, texts.language
