"""A programme's version at its edges, and what is asked of a case first, as plain functions."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter, ValidationError

from services.eligibility.decisions.rules import Finding, decide_on
from services.eligibility.inputs.rules import AnswerSeen, ExceptionSeen
from services.eligibility.programmes.rules import (
    ProgrammeVersionRefused,
    Question,
    Scope,
    VersionContent,
    check_version,
    compile_version,
)
from services.eligibility.restrictions.rules import AreaCode
from shared.contracts.eligibility import Outcome
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
    return errors


def _found(case: Any, **changes: Any) -> Finding:
    return decide_on(SCOPE, 1, compile_version(VersionContent.model_validate(version(**changes))), case)


@pytest.mark.parametrize("given", ["20211209", "2021-W49-4", "2021-13-01", "2021-12-09T00:00", True, 20211209])
def test_a_date_is_answered_with_a_year_a_month_and_a_day_and_with_nothing_else(given: bool | int | str) -> None:
    when = Question(code="when", text="When?", kind="date")
    assert when.read(ON.isoformat()) == ON
    assert when.read(given) is None


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
