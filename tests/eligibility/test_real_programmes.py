"""The real programmes of the field notes as data: each is taken, decides, and says why in every rule it has."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.eligibility.decisions.rules import Finding, decide_on
from services.eligibility.inputs.rules import AnswerSeen, ExceptionSeen, Inputs, MemberSeen, RestrictionSeen
from services.eligibility.programmes.rules import Scope, VersionContent, check_version, compile_version
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import AgeBand, Means, Relation, Sex
from tests.eligibility.story import Family, found, member
from tests.world import World

FOLDER = Path(__file__).parents[2] / "deploy/scenarios/programmes"
FILES = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))}
MAN, WOMAN, BOY = UUID(int=1), UUID(int=2), UUID(int=3)


def person(one: UUID, band: AgeBand = AgeBand.ADULT, **changes: Any) -> MemberSeen:
    facts: dict[str, Any] = {
        "individual": one,
        "attempt": 1,
        "relation": Relation.PRINCIPAL if one == MAN else Relation.SPOUSE,
        "nationality": "IRQ",
        "sex": Sex.MALE,
        "age_band": band,
        "last_assisted_on": None,
    }
    return MemberSeen(**{**facts, **changes})


COUPLE = (person(MAN), person(WOMAN))
ASSISTED = (person(MAN, last_assisted_on=date(2016, 1, 1)), person(WOMAN))
SUSPENDED = (
    RestrictionSeen(
        restriction=UUID(int=9),
        country="IRQ",
        area=None,
        valid_from=date(2010, 1, 1),
        valid_until=None,
        lifted_on=None,
        source="ours",
    ),
)
SOMEBODY_ELSE = {"members": (person(MAN, nationality="ALB"),)}
WITH_MEANS = {"means": Means.SOME}

# Of each programme: the day it is asked for, what an eligible couple's officer answers, and by rule what fails it.
CASES: dict[str, tuple[date, dict[str, Any], dict[str, dict[str, Any]]]] = {
    "austria_iraq_2023": (
        date(2023, 5, 10),
        {
            "return_type": "voluntary",
            "decision_on": "2023-05-01",
            "other_reintegration_support": False,
            "takes_part_in_restart": False,
        },
        {
            "nationality": SOMEBODY_ELSE,
            "destination_open": {"restrictions": SUSPENDED},
            "no_double_funding": {"answers": {"other_reintegration_support": True}},
        },
    ),
    "belgium_fedasil_2022": (
        date(2022, 6, 1),
        {"budget_asked": True},
        {"budget_for_visa_required": SOMEBODY_ELSE, "destination_open": {"restrictions": SUSPENDED}},
    ),
    "germany_reag_garp": (
        date(2017, 6, 1),
        {"in_prison": False, "claim_withdrawn": True},
        {
            "without_means": WITH_MEANS,
            "not_from_prison": {"answers": {"in_prison": True}},
            "destination_open": {"restrictions": SUSPENDED},
        },
    ),
    "uk_vrs": (
        date(2023, 5, 10),
        {
            "under_investigation": False,
            "detained": False,
            "sentence_months": 11,
            "convicted_with_deportation_order": False,
            "status": "refused",
        },
        {
            "not_under_investigation": {"answers": {"under_investigation": True}},
            "not_detained": {"answers": {"detained": True}},
            "no_long_sentence": {"answers": {"sentence_months": 12}},
            "no_deportation_order": {"answers": {"convicted_with_deportation_order": True}},
            "legal_status": {"answers": {"status": "settled"}},
            "destination_open": {"restrictions": SUSPENDED},
        },
    ),
    "norway_iraq": (
        date(2021, 12, 9),
        {"exit_deadline": "2021-12-20", "dublin_case": False, "dublin_transfer_until": "2021-12-01"},
        {
            "nationality": SOMEBODY_ELSE,
            "never_assisted": {"members": ASSISTED},
            "dublin": {"answers": {"dublin_case": True}},
            "destination_open": {"restrictions": SUSPENDED},
        },
    ),
    "netherlands_rean": (
        date(2017, 6, 1),
        {"procedure_withdrawn": True, "state_objects": False, "documents_valid": True},
        {
            "nationality": SOMEBODY_ELSE,
            "without_means": WITH_MEANS,
            "not_assisted_lately": {"members": ASSISTED},
            "procedures_withdrawn": {"answers": {"procedure_withdrawn": False}},
            "documents": {"answers": {"documents_valid": False}},
            "no_objection": {"answers": {"state_objects": True}},
            "destination_open": {"restrictions": SUSPENDED},
        },
    ),
    "france_ofii_2015": (
        date(2015, 6, 1),
        {"place": "mainland", "expulsion_or_ban": False, "spouse_of_national": False, "other_eu_permit": False},
        {
            "host_location": {"answers": {"place": "mayotte"}},
            "stay": {"arrived_on": date(2015, 1, 1)},
            "once": {"members": ASSISTED},
            "own_country": {"members": (person(MAN, nationality="LBN"),)},
            "no_expulsion": {"answers": {"expulsion_or_ban": True}},
            "no_family_claim": {"answers": {"spouse_of_national": True}},
            "no_other_permit": {"answers": {"other_eu_permit": True}},
            "destination_open": {"restrictions": SUSPENDED},
        },
    ),
}
# Each type of rule of the field notes: the programme that needs it, its rule or line, and what that must hold.
NEEDED: dict[str, tuple[str, str, str]] = {
    "nationality list": ("norway_iraq", "nationality", "member.nationality"),
    "return type": ("austria_iraq_2023", "post_return_forced", "answer.return_type"),
    "stay length": ("france_ofii_2015", "stay", "case."),
    "before or after a deadline": ("norway_iraq", "cash_late", "answer.exit_deadline"),
    "time since the decision": ("austria_iraq_2023", "start_up_early", "answer.decision_on"),
    "application date": ("austria_iraq_2023", "start_up_early", "case.registered_on"),
    "prior assistance ever": ("norway_iraq", "never_assisted", "member.assisted_before"),
    "prior assistance within years": ("netherlands_rean", "not_assisted_lately", '"years": -5'),
    "criminal": ("uk_vrs", "no_long_sentence", "answer.sentence_months"),
    "detention": ("uk_vrs", "not_detained", "answer.detained"),
    "legal status": ("uk_vrs", "legal_status", "answer.status"),
    "Dublin": ("norway_iraq", "dublin", "answer.dublin_case"),
    "means": ("netherlands_rean", "without_means", "case.means"),
    "pending procedure withdrawn": ("netherlands_rean", "procedures_withdrawn", "answer.procedure_withdrawn"),
    "destination suspended": ("uk_vrs", "destination_open", "case.destination_suspended"),
    "dual-funding conflict": ("austria_iraq_2023", "no_double_funding", "answer.other_reintegration_support"),
    "family cap": ("austria_iraq_2023", "iraq_action", '"cap": "3000.00"'),
    "household cap": ("austria_iraq_2023", "restart_cash", '"basis": "household"'),
    "child age cut-off": ("germany_reag_garp", "starthilfe_under_12", '"adult_from": 12'),
    "vulnerability override with approval": ("belgium_fedasil_2022", "budget_for_visa_required", '"overridable": true'),
    "campaign validity dates": ("austria_iraq_2023", "iraq_action", '"valid_until": "2023-12-31"'),
    "host location": ("france_ofii_2015", "host_location", "answer.place"),
}
RULES = [(name, rule["code"]) for name, file in FILES.items() for rule in file["version"]["rules"]]


def decided(name: str, without: str | None = None, **changes: Any) -> Finding:
    """The programme's finding on the eligible couple, changed. `without`: a question that nobody answered."""
    file = FILES[name]
    scope, content = Scope(**file["programme"]), VersionContent.model_validate(file["version"])
    check_version(content, scope.currency)
    on, answers, _failing = CASES[name]
    answers = {**answers, **changes.pop("answers", {})}
    about_members = {question.code for question in content.questions if question.about == "member"}
    facts: dict[str, Any] = {
        "evaluated_on": on,
        "host_country": file["programme"]["host_countries"][0],
        "destination_country": "IRQ",
        "destination_area": "IQ-AR",
        "arrived_on": on - timedelta(days=400),
        "registered_on": on,
        "channel": "office_visit",
        "means": Means.NONE,
        "members": COUPLE,
        "restrictions": (),
        **changes,
    }
    seen = [
        AnswerSeen(question=code, individual=None, value=value) for code, value in answers.items() if code != without
    ]
    seen += [
        AnswerSeen(question=code, individual=each.individual, value=False)
        for code in about_members
        for each in facts["members"]
        if code != without
    ]
    return decide_on(scope, 1, compile_version(content), Inputs(**facts, answers=tuple(seen)))


