"""Each type of rule the field knows, as data: a case that passes, one that fails, and one that lacks the fact."""

from datetime import date
from typing import Any
from uuid import UUID

from services.eligibility.inputs.rules import AnswerSeen, Inputs, MemberSeen, RestrictionSeen
from shared.contracts.registration import AgeBand, Means, Relation, Sex

ON = date(2021, 12, 9)
FATHER, CHILD = UUID(int=1), UUID(int=2)


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
    return father(**{"individual": CHILD, "relation": Relation.CHILD, "age_band": AgeBand.CHILD, **changes})


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
UNDER_TWELVE = {"op": "one_of", "item": fact("member.age_band"), "values": ["under_2", "2_11"]}
NEVER_BEFORE = compare(fact("member.assisted_before"), "equal", value(False))
YEARS_AGO = compare(
    fact("member.last_assisted_on"), "less", {"op": "shift", "day": fact("case.evaluated_on"), "years": -5}
)
LATELY = (father(last_assisted_on=date(2019, 1, 1)), child())
LONG_AGO = (father(last_assisted_on=date(2016, 12, 8)), child())

ALWAYS_KNOWN = "registration tells it with every case"
COUNTED = "members and their age bands are told with every case, and are counted"
NOT_ASKED = "a programme that does not ask takes registration's silence for a no; the types that ask are below"

# The field's types of rule (domain.md, section 4), and where each is shown: here, or by a line of a package, which
# lacks what it asks for as a rule does (test_packages.py). Each is a rule or line of a real programme, too: NEEDED in
# test_real_programmes.py, where each rule fails by itself and each question that nobody answered is asked.
#   nationality; return type; stay; time since a decision, before or after a deadline; application date; prior
#   assistance ever and within years; sentence, detention; legal status; Dublin; means; procedure withdrawn;
#   destination suspended; dual funding; household cap; child cut-off; host location: here
#   family cap: test_packages.py::test_a_family_cap_cuts_the_line_that_reaches_it_and_ends_the_rest; it lacks nothing
#   campaign dates: test_packages.py::test_a_campaign_rate_is_given_on_its_days_only; it lacks nothing
#   override with approval: beside this in test_rule_types.py; over HTTP in test_exceptions.py

# Name, the question asked if any, the expression, and inputs: passing, failing, lacking the fact (a word: why it never
# can lack it).
TYPES: list[tuple[str, dict[str, Any] | None, dict[str, Any], Inputs, Inputs, Inputs | str]] = [
    (
        "nationality in a list",
        None,
        each({"op": "one_of", "item": fact("member.nationality"), "values": ["IRQ", "LBN"]}),
        seen(),
        seen(members=(father(), child(nationality="SYR"))),
        ALWAYS_KNOWN,
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
        ALWAYS_KNOWN,
    ),
    ("never assisted before", None, each(NEVER_BEFORE), seen(), seen(members=LATELY), NOT_ASKED),
    (
        "not assisted within five years",
        None,
        each({"op": "any", "of": [NEVER_BEFORE, YEARS_AGO]}),
        seen(members=LONG_AGO),
        seen(members=LATELY),
        NOT_ASKED,
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
        ALWAYS_KNOWN,
    ),
    (
        "household of at most two",
        None,
        compare(fact("case.household_size"), "at_most", value(2)),
        seen(),
        seen(members=(father(), child(), father(individual=UUID(int=3), relation=Relation.SPOUSE))),
        COUNTED,
    ),
    (
        "at least one child",
        None,
        compare({"op": "count_members", "where": {"op": "not", "of": fact("member.adult")}}, "at_least", value(1)),
        seen(),
        seen(members=(father(),)),
        COUNTED,
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
        ALWAYS_KNOWN,
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
    (
        "return type",
        {"kind": "choice", "choices": ["voluntary", "forced"]},
        compare(ASKED, "equal", value("voluntary")),
        answered("voluntary"),
        answered("forced"),
        seen(),
    ),
    (
        "another state's case (Dublin) goes home within the time limit",
        {"kind": "date"},
        compare(fact("case.evaluated_on"), "at_most", ASKED),
        answered("2021-12-09"),
        answered("2021-12-08"),
        seen(),
    ),
    (
        "not funded twice",
        {"kind": "boolean"},
        compare(ASKED, "equal", value(False)),
        answered(False),
        answered(True),
        seen(),
    ),
    (
        "household cap: no more of a household than a number that is asked for",
        {"kind": "number"},
        compare(fact("case.household_size"), "at_most", ASKED),
        answered(2),
        answered(1),
        seen(),
    ),
    (
        "child cut-off at twelve",
        None,
        compare({"op": "count_members", "where": UNDER_TWELVE}, "at_least", value(1)),
        seen(),
        seen(members=(father(), child(age_band=AgeBand.TEEN))),
        COUNTED,
    ),
    (
        "child cut-off at twelve, asked of each child under it",
        {"kind": "boolean", "about": "member"},
        {"op": "each_member", "where": UNDER_TWELVE, "holds": OF_MEMBER},
        answered(True, CHILD),
        answered(False, CHILD),
        answered(True, FATHER),
    ),
    (
        "host location",
        {"kind": "choice", "choices": ["mainland", "islands"]},
        {"op": "one_of", "item": ASKED, "values": ["mainland"]},
        answered("mainland"),
        answered("islands"),
        seen(),
    ),
]
