"""A programme's version at its edges, and what is asked of a case first, as plain functions."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter, ValidationError

from services.eligibility.decisions.rules import Finding, decide_on
from services.eligibility.inputs.rules import AnswerSeen, ExceptionSeen, known_from
from services.eligibility.programmes.rules import (
    ProgrammeVersionRefused,
    Question,
    Scope,
    VersionContent,
    check_version,
    compile_version,
    overlap,
    version_in_force,
    vocabulary_of,
    which_programme,
)
from services.eligibility.restrictions.rules import AreaCode
from services.eligibility.traces.rules import FactSeen, in_words
from services.eligibility.vocabulary.rules import BOOLEAN, DATE, NUMBER, STANDING_FACTS, Fact
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import AgeBand, Means, Relation, Sex
from tests.eligibility.rule_types import CHILD, FATHER, ON, child, compare, each, fact, father, seen, value
from tests.eligibility.story import scenario, version

SCOPE = Scope.model_validate(scenario("programme"))
BEFORE = "Was this person ever helped to return?"
ASKED_BEFORE = {"code": "assisted_before", "text": BEFORE, "about": "member", "kind": "boolean"}


def _rule(of: str, **changes: Any) -> dict[str, Any]:
    [rule] = [rule for rule in version()["rules"] if rule["code"] == of]
    return {**rule, **changes}


def _errors(**changes: Any) -> list[dict[str, str]]:
    with pytest.raises(ProgrammeVersionRefused) as refusal:
        check_version(VersionContent.model_validate(version(**changes)), SCOPE.currency)
    errors: list[dict[str, str]] = refusal.value.members["errors"]
    assert all(each["detail"] for each in errors), "each fault is told in words beside its place"
    return errors


def _found(case: Any, **changes: Any) -> Finding:
    return decide_on(SCOPE, 1, compile_version(VersionContent.model_validate(version(**changes))), case)


@pytest.mark.parametrize("given", ["20211209", "2021-W49-4", "2021-13-01", "2021-12-09T00:00", True, 20211209])
def test_a_date_is_answered_with_a_year_a_month_and_a_day_and_with_nothing_else(given: bool | int | str) -> None:
    when = Question(code="when", text="When?", kind="date")
    assert when.read(ON.isoformat()) == ON
    assert when.read(given) is None


@pytest.mark.parametrize(
    ("about", "kind", "name"),
    [
        ("case", "boolean", "answer.asked"),
        ("member", "number", "member_answer.asked"),
        ("case", "date", "answer.asked"),
    ],
)
def test_what_a_programme_asks_is_a_fact_of_the_kind_of_its_answer_that_an_officer_knows(
    about: str, kind: str, name: str
) -> None:
    question = Question.model_validate({"code": "asked", "text": "Asked?", "about": about, "kind": kind})
    kinds = {"boolean": BOOLEAN, "number": NUMBER, "date": DATE}
    assert vocabulary_of([question]) == {**STANDING_FACTS, name: Fact(kinds[kind], "Asked?", "officer")}


def test_a_version_of_one_day_is_sound() -> None:
    one_day = version(valid_until=version()["valid_from"])
    check_version(VersionContent.model_validate(one_day), SCOPE.currency)


def test_what_is_wrong_in_a_version_is_told_by_its_place_fifty_places_at_most() -> None:
    question = {"code": "q", "text": "Q?", "kind": "number"}
    [error] = _errors(questions=[question, question], rules=[_rule("stay")])
    assert error == {"pointer": "/questions/1/code", "detail": "is used by an earlier one"}
    assert len(_errors(questions=[question] * 52, rules=[_rule("stay")])) == 50


def test_any_letter_may_stand_in_a_sentence_and_no_lone_brace() -> None:
    sound = version(rules=[_rule("stay", passed="Box X.")])
    check_version(VersionContent.model_validate(sound), SCOPE.currency)
    assert [each["pointer"] for each in _errors(rules=[_rule("stay", passed="Box }.")])] == ["/rules/0/passed"]


def test_an_area_that_is_none_is_refused_as_an_unknown_code() -> None:
    with pytest.raises(ValidationError) as refusal:
        TypeAdapter(AreaCode).validate_python("IQ-XX")
    assert [error["type"] for error in refusal.value.errors()] == ["homeward_unknown_code"]


def _granted(individual: UUID) -> ExceptionSeen:
    until = ON + timedelta(days=9)
    return ExceptionSeen(
        exception=uuid4(), rule="someone", reason="family_unity", valid_until=until, individual=individual
    )


def test_a_rule_that_one_of_all_must_meet_is_not_excused_person_by_person() -> None:
    """An exception names a person where everybody is asked; of the rule of a later version that need not be so."""
    holds = compare(fact("member.nationality"), "equal", value("SYR"))
    case = seen(exceptions=(_granted(FATHER), _granted(CHILD)))
    said = {
        op: _found(case, rules=[_rule("stay", code="someone", overridable=True, expression={"op": op, "holds": holds})])
        for op in ("each_member", "any_member")
    }
    assert said["each_member"].outcome is Outcome.ELIGIBLE
    assert said["any_member"].outcome is Outcome.INELIGIBLE


def test_when_somebody_was_helped_is_asked_once_it_is_known_that_they_were() -> None:
    rules = [_rule("not_assisted_lately")]
    neither = _found(seen(members=(father(),)), questions=[ASKED_BEFORE], rules=rules).missing
    assert [(each.fact, each.question, each.sentence) for each in neither] == [
        ("member.assisted_before", "assisted_before", BEFORE)
    ]
    helped = AnswerSeen(question="assisted_before", individual=FATHER, value=True)
    when = _found(seen(members=(father(),), answers=(helped,)), questions=[ASKED_BEFORE], rules=rules).missing
    assert [each.fact for each in when] == ["member.last_assisted_on"]


def test_of_one_person_when_they_were_helped_is_asked_beside_what_else_is_missing_of_them() -> None:
    willing = {"code": "willing", "text": "Willing?", "about": "member", "kind": "boolean"}
    rules = [
        _rule("not_assisted_lately"),
        _rule("stay", code="willing", expression=each(fact("member_answer.willing"))),
    ]
    said = tuple(
        AnswerSeen(question="assisted_before", individual=who, value=helped)
        for who, helped in ((FATHER, True), (CHILD, False))
    )
    case = seen(members=(father(), child()), answers=said)
    missing = _found(case, questions=[ASKED_BEFORE, willing], rules=rules).missing
    assert [(each.fact, each.individual) for each in missing] == [
        ("member.last_assisted_on", FATHER),
        ("member_answer.willing", FATHER),
        ("member_answer.willing", CHILD),
    ]


def test_every_fact_about_a_case_and_a_person_has_its_name() -> None:
    willing = {"code": "willing", "text": "Willing?", "about": "member", "kind": "boolean"}
    asked = compile_version(VersionContent.model_validate(version(questions=[*version()["questions"], willing])))
    answers = (
        AnswerSeen(question="pending_procedure_withdrawn", individual=None, value=True),
        AnswerSeen(question="pending_procedure_withdrawn", individual=FATHER, value=False),
        AnswerSeen(question="willing", individual=FATHER, value=True),
        AnswerSeen(question="willing", individual=None, value=False),
        AnswerSeen(question="no_more_asked", individual=None, value=True),
    )
    known = known_from(seen(members=(father(), child(), child(individual=UUID(int=3))), answers=answers), asked)
    assert known.case == {
        "case.evaluated_on": ON,
        "case.host_country": "BLR",
        "case.destination_country": "IRQ",
        "case.destination_area": "Erbil",
        "case.destination_suspended": False,
        "case.arrived_on": date(2021, 10, 20),
        "case.stay_days": 50,
        "case.registered_on": date(2021, 12, 1),
        "case.channel": "office_visit",
        "case.means": "none",
        "case.household_size": 3,
        "case.adults": 1,
        "case.children": 2,
        "answer.pending_procedure_withdrawn": True,
    }
    assert [each.individual for each in known.people] == [str(UUID(int=n)) for n in (1, 2, 3)]
    assert known.people[0].facts == {
        "member.nationality": "IRQ",
        "member.sex": str(Sex.MALE),
        "member.age_band": str(AgeBand.ADULT),
        "member.adult": True,
        "member.principal": True,
        "member.relation": str(Relation.PRINCIPAL),
        "member.assisted_before": False,
        "member_answer.willing": True,
    }
    younger = known.people[1].facts
    assert (younger["member.adult"], younger["member.principal"], younger["member.relation"]) == (False, False, "child")


def test_what_registration_does_not_know_is_no_fact() -> None:
    known = known_from(
        seen(means=Means.UNKNOWN, members=(father(sex=Sex.UNKNOWN),)),
        compile_version(VersionContent.model_validate(version())),
    )
    assert "case.means" not in known.case
    assert "member.sex" not in known.people[0].facts


@pytest.mark.parametrize(
    ("seen_values", "said"),
    [([True], "yes"), ([False], "no"), ([None], "not known"), ([3, 3, True], "3, yes"), ([], "nobody")],
)
def test_a_sentence_says_each_thing_that_was_seen_once(seen_values: list[Any], said: str) -> None:
    saw = [FactSeen(fact="case.means", individual=None, value="none")]
    saw += [FactSeen(fact="member.adult", individual=UUID(int=n), value=v) for n, v in enumerate(seen_values, start=1)]
    assert in_words("Grown: {member.adult}.", saw) == f"Grown: {said}."


HERE, THERE, GONE = (UUID(int=n) for n in (11, 12, 13))
ELSEWHERE = SCOPE.model_copy(update={"host_countries": ("LTU",)})


@pytest.mark.parametrize(
    ("scopes", "present", "asked", "which"),
    [
        ({HERE: SCOPE, THERE: ELSEWHERE}, None, False, HERE),
        ({HERE: SCOPE, THERE: SCOPE}, None, False, None),
        ({THERE: ELSEWHERE}, None, False, None),
        ({HERE: SCOPE, THERE: SCOPE}, THERE, False, THERE),  # its own still covers it
        ({HERE: SCOPE, THERE: ELSEWHERE}, THERE, False, HERE),  # its own does not, and one other does
        ({HERE: SCOPE, THERE: ELSEWHERE}, THERE, True, THERE),  # an officer named it
        ({HERE: SCOPE, GONE: SCOPE, THERE: ELSEWHERE}, THERE, False, THERE),  # two others do: it is not clear which
        ({THERE: ELSEWHERE}, THERE, False, THERE),
        ({HERE: SCOPE}, GONE, True, None),  # no more in force
    ],
)
def test_a_case_stays_with_its_programme_while_it_covers_it_or_was_named_and_else_goes_to_the_only_one(
    scopes: dict[UUID, Scope], present: UUID | None, asked: bool, which: UUID | None
) -> None:
    assert which_programme(scopes, "BLR", "IRQ", present, asked=asked) == which


def _dated(first: int, last: int | None, number: int = 1) -> Any:
    until = None if last is None else ON + timedelta(days=last)
    return SimpleNamespace(number=number, valid_from=ON + timedelta(days=first), valid_until=until)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [((0, 3), (3, 5), True), ((0, 3), (4, 5), False), ((0, None), (4, 5), True), ((6, None), (4, 5), False)],
)
def test_two_versions_overlap_where_they_share_a_day(
    one: tuple[int, int | None], other: tuple[int, int | None], shared: bool
) -> None:
    assert overlap(_dated(*one), _dated(*other)) is shared
    assert overlap(_dated(*other), _dated(*one)) is shared


def test_of_two_versions_for_a_day_the_newer_is_in_force() -> None:
    old, new = _dated(0, None, 1), _dated(-3, 3, 2)
    for both in ([old, new], [new, old]):
        assert version_in_force(both, ON) is new
        assert version_in_force(both, ON + timedelta(days=4)) is old