def lines(finding: Finding) -> dict[str, list[str]]:
    """The amounts of the package by the lines' codes."""
    found: dict[str, list[str]] = {}
    for line in finding.package:
        found.setdefault(line.code, []).append(str(line.amount))
    return found


@pytest.mark.parametrize("kind", NEEDED)
def test_the_real_programmes_together_need_every_type_of_rule(kind: str) -> None:
    name, code, holds = NEEDED[kind]
    version = FILES[name]["version"]
    (said,) = [each for each in (*version["rules"], *version["package"]) if each["code"] == code]
    assert holds in json.dumps(said)


def test_belgium_gives_a_budget_to_who_needs_no_visa_by_an_approved_exception_alone() -> None:
    georgian = (person(MAN, nationality="GEO"),)
    unasked = decided("belgium_fedasil_2022", members=georgian, answers={"budget_asked": False})
    assert lines(unasked) == {"premium_visa_free_adult": ["50.00"]}
    refused = decided("belgium_fedasil_2022", members=georgian)
    assert (refused.outcome, refused.package) == (Outcome.INELIGIBLE, ())
    granted = ExceptionSeen(
        exception=UUID(int=8), rule="budget_for_visa_required", reason="vulnerable", valid_until=date(2022, 7, 1)
    )
    given = decided("belgium_fedasil_2022", members=georgian, exceptions=(granted,))
    assert (given.outcome, given.on_exception) == (Outcome.ELIGIBLE, True)
    assert lines(given) == {"premium_visa_free_adult": ["50.00"], "budget_adult": ["700.00"]}
    assert {line.modality for line in given.package if line.code == "budget_adult"} == {"in_kind"}, "never in cash"


