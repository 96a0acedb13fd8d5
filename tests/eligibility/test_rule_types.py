"""Each type of rule the field knows, as data: a case that passes, one that fails, and one that lacks the fact."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.eligibility.decisions.rules import Finding, decide_on
from services.eligibility.inputs.rules import AnswerSeen, Inputs, MemberSeen, RestrictionSeen
from services.eligibility.programmes.rules import Scope, VersionContent, check_version, compile_version
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import AgeBand, Means, Relation, Sex

ON = date(2021, 12, 9)
FATHER, CHILD = UUID(int=1), UUID(int=2)
SCOPE = Scope(code="ours", name="Ours", donor="ours", currency="EUR", host_countries=("BLR",))


def fact(name: str) -> dict[str, Any]:
    return {"op": "fact", "name": name}


def value(given: Any) -> dict[str, Any]:
    return {"op": "value", "value": given}


def day(given: str) -> dict[str, Any]:
    return {"op": "date", "value": given}


def compare(left: Any, how: str, right: Any) -> dict[str, Any]:
    return {"op": "compare", "left": left, "how": how, "right": right}


def each(holds: Any) -> dict[str, Any]:
    return {"op": "each_member", "holds": holds}


def father(**changes: Any) -> MemberSeen:
    facts: dict[str, Any] = {
        "individual": FATHER,
        "attempt": 1,
        "relation": Relation.PRINCIPAL,
        "nationality": "IRQ",
        "sex": Sex.MALE,
        "age_band": AgeBand.ADULT,
        "last_assisted_on": None,
    }
    return MemberSeen(**{**facts, **changes})


def child(**changes: Any) -> MemberSeen:
    return father(individual=CHILD, relation=Relation.CHILD, age_band=AgeBand.CHILD, **changes)


def seen(**changes: Any) -> Inputs:
    facts: dict[str, Any] = {
        "evaluated_on": ON,
        "host_country": "BLR",
        "destination_country": "IRQ",
        "destination_area": "Erbil",
        "arrived_on": date(2021, 10, 20),
        "registered_on": date(2021, 12, 1),
        "channel": "office_visit",
        "means": Means.NONE,
        "members": (father(), child()),
        "answers": (),
        "restrictions": (),
    }
    return Inputs(**{**facts, **changes})


def answered(given: Any, individual: UUID | None = None) -> Inputs:
    return seen(answers=(AnswerSeen(question="asked", individual=individual, value=given),))


def suspended(area: str | None) -> tuple[RestrictionSeen, ...]:
    return (
        RestrictionSeen(
            restriction=UUID(int=9),
            country="IRQ",
            area=area,
            valid_from=date(2021, 12, 1),
            valid_until=None,
            lifted_on=None,
            source="ours",
        ),
    )


def helped(*given: bool, **changes: Any) -> Inputs:
    """Father and child, as far as each was asked whether they were helped to return before."""
    people = zip((FATHER, CHILD), given, strict=False)
    answers = tuple(AnswerSeen(question="assisted_before", individual=each, value=value) for each, value in people)
    return seen(answers=answers, **changes)


ASKED = fact("answer.asked")
OF_MEMBER = fact("member_answer.asked")
NEVER_BEFORE = compare(fact("member.assisted_before"), "equal", value(False))
YEARS_AGO = compare(
    fact("member.last_assisted_on"), "less", {"op": "shift", "day": fact("case.evaluated_on"), "years": -5}
)
LATELY = (father(last_assisted_on=date(2019, 1, 1)), child())
LONG_AGO = (father(last_assisted_on=date(2016, 12, 8)), child())

# Name, the question asked if any, the expression, and inputs: passing, failing, lacking the fact (None: it never can).
TYPES: list[tuple[str, dict[str, Any] | None, dict[str, Any], Inputs, Inputs, Inputs | None]] = [
    (
        "nationality in a list",
        None,
        each({"op": "one_of", "item": fact("member.nationality"), "values": ["IRQ", "LBN"]}),
        seen(),
        seen(members=(father(), child(nationality="SYR"))),
        None,
    ),
    (
        "lack of means",
        None,
        compare(fact("case.means"), "equal", value("none")),
        seen(),
        seen(means=Means.SOME),
        seen(means=Means.UNKNOWN),
    ),
    (
        "stay of at least thirty days",
        None,
        compare(fact("case.stay_days"), "at_least", value(30)),
        seen(),
        seen(arrived_on=date(2021, 12, 1)),
        None,
    ),
    ("never assisted before", None, each(NEVER_BEFORE), seen(), seen(members=LATELY), None),
    (
        "not assisted within five years",
        None,
        each({"op": "any", "of": [NEVER_BEFORE, YEARS_AGO]}),
        seen(members=LONG_AGO),
        seen(members=LATELY),
        None,
    ),
    (
        "never assisted before, asked of each person",
        {"code": "assisted_before", "kind": "boolean", "about": "member"},
        each(NEVER_BEFORE),
        helped(False, False),
        helped(False, True),
        helped(False),
    ),
    (
        "not assisted within five years, asked of each person",
        {"code": "assisted_before", "kind": "boolean", "about": "member"},
        each({"op": "any", "of": [NEVER_BEFORE, YEARS_AGO]}),
        helped(False, False, members=LONG_AGO),
        helped(False, False, members=LATELY),
        helped(False),
    ),
    (
        "destination not suspended",
        None,
        compare(fact("case.destination_suspended"), "equal", value(False)),
        seen(restrictions=suspended("Basra")),
        seen(restrictions=suspended(None)),
        seen(restrictions=suspended("Basra"), destination_area=None),
    ),
    (
        "own country only",
        None,
        each(compare(fact("member.nationality"), "equal", fact("case.destination_country"))),
        seen(),
        seen(destination_country="LBN"),
        None,
    ),
    (
        "household of at most two",
        None,
        compare(fact("case.household_size"), "at_most", value(2)),
        seen(),
        seen(members=(father(), child(), father(individual=UUID(int=3), relation=Relation.SPOUSE))),
        None,
    ),
    (
        "at least one child",
        None,
        compare({"op": "count_members", "where": {"op": "not", "of": fact("member.adult")}}, "at_least", value(1)),
        seen(),
        seen(members=(father(),)),
        None,
    ),
    (
        "applied within a window",
        None,
        {
            "op": "all",
            "of": [
                compare(fact("case.registered_on"), "at_least", day("2021-11-01")),
                compare(fact("case.registered_on"), "at_most", day("2022-01-20")),
            ],
        },
        seen(),
        seen(registered_on=date(2021, 10, 31)),
        None,
    ),
    (
        "pending procedure withdrawn",
        {"kind": "boolean"},
        compare(ASKED, "equal", value(True)),
        answered(True),
        answered(False),
        seen(),
    ),
    (
        "legal status",
        {"kind": "choice", "choices": ["irregular", "refugee"]},
        compare(ASKED, "not_equal", value("refugee")),
        answered("irregular"),
        answered("refugee"),
        seen(),
    ),
    (
        "sentence shorter than twelve months",
        {"kind": "number"},
        compare(ASKED, "less", value(12)),
        answered(3),
        answered(12),
        seen(),
    ),
    (
        "within sixty days of the return decision",
        {"kind": "date"},
        compare(
            {"op": "days_between", "start": ASKED, "end": fact("case.evaluated_on")},
            "at_most",
            value(60),
        ),
        answered("2021-11-01"),
        answered("2021-01-01"),
        seen(),
    ),
    (
        "nobody detained, asked of each person",
        {"kind": "boolean", "about": "member"},
        {"op": "not", "of": {"op": "any_member", "where": fact("member.adult"), "holds": OF_MEMBER}},
        answered(False, FATHER),
        answered(True, FATHER),
        seen(),
    ),
]


def found(question: dict[str, Any] | None, expression: dict[str, Any], inputs: Inputs) -> Finding:
    questions = [] if question is None else [{"code": "asked", "text": "What is asked?", **question}]
    rule = {
        "code": "rule",
        "title": "The rule",
        "expression": expression,
        "passed": "It holds.",
        "failed": "It does not hold.",
        "missing": "It cannot be told.",
        "source": "ours",
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
    lacking: Inputs | None,
) -> None:
    passed = found(question, expression, passing)
    assert (passed.outcome, passed.trace[-1].said) == (Outcome.ELIGIBLE, "passed")
    failed = found(question, expression, failing)
    assert (failed.outcome, failed.trace[-1].said) == (Outcome.INELIGIBLE, "failed")
    assert failed.missing == ()
    assert failed.good_until is None
    if lacking is not None:
        missing = found(question, expression, lacking)
        assert (missing.outcome, missing.trace[-1].said) == (Outcome.NEEDS_INFORMATION, "missing")
        assert [fact.question for fact in missing.missing] == (
            [None] if question is None else [question.get("code", "asked")]
        )
        assert missing.package == ()


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
