"""A case as it was folded: who still takes part, why it ended, whom a decision is about and what it sees. Functions."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.eligibility.cases.rules import (
    AnswerUnfit,
    Ended,
    MemberPicture,
    Picture,
    QuestionNotAsked,
    carried_lines,
    check_answers,
    inputs_of,
    possible_actions,
    to_be_decided,
    why_undecided,
)
from services.eligibility.decisions.rules import Record, decide_on
from services.eligibility.previews.rules import Asked, Counts, Effect, Supposed, changed_picture, counts_of, effect_on
from services.eligibility.programmes.rules import Question, Scope, VersionContent, compile_version
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import AgeBand, Means, Relation, ReturnKind, Sex
from tests.eligibility.rule_types import CHILD, FATHER, ON
from tests.eligibility.story import scenario

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
ONE = timedelta(days=1)
A_LITTLE = timedelta(microseconds=1)
CASE, PROGRAMME = uuid4(), uuid4()
SCOPE = Scope.model_validate(scenario("programme"))
VERSION = compile_version(VersionContent.model_validate(scenario("version")))
ANSWERED = {("pending_procedure_withdrawn", None): True}
MEMBER = MemberPicture(FATHER, Relation.PRINCIPAL, "IRQ", Sex.MALE, AgeBand.ADULT, 1, False, None, None)
CHILDS = replace(MEMBER, individual=CHILD, relation=Relation.CHILD, age_band=AgeBand.CHILD)
LEFT = replace(MEMBER, departed_at=NOW)
WITHDRAWN = replace(MEMBER, withdrawn=True)
SECOND_RECORD = replace(MEMBER, duplicate=True)
HOME = replace(MEMBER, returned=ReturnKind.ON_THEIR_OWN)


def _picture(*members: MemberPicture, **changes: Any) -> Picture:
    facts: dict[str, Any] = {
        "case": CASE,
        "host_country": "BLR",
        "destination_country": "IRQ",
        "destination_area": "Erbil",
        "arrived_on": date(2021, 10, 20),
        "registered_on": date(2021, 12, 1),
        "channel": "office_visit",
        "means": Means.NONE,
        "closed": False,
        "members": members or (MEMBER, CHILDS),
        "answers": ANSWERED,
    }
    return Picture(**{**facts, **changes})


@pytest.mark.parametrize(
    ("changes", "aside"),
    [
        ({}, False),
        ({"duplicate": True}, True),
        ({"returned": ReturnKind.OWN_GOVERNMENT}, True),
        ({"returned": ReturnKind.ON_THEIR_OWN}, True),
        ({"returned": ReturnKind.RETROACTIVE}, False),
    ],
)
def test_no_return_is_decided_of_who_is_home_by_other_means_or_is_a_second_record(
    changes: dict[str, Any], aside: bool
) -> None:
    assert replace(MEMBER, **changes).aside is aside


def test_a_return_that_begins_on_the_day_was_before_it_and_the_last_one_counts() -> None:
    helped = replace(MEMBER, last_assisted_return=ON, earlier_returns=(ON - 9 * ONE, ON + ONE))
    assert [helped.last_assisted_on(ON + days * ONE) for days in (-10, -1, 0, 1)] == [
        None,
        ON - 9 * ONE,
        ON,
        ON + ONE,
    ]


def test_who_withdrew_is_aside_or_has_left_takes_no_part() -> None:
    for out in (WITHDRAWN, SECOND_RECORD, HOME, LEFT):
        assert _picture(out, CHILDS).taking_part() == (CHILDS,)
    family = _picture(LEFT, CHILDS)
    assert family.taking_part(NOW) == (CHILDS,)
    assert family.taking_part(NOW - A_LITTLE) == (LEFT, CHILDS)
    assert (family.departed(NOW), family.departed(NOW - A_LITTLE)) == ((LEFT,), ())


@pytest.mark.parametrize(
    ("members", "ended"),
    [
        ([MEMBER, WITHDRAWN], None),
        ([WITHDRAWN, WITHDRAWN], Ended.WITHDRAWN),
        ([LEFT, WITHDRAWN], Ended.DEPARTED),
        ([HOME, WITHDRAWN], Ended.DEPARTED),
        ([SECOND_RECORD, WITHDRAWN], Ended.CLOSED),
        ([SECOND_RECORD, LEFT], Ended.DEPARTED),
    ],
)
def test_a_case_ends_by_what_became_of_its_people(members: list[MemberPicture], ended: Ended | None) -> None:
    assert _picture(*members).ended() is ended
    assert _picture(*members, closed=True).ended() is Ended.CLOSED


def test_a_decision_is_about_who_takes_part_or_says_why_nobody_does() -> None:
    assert to_be_decided(_picture(MEMBER, WITHDRAWN), {FATHER: 1}, NOW) == (MEMBER,)
    assert to_be_decided(_picture(HOME, WITHDRAWN), None, NOW) == (HOME,)
    assert to_be_decided(_picture(WITHDRAWN, replace(HOME, withdrawn=True)), None, NOW) == ()
    assert to_be_decided(_picture(MEMBER, closed=True), None, NOW) == ()


def test_once_somebody_has_departed_the_decision_stands_unless_who_stayed_tries_again() -> None:
    family = _picture(LEFT, CHILDS)
    assert to_be_decided(family, {FATHER: 1, CHILD: 1}, NOW) == ()
    assert to_be_decided(family, {FATHER: 1, CHILD: 2}, NOW) == (CHILDS,)
    assert to_be_decided(family, {FATHER: 1}, NOW) == (CHILDS,)
    assert to_be_decided(family, {FATHER: 1, CHILD: 1}, NOW - A_LITTLE) == (LEFT, CHILDS)
    # A first decision is also about who had left when it was made.
    others = (SECOND_RECORD, replace(CHILDS, withdrawn=True))
    assert to_be_decided(_picture(LEFT, CHILDS, *others), None, NOW) == (LEFT, CHILDS)


@dataclass(frozen=True)
class Exempt:
    """An exception that was approved for the case, good on `ON` alone."""

    programme: str = SCOPE.code
    rule: str = "stay"
    reason: str = "family_unity"
    individual_id: UUID | None = None
    approved_on: date | None = ON
    valid_until: date = ON
    id: UUID = field(default_factory=uuid4)


def _exempt(exception: Exempt, on: date = ON, programme: str = SCOPE.code) -> int:
    family = _picture(exceptions=(exception,))
    return len(inputs_of(family, [CHILDS], VERSION.questions, (), (), on, programme).exceptions)


def test_a_decision_sees_the_exceptions_of_its_programme_its_day_and_its_people() -> None:
    assert _exempt(Exempt()) == 1
    assert _exempt(Exempt(individual_id=CHILD)) == 1
    assert _exempt(Exempt(individual_id=FATHER)) == 0
    assert [_exempt(Exempt(), ON + days * ONE) for days in (-1, 0, 1)] == [0, 1, 0]
    assert _exempt(Exempt(approved_on=None)) == 0
    assert _exempt(Exempt(), programme="another") == 0


def test_a_decision_sees_what_its_version_asks_of_those_it_is_about_in_one_order() -> None:
    asked = {code: Question(code=code, text=code, kind="boolean") for code in ("a", "b")}
    given: dict[tuple[str, UUID | None], bool] = {
        ("b", None): True,
        ("a", CHILD): True,
        ("a", None): True,
        ("a", FATHER): True,
        ("z", None): True,
    }
    family = _picture(answers=given)
    seen = inputs_of(family, [CHILDS], asked, (), (), ON)
    for name in ("host_country", "destination_country", "destination_area", "arrived_on", "registered_on", "means"):
        assert getattr(seen, name) == getattr(family, name), name
    assert [(each.question, each.individual) for each in seen.answers] == [("a", None), ("a", CHILD), ("b", None)]


def _record(family: Picture) -> Record:
    inputs = inputs_of(family, family.members, VERSION.questions, (), (), ON, SCOPE.code)
    return Record(programme=SCOPE.code, version=1, inputs=inputs, finding=decide_on(SCOPE, 1, VERSION, inputs))


def test_what_stands_of_a_package_is_of_who_left_and_of_the_case_as_a_whole() -> None:
    package = _record(_picture()).finding.package
    of_father = [line for line in package if line.individual in (None, FATHER)]
    assert {FATHER, CHILD} <= {line.individual for line in package}
    assert {None, FATHER} == {line.individual for line in of_father}
    assert list(carried_lines(_picture(LEFT, CHILDS), [CHILDS], package)) == of_father
    assert carried_lines(_picture(), [CHILDS], package) == ()
    assert carried_lines(_picture(LEFT, CHILDS), [LEFT, CHILDS], package) == ()


def test_a_question_about_the_case_is_answered_for_the_case_and_one_about_a_person_for_them() -> None:
    asked = {
        "ours": Question(code="ours", text="Ours?", kind="boolean"),
        "mine": Question(code="mine", text="Mine?", kind="number", about="member"),
    }
    check_answers(asked, {"ours": True}, None)
    check_answers(asked, {"mine": 3}, FATHER)
    for code, who, about, codes in (("mine", None, "case", ["ours"]), ("ours", FATHER, "member", ["mine"])):
        with pytest.raises(QuestionNotAsked) as refusal:
            check_answers(asked, {code: True}, who)
        assert refusal.value.members == {"questions": codes, "about": about}
    with pytest.raises(AnswerUnfit) as unfit:
        check_answers(asked, {"mine": True}, FATHER)
    assert unfit.value.members == {"questions": ["mine"]}


def test_a_case_that_one_programme_is_for_waits_for_nobody_and_else_it_is_said_what_to_do() -> None:
    assert why_undecided(["AVRR"], "BLR", "IRQ") is None
    assert "BLR to IRQ" in (why_undecided([], "BLR", "IRQ") or "")
    assert "name one" in (why_undecided(["AVRR", "RRR"], "BLR", "IRQ") or "")


def test_a_case_that_ended_takes_nothing_and_one_without_a_programme_no_answers() -> None:
    assert possible_actions(None, True) == ["answer_questions", "decide_case"]
    assert possible_actions(None, False) == ["decide_case"]
    assert possible_actions("closed", True) == []


def _effect(family: Picture, current: Record | None, *restrictions: Supposed, ruled: bool = True) -> Effect:
    rulings = {PROGRAMME: Asked(SCOPE, 1, VERSION)} if ruled else {}
    attempts = None if current is None else {each.individual: each.attempt for each in current.inputs.members}
    return effect_on(family, current, attempts, (None, False), rulings, restrictions, ON, NOW)


def test_what_a_change_would_do_to_a_case_is_told_beside_how_it_stands_now() -> None:
    family = _picture()
    current = _record(family)
    total = current.finding.total
    same = Effect(CASE, False, Outcome.ELIGIBLE, Outcome.ELIGIBLE, total, total, SCOPE.currency)
    assert _effect(family, current) == same
    closed = Supposed(uuid4(), "IRQ", None, ON, None, "order")
    hindered = replace(same, changes=True, outcome_then=Outcome.INELIGIBLE, total_then=total * 0)
    assert _effect(family, current, closed) == replace(hindered, failed=("destination_open",))
    # Nothing is decided of it any more, or no programme is for it: it stays as it is.
    assert _effect(replace(family, closed=True), current) == same
    assert _effect(family, current, ruled=False) == same


def test_what_would_be_ordered_changes_nothing_once_somebody_has_left_under_the_decision_and_all_before() -> None:
    current = _record(_picture())
    closed = Supposed(uuid4(), "IRQ", None, ON, None, "order")
    assert _effect(_picture(LEFT, CHILDS), current, closed).outcome_then is Outcome.ELIGIBLE
    leaves_tomorrow = replace(MEMBER, departed_at=NOW + ONE)
    assert _effect(_picture(leaves_tomorrow, CHILDS), current, closed).outcome_then is Outcome.INELIGIBLE


@pytest.mark.parametrize(("host", "destination", "decided"), [("BLR", "IRQ", True), ("BLR", "SYR", False)])
def test_a_change_to_a_programme_is_asked_of_the_cases_between_its_countries(
    host: str, destination: str, decided: bool
) -> None:
    scope = SCOPE.model_copy(update={"host_countries": ("BLR",), "destination_countries": ("IRQ",)})
    family = _picture(host_country=host, destination_country=destination, destination_area=None)
    rulings = {PROGRAMME: Asked(scope, 1, VERSION)}
    effect = effect_on(family, None, None, (None, False), rulings, (), ON, NOW)
    assert (effect.outcome_then is not None) is decided


def test_a_case_stays_with_its_programme_in_what_would_be_decided_and_with_one_that_an_officer_named() -> None:
    other = SCOPE.model_copy(update={"code": "other", "currency": "CHF"})
    elsewhere = SCOPE.model_copy(update={"host_countries": ("POL",)})
    theirs = uuid4()

    def currency(scope: Scope, present: UUID | None, *, named: bool) -> str | None:
        rulings = {PROGRAMME: Asked(scope, 1, VERSION), theirs: Asked(other, 1, VERSION)}
        return effect_on(_picture(), None, None, (present, named), rulings, (), ON, NOW).currency

    assert [currency(SCOPE, present, named=False) for present in (None, PROGRAMME, theirs)] == [None, "EUR", "CHF"]
    assert [currency(elsewhere, PROGRAMME, named=named) for named in (True, False)] == ["EUR", "CHF"]


def test_an_exception_that_stands_is_seen_in_what_would_be_decided() -> None:
    content = scenario("version")
    for rule in content["rules"]:
        rule["overridable"] = True
    lenient = compile_version(VersionContent.model_validate(content))
    rulings = {PROGRAMME: Asked(SCOPE, 1, lenient)}
    helped = replace(MEMBER, last_assisted_return=ON - ONE)

    def outcome(*exceptions: Exempt) -> Outcome | None:
        family = _picture(helped, CHILDS, exceptions=exceptions)
        return effect_on(family, None, None, (None, False), rulings, (), ON, NOW).outcome_then

    assert outcome() is Outcome.INELIGIBLE
    assert outcome(Exempt(rule="not_assisted_lately")) is Outcome.ELIGIBLE


def test_a_case_that_was_never_decided_has_no_outcome_now_and_one_then_where_there_is_a_programme() -> None:
    family = _picture()
    total = _record(family).finding.total
    assert _effect(family, None) == Effect(CASE, True, None, Outcome.ELIGIBLE, None, total, SCOPE.currency)
    assert _effect(family, None, ruled=False) == Effect(CASE, False, None, None, None, None, None)


def test_what_would_be_decided_of_several_cases_is_counted_with_those_of_whom_nothing_would() -> None:
    would = Effect(CASE, True, None, Outcome.ELIGIBLE, None, None, None)
    effects = [would, replace(would, changes=False), replace(would, outcome_then=None)]
    then = {"eligible": 2, "ineligible": 0, "needs_information": 0, "undecided": 1}
    assert counts_of(effects) == Counts(counted=3, changing=2, then=then)


def test_what_was_given_to_who_left_stands_in_what_would_be_decided_of_the_others() -> None:
    current = _record(_picture())
    again = replace(CHILDS, attempt=2)
    effect = _effect(_picture(LEFT, again), current)
    assert (effect.changes, effect.total_then) == (True, current.finding.total)


def test_a_case_is_supposed_otherwise_in_what_is_named_and_in_nothing_else() -> None:
    family = _picture()
    assert changed_picture(family, {}, None, None, None, None, None) == family
    elsewhere = changed_picture(family, {}, None, None, "SYR", None, None)
    assert (elsewhere.destination_country, elsewhere.destination_area) == ("SYR", None)
    assert changed_picture(family, {}, None, None, "IRQ", None, None) == family
    assert changed_picture(family, {}, None, None, "SYR", "SY-DI", None).destination_area == "SY-DI"
    assert changed_picture(family, {}, None, None, None, "IQ-BA", None).destination_area == "IQ-BA"
    answered = changed_picture(family, {"willing": True}, FATHER, Means.SOME, None, None, ON)
    both: dict[tuple[str, UUID | None], bool] = {("pending_procedure_withdrawn", None): True, ("willing", FATHER): True}
    assert answered.answers == both
    assert (answered.means, answered.arrived_on) == (Means.SOME, ON)