def test_there_are_five_real_programmes_and_more_each_with_its_sources() -> None:
    assert len(FILES) >= 5
    assert set(FILES) == set(CASES)
    for file in FILES.values():
        assert file["version"]["provisional"] is True
        assert "Provisional" in file["about"], "what nobody published is named as such"
        said = [*file["version"]["rules"], *file["version"]["package"]]
        assert all(each["source"].startswith("S") for each in said)


@pytest.mark.parametrize("name", FILES)
def test_a_couple_that_meets_every_rule_of_a_real_programme_is_eligible(name: str) -> None:
    finding = decided(name)
    assert finding.outcome is Outcome.ELIGIBLE
    assert {each.said for each in finding.trace} == {"passed"}
    assert finding.package
    assert all(line.sentence and line.source for line in finding.package)


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_each_rule_of_a_real_programme_fails_by_itself_and_says_so(name: str, rule: str) -> None:
    finding = decided(name, **CASES[name][2][rule])
    assert finding.outcome is Outcome.INELIGIBLE
    assert [each.code for each in finding.trace if each.said == "failed"] == [rule]


@pytest.mark.parametrize(
    ("name", "question"), [(name, code) for name, (_, answers, _) in CASES.items() for code in answers]
)
def test_a_question_that_nobody_answered_is_asked_for_and_decides_nothing(name: str, question: str) -> None:
    finding = decided(name, without=question)
    if (name, question) == ("norway_iraq", "dublin_transfer_until"):
        assert finding.outcome is Outcome.ELIGIBLE, "asked only of who is another state's case"
        return
    assert finding.outcome is Outcome.NEEDS_INFORMATION
    assert [fact.question for fact in finding.missing] == [question]
    assert finding.package == ()


