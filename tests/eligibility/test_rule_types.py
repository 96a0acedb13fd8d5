"""Each type of rule the field knows (`rule_types.py`) passes, fails, and says what it lacks."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.eligibility.decisions.rules import Finding, decide_on
from services.eligibility.inputs.rules import ExceptionSeen, Inputs
from services.eligibility.programmes.rules import Scope, VersionContent, check_version, compile_version
from shared.contracts.eligibility import Outcome
from tests.eligibility.rule_types import ASKED, CHILD, FATHER, OF_MEMBER, TYPES, answered, compare, each, seen, value

SCOPE = Scope(code="ours", name="Ours", donor="ours", currency="EUR", host_countries=("BLR",))


def found(question: dict[str, Any] | None, expression: dict[str, Any], inputs: Inputs, **more: Any) -> Finding:
    questions = [] if question is None else [{"code": "asked", "text": "What is asked?", **question}]
    rule = {
        "code": "rule",
        "title": "The rule",
        "expression": expression,
        "passed": "It holds.",
        "failed": "It does not hold.",
        "missing": "It cannot be told.",
        "source": "ours",
        **more,
    }
    content = VersionContent.model_validate(
        {
            "valid_from": "2021-01-01",
            "source": "ours",
            "provisional": True,
            "questions": questions,
            "rules": [rule],
            "decision_valid_days": 90,
        }
    )
    check_version(content, "EUR")
    return decide_on(SCOPE, 1, compile_version(content), inputs)


@pytest.mark.parametrize(
    ("question", "expression", "passing", "failing", "lacking"), [t[1:] for t in TYPES], ids=[t[0] for t in TYPES]
)
def test_each_type_of_rule_passes_fails_and_says_what_it_lacks(
    question: dict[str, Any] | None,
    expression: dict[str, Any],
    passing: Inputs,
    failing: Inputs,
    lacking: Inputs | str,
) -> None:
    passed = found(question, expression, passing)
    assert (passed.outcome, passed.trace[-1].said) == (Outcome.ELIGIBLE, "passed")
    failed = found(question, expression, failing)
    assert (failed.outcome, failed.trace[-1].said) == (Outcome.INELIGIBLE, "failed")
    assert failed.missing == ()
    assert failed.good_until is None
    if isinstance(lacking, Inputs):
        missing = found(question, expression, lacking)
        assert (missing.outcome, missing.trace[-1].said) == (Outcome.NEEDS_INFORMATION, "missing")
        assert [fact.question for fact in missing.missing] == (
            [None] if question is None else [question.get("code", "asked")]
        )
        assert missing.package == ()


def test_a_failing_rule_is_overridden_by_an_approved_exception_and_a_missing_fact_is_not() -> None:
    rule = ({"kind": "boolean"}, compare(ASKED, "equal", value(True)))
    granted = ExceptionSeen(exception=UUID(int=8), rule="rule", reason="vulnerable", valid_until=date(2022, 1, 1))

    def decided(inputs: Inputs, *, overridable: bool = True) -> Outcome:
        seen_with_it = inputs.model_copy(update={"exceptions": (granted,)})
        return found(*rule, seen_with_it, overridable=overridable).outcome

    assert found(*rule, answered(False), overridable=True).outcome is Outcome.INELIGIBLE, "nobody approved one"
    assert decided(answered(False)) is Outcome.ELIGIBLE
    assert decided(answered(False), overridable=False) is Outcome.INELIGIBLE
    assert decided(seen()) is Outcome.NEEDS_INFORMATION


def test_an_answer_about_a_child_does_not_count_for_the_father() -> None:
    question = {"kind": "boolean", "about": "member"}
    expression = each({"op": "not", "of": OF_MEMBER})
    finding = found(question, expression, answered(False, CHILD))
    assert [(fact.fact, fact.individual) for fact in finding.missing] == [("member_answer.asked", FATHER)]
    assert {said.individual: said.said for said in finding.trace[-1].members} == {FATHER: "missing", CHILD: "passed"}


def test_a_programme_is_for_its_countries_without_saying_so_in_a_rule() -> None:
    finding = found(None, value(True), seen(host_country="LTU"))
    assert finding.outcome is Outcome.INELIGIBLE
    assert finding.trace[0].sentence == "The programme does not help with returns from LTU to IRQ."
