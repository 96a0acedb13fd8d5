"""Rules of eligibility at their edges, as plain functions: the last day, the exception nobody needs, the same word."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.eligibility.criteria.rules import Asked, Known, Person, Unknown, compile_expression, facts_read, shifted
from services.eligibility.decisions.rules import (
    EvaluationDateImpossible,
    Record,
    check_evaluation_date,
    decide_on,
    is_the_same,
)
from services.eligibility.exceptions.rules import (
    LONGEST,
    ExceptionDatesImpossible,
    NothingToExcept,
    check_can_be_asked,
    check_day,
)
from services.eligibility.inputs.rules import AnswerSeen, ExceptionSeen, Inputs, RestrictionSeen
from services.eligibility.packages.rules import check_package, compile_package, package_for
from services.eligibility.programmes.rules import Scope, VersionContent, compile_version, version_in_force
from services.eligibility.restrictions.rules import (
    RestrictionDatesImpossible,
    check_dates,
    is_in_force,
    is_suspended,
)
from services.eligibility.traces.rules import RuleSaid, Said, SaidOfMember
from services.eligibility.vocabulary.rules import STANDING_FACTS
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import ReturnKind
from tests.eligibility.expressions import PEOPLE
from tests.eligibility.rule_types import FATHER, ON, child, father, seen
from tests.eligibility.story import scenario
from tests.eligibility.test_criteria import read
from tests.eligibility.test_packages import COUPLE, given_to, rule, worked

ONE = timedelta(days=1)
RULE = "not_assisted_lately"
LATELY = ON - timedelta(days=100)
SCOPE = Scope.model_validate(scenario("programme"))


def _content(*, overridable: bool) -> VersionContent:
    said = scenario("version")
    for each in said["rules"]:
        each["overridable"] = overridable and each["code"] == RULE
    return VersionContent.model_validate(said)


LENIENT, STRICT = (compile_version(_content(overridable=allows)) for allows in (True, False))
DAYS = timedelta(days=LENIENT.content.decision_valid_days)


def _case(**changes: Any) -> Inputs:
    yes = AnswerSeen(question="pending_procedure_withdrawn", individual=None, value=True)
    return seen(**{"answers": (yes,), **changes})


def _record(version: Any = LENIENT, **changes: Any) -> Record:
    inputs = _case(**changes)
    finding = decide_on(SCOPE, 1, version, inputs)
    return Record(programme=SCOPE.code, version=1, inputs=inputs, finding=finding)


def _exception(individual: UUID | None = None, days: int = 3) -> ExceptionSeen:
    until = ON + timedelta(days=days)
    return ExceptionSeen(exception=uuid4(), rule=RULE, reason="family_unity", valid_until=until, individual=individual)


def test_a_decision_is_good_as_long_as_the_exception_it_rests_on_and_not_as_one_that_nobody_needed() -> None:
    helped = (father(last_assisted_on=LATELY), child())
    assert _record(members=helped).finding.outcome is Outcome.INELIGIBLE
    resting = _record(members=helped, exceptions=(_exception(),)).finding
    assert (resting.outcome, resting.good_until) == (Outcome.ELIGIBLE, ON + timedelta(days=3))
    needless = _record(exceptions=(_exception(),)).finding
    assert (needless.outcome, needless.good_until) == (Outcome.ELIGIBLE, ON + DAYS)
    long = _record(members=helped, exceptions=(_exception(days=DAYS.days + 1),)).finding
    assert long.good_until == ON + DAYS


def test_an_exception_to_a_rule_that_allows_none_changes_nothing() -> None:
    helped = (father(last_assisted_on=LATELY), child())
    without, granted = _record(STRICT, members=helped), _record(STRICT, members=helped, exceptions=(_exception(),))
    assert granted.finding == without.finding
    assert granted.finding.relies_on == frozenset()


def test_an_ineligible_case_has_an_empty_package_and_nothing_that_it_does_not_get() -> None:
    finding = _record(members=(father(last_assisted_on=LATELY), child())).finding
    assert (finding.package, finding.not_given, finding.good_until) == ((), (), None)
    assert finding.total == 0


def test_who_is_home_already_gets_nothing_that_is_given_before_the_return() -> None:
    away = _record()
    home = _record(members=(father(returned=ReturnKind.RETROACTIVE), child(returned=ReturnKind.RETROACTIVE)))
    before = {line.line for line in away.finding.package if line.stage == "before_return"}
    assert before
    assert {line.line for line in home.finding.package} == {line.line for line in away.finding.package} - before


def test_another_attempt_another_word_and_another_missing_fact_make_another_decision() -> None:
    one = _record()
    assert is_the_same(_record(evaluated_on=ON + DAYS), one)
    assert not is_the_same(_record(evaluated_on=ON + DAYS + ONE), one)  # the first is good no more
    assert not is_the_same(one, _record(members=(father(attempt=2), child())))
    assert not is_the_same(one, one.model_copy(update={"programme": "another"}))


def _with(record: Record, **changes: Any) -> Record:
    return record.model_copy(update={"finding": record.finding.model_copy(update=changes)})


def test_every_part_that_a_decision_tells_makes_another_one() -> None:
    one = _record()
    entry, line = one.finding.trace[0], one.finding.package[0]
    others: list[dict[str, Any]] = [
        {"trace": (entry.model_copy(update={"said": "missing"}), *one.finding.trace[1:])},
        {"trace": (entry.model_copy(update={"on_exception": FATHER}), *one.finding.trace[1:])},
        {"package": (line.model_copy(update={"instalments": line.instalments + 1}), *one.finding.package[1:])},
        {"outcome": Outcome.INELIGIBLE},
        {"total": one.finding.total + 1},
    ]
    for changes in others:
        assert not is_the_same(one, _with(one, **changes)), changes
    asking = _record(answers=())
    assert asking.finding.outcome is Outcome.NEEDS_INFORMATION
    assert is_the_same(asking, asking)
    assert not is_the_same(asking, _with(asking, missing=()))
    # A title, a sentence or a figure that was seen is not what a decision tells.
    assert is_the_same(
        one, _with(one, trace=tuple(each.model_copy(update={"title": "T"}) for each in one.finding.trace))
    )


def test_a_case_is_decided_as_of_the_day_of_arrival_or_today_and_no_other_beyond() -> None:
    today = ON + timedelta(days=10)
    for on in (ON, today):
        check_evaluation_date(on, ON, today)
    for on in (ON - ONE, today + ONE):
        with pytest.raises(EvaluationDateImpossible):
            check_evaluation_date(on, ON, today)


def test_an_exception_holds_from_today_for_a_year_and_a_day_at_most() -> None:
    for until in (ON, ON + LONGEST):
        check_day(until, ON)
    for until in (ON - ONE, ON + LONGEST + ONE):
        with pytest.raises(ExceptionDatesImpossible) as refusal:
            check_day(until, ON)
        assert refusal.value.members == {"earliest": ON.isoformat(), "latest": (ON + LONGEST).isoformat()}


def _restriction(area: str | None = None, **changes: Any) -> RestrictionSeen:
    facts = {"valid_from": ON, "valid_until": ON + ONE, "lifted_on": None, **changes}
    return RestrictionSeen(restriction=uuid4(), country="IRQ", area=area, source="order", **facts)


def test_a_suspension_holds_from_its_first_day_to_its_last_and_not_on_the_day_it_is_lifted() -> None:
    days = [ON - ONE, ON, ON + ONE, ON + ONE + ONE]
    assert [is_in_force(_restriction(), on) for on in days] == [False, True, True, False]
    assert [is_in_force(_restriction(lifted_on=ON + ONE), on) for on in days] == [False, True, False, False]
    check_dates(ON, ON)
    with pytest.raises(RestrictionDatesImpossible):
        check_dates(ON, ON - ONE)


@pytest.mark.parametrize(
    ("suspended", "area", "said"),
    [
        (None, None, True),
        (None, "IQ-AR", True),
        ("IQ-AR", "IQ-AR", True),
        ("IQ-AR", "IQ-BA", False),
        ("IQ-AR", None, None),
        ("IQ-AR", "near the river", None),
        ("the north", "IQ-AR", False),
        ("the north", "THE NORTH", True),
    ],
)
def test_whether_a_home_is_suspended_is_not_told_where_its_area_cannot_be_compared(
    suspended: str | None, area: str | None, said: bool | None
) -> None:
    assert is_suspended([_restriction(suspended)], "IRQ", area, ON) is said
    assert is_suspended([_restriction(suspended)], "SYR", area, ON) is False


HOME_NOW = next(kind for kind in ReturnKind if kind is not ReturnKind.RETROACTIVE)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, set()),
        ({"returned": HOME_NOW}, {"not_home_already"}),
        ({"returned": ReturnKind.RETROACTIVE}, set()),
        ({"duplicate": True}, {"one_record"}),
        ({"duplicate": True, "returned": HOME_NOW}, {"not_home_already", "one_record"}),
    ],
)
def test_who_is_home_by_other_means_or_goes_on_under_another_record_is_not_helped(
    changes: dict[str, Any], codes: set[str]
) -> None:
    finding = _record(members=(father(**changes), child())).finding
    failed = {entry.code: entry for entry in finding.trace if entry.said == "failed"}
    assert set(failed) == codes
    assert all([each.individual for each in entry.members] == [FATHER] for entry in failed.values())
    assert (finding.outcome is Outcome.INELIGIBLE) == bool(codes)


GROWN = {"op": "fact", "name": "member.adult"}


def _known(*said: bool | None) -> Known:
    return Known({}, tuple(Person(str(n), {} if one is None else {"member.adult": one}) for n, one in enumerate(said)))


def test_how_many_is_unknown_as_long_as_it_is_unknown_of_anybody() -> None:
    count = compile_expression(read(op="count_members", where=GROWN))
    assert count(_known(True, False, True), None) == 2
    unknown = frozenset({Asked("member.adult", "1"), Asked("member.adult", "2")})
    assert count(_known(True, None, None), None) == Unknown(unknown)


def test_an_expression_reads_what_it_holds_and_whom_it_is_about_and_nothing_else() -> None:
    principal = {"op": "fact", "name": "member.principal"}
    assert facts_read(read(op="each_member", holds=GROWN)) == ("member.adult",)
    assert facts_read(read(op="any_member", holds=GROWN, where=principal)) == ("member.adult", "member.principal")
    assert facts_read(read(op="count_members", where=GROWN)) == ("member.adult",)
    assert facts_read(read(op="value", value=3)) == ()
    arrived, asked = ({"op": "fact", "name": f"case.{name}"} for name in ("arrived_on", "evaluated_on"))
    assert facts_read(read(op="days_between", start=arrived, end=asked)) == ("case.arrived_on", "case.evaluated_on")
    assert facts_read(read(op="shift", day=arrived)) == ("case.arrived_on",)
    assert facts_read(read(op="one_of", item=asked, values=["a"])) == ("case.evaluated_on",)


def test_a_day_moved_beyond_the_calendar_stays_at_its_end() -> None:
    assert shifted(date.max, 0, 0, 1) == date.max
    assert shifted(date.min, 0, 0, -1) == date.min


def test_whose_line_was_settled_earlier_is_passed_over_and_the_next_is_given_theirs() -> None:
    rules = compile_package([rule()])
    found = package_for(rules, COUPLE, ON, frozenset({f"start:{PEOPLE[0]}"}))
    assert list(given_to(found)) == [f"start:{PEOPLE[1]}"]


def test_everything_that_a_package_must_know_is_asked_at_once() -> None:
    found = worked(COUPLE, rule(condition={"op": "fact", "name": "member.returns_with_child"}))
    assert {each.individual for each in found.missing} == set(PEOPLE[:2])


def test_a_line_of_the_case_before_the_return_is_given_until_all_of_it_are_home() -> None:
    rules = compile_package([rule(basis="case", stage="before_return")])
    one, both = frozenset(PEOPLE[:1]), frozenset(PEOPLE[:2])
    assert given_to(package_for(rules, COUPLE, ON, home=one)) == {"start:case": Decimal(100)}
    assert given_to(package_for(rules, COUPLE, ON, home=both)) == {}
    of_each = compile_package([rule(stage="before_return")])
    assert list(given_to(package_for(of_each, COUPLE, ON, home=one))) == [f"start:{PEOPLE[1]}"]


def test_a_package_of_one_day_is_sound_and_a_broken_cap_is_told_by_its_place() -> None:
    sound = rule(valid_from=ON, valid_until=ON)
    assert check_package([sound], "EUR", STANDING_FACTS, "/package") == []
    [fault] = check_package([rule(cap="100.001")], "EUR", STANDING_FACTS, "/package")
    assert fault.pointer == "/package/0/cap"


@pytest.mark.parametrize(
    ("changes", "told", "not_told"),
    [
        ({"instalments": 2}, "in 2 instalments", "an adult is"),
        ({}, "Start: 100.00 EUR", "instalments"),
        ({"who": "adults", "adult_from": 12}, "(an adult is who is 12 or older)", "instalments"),
        ({"who": "adults"}, "Start: 100.00 EUR", "an adult is"),
    ],
)
def test_a_line_says_in_how_many_parts_it_comes_and_who_counts_as_an_adult(
    changes: dict[str, Any], told: str, not_told: str
) -> None:
    [line, *_] = worked(COUPLE, rule(**changes)).lines
    assert told in line.sentence
    assert not_told not in line.sentence


def test_who_counts_as_a_child_is_told_where_it_is_not_who_is_under_eighteen() -> None:
    [sentence] = {each.sentence for each in worked(COUPLE, rule(who="children", adult_from=12)).not_given}
    assert "(an adult is who is 12 or older)" in sentence


def _failed(code: str, *members: tuple[UUID, Said, UUID | None]) -> RuleSaid:
    of_each = tuple(SaidOfMember(individual=who, said=said, on_exception=by) for who, said, by in members)
    return RuleSaid(code=code, title=code, version=1, source="", said="failed", saw=(), members=of_each, sentence="")


def test_an_exception_for_one_person_is_to_a_rule_that_asks_each_and_that_this_person_fails() -> None:
    each, whole = (SimpleNamespace(code=code, overridable=True, asks_each=code == "each") for code in ("each", "whole"))
    rules: Any = [each, whole]
    excused, passed = UUID(int=7), UUID(int=8)
    trace = [
        _failed("each", (FATHER, "failed", None), (excused, "failed", UUID(int=9)), (passed, "passed", None)),
        _failed("whole", (passed, "failed", None)),
    ]
    check_can_be_asked(rules, trace, "each", FATHER)
    check_can_be_asked(rules, trace, "whole")
    for rule_code, who in (("each", excused), ("each", passed), ("whole", passed), ("whole", FATHER)):
        with pytest.raises(NothingToExcept) as refusal:
            check_can_be_asked(rules, trace, rule_code, who)
        fail = {"each": [str(FATHER)], "whole": []}[rule_code]
        assert refusal.value.members == {"failed": ["each", "whole"], "individuals": fail}
    with pytest.raises(NothingToExcept) as met:
        check_can_be_asked(rules, trace[:1], "whole")
    assert met.value.members == {"failed": ["each"]}


def test_an_exception_that_names_who_passes_is_not_what_the_decision_rests_on() -> None:
    members = (father(last_assisted_on=LATELY), child())
    for_him, for_the_child = _exception(FATHER, days=5), _exception(child().individual, days=2)
    finding = _record(members=members, exceptions=(for_him, for_the_child)).finding
    assert (finding.outcome, finding.good_until) == (Outcome.ELIGIBLE, for_him.valid_until)
    assert finding.relies_on == {for_him.exception}
    assert _record(members=members, exceptions=(for_the_child,)).finding.outcome is Outcome.INELIGIBLE


def test_a_version_is_in_force_from_its_first_day_to_its_last_and_never_before() -> None:
    old: Any = SimpleNamespace(number=1, valid_from=ON, valid_until=ON + ONE)
    coming: Any = SimpleNamespace(number=2, valid_from=ON + 2 * ONE, valid_until=None)
    found = [version_in_force([old, coming], ON + days * ONE) for days in (-1, 0, 1, 2)]
    assert found == [None, old, old, coming]