@pytest.mark.parametrize("name", ["netherlands_rean", "norway_iraq", "france_ofii_2015"])
def test_silence_on_earlier_help_is_no_no_where_a_programme_asks(name: str) -> None:
    finding = decided(name, without="assisted_before")
    assert (finding.outcome, finding.package) == (Outcome.NEEDS_INFORMATION, ())
    assert [(fact.question, fact.individual) for fact in finding.missing] == [
        ("assisted_before", MAN),
        ("assisted_before", WOMAN),
    ]
    said = decided(name, without="assisted_before", members=(ASSISTED[0],))
    assert said.outcome is Outcome.INELIGIBLE or name == "netherlands_rean", (
        "what registration knows is not asked again"
    )


async def test_the_couple_to_iraq_is_given_7415_euros_and_told_why_line_by_line(world: World) -> None:
    file = FILES["austria_iraq_2023"]
    await found(world, file["version"], **file["programme"])
    man = member(AgeBand.ADULT, Relation.PRINCIPAL, sex=Sex.MALE)
    couple = (man, member(AgeBand.ADULT, Relation.SPOUSE, sex=Sex.FEMALE))
    world.now = world.now.replace(year=2023, month=5, day=10)
    family = Family(world, members=couple)
    await family.register(host_country="AUT", arrived_in_host_country=date(2022, 4, 5))
    await family.answer({"answers": CASES["austria_iraq_2023"][1]})
    decision = await family.decision()
    assert (decision["outcome"], decision["total"], decision["currency"]) == ("eligible", "7415.00", "EUR")
    by_code: dict[str, list[str]] = {}
    for line in decision["package"]:
        by_code.setdefault(line["code"], []).append(line["amount"])
        assert line["amount"] in line["sentence"]
        assert line["source"] in line["sentence"]
    assert by_code == {
        "start_up_early": ["900.00", "900.00"],
        "post_arrival": ["615.00"],
        "post_return_principal": ["2000.00"],
        "post_return_family": ["1000.00"],
        "iraq_action": ["1000.00", "1000.00"],
    }
    assert sum(Decimal(amount) for amounts in by_code.values() for amount in amounts) == Decimal("7415.00")


def test_who_applies_late_or_is_sent_back_by_force_is_given_less() -> None:
    late = lines(decided("austria_iraq_2023", answers={"decision_on": "2023-01-01"}))
    assert late["start_up_late"] == ["250.00", "250.00"]
    forced = lines(decided("austria_iraq_2023", answers={"return_type": "forced"}))
    assert forced == {"post_arrival_forced": ["205.00"], "post_return_forced": ["1000.00", "1000.00"]}


def test_a_family_of_five_gets_three_thousand_of_the_action_at_most() -> None:
    children = tuple(
        person(UUID(int=number), AgeBand.CHILD, relation=Relation.CHILD) for number in range(BOY.int, BOY.int + 3)
    )
    given = decided("austria_iraq_2023", members=(*COUPLE, *children))
    assert lines(given)["iraq_action"] == ["1000.00"] * 3


def test_one_of_a_household_takes_part_in_restart() -> None:
    assert lines(decided("austria_iraq_2023", answers={"takes_part_in_restart": True}))["restart_cash"] == ["500.00"]


def test_a_child_of_twelve_is_an_adult_to_one_programme_and_a_child_to_another() -> None:
    boy = person(BOY, AgeBand.TEEN, relation=Relation.CHILD)
    given = lines(decided("germany_reag_garp", members=(*COUPLE, boy)))
    assert given["travel_aid_child"] == ["100.00"]
    assert given["starthilfe_12"] == ["1200.00"] * 3


def test_a_short_stay_of_a_turkish_national_leaves_travel_aid_alone() -> None:
    turkish: dict[str, Any] = {"members": (person(MAN, nationality="TUR"),), "destination_country": "TUR"}
    assert set(lines(decided("germany_reag_garp", **turkish, arrived_on=date(2017, 1, 15)))) == {"travel_aid_adult"}
    long_here = lines(decided("germany_reag_garp", **turkish, arrived_on=date(2016, 1, 15)))
    assert long_here["start_up_adult"] == ["1000.00"]


def test_norway_gives_less_to_who_applies_after_the_deadline_to_leave() -> None:
    assert lines(decided("norway_iraq"))["cash_in_time"] == ["15000.00"] * 2
    late = lines(decided("norway_iraq", answers={"exit_deadline": "2021-12-08"}))
    assert late["cash_late"] == ["5000.00"] * 2
    assert "cash_in_time" not in late
