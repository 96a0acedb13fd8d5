"""What a decision sees and what is kept of it: each field from where it comes, and nothing where nothing is said."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from services.eligibility.cases.rules import MemberPicture, Picture, inputs_of
from services.eligibility.criteria.rules import Known, Person, compile_expression
from services.eligibility.decisions.rules import Record
from services.eligibility.inputs.rules import ExceptionSeen, MemberSeen, RestrictionSeen
from services.eligibility.programmes.rules import Scope, VersionContent, compile_version
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import AgeBand, Means, Relation, ReturnKind, Sex
from tests.eligibility.expressions import PEOPLE
from tests.eligibility.rule_types import FATHER, ON, child, father, seen
from tests.eligibility.story import scenario
from tests.eligibility.test_criteria import read

ONE = timedelta(days=1)
SCOPE = Scope.model_validate(scenario("programme"))
WAIVED, ORDER = UUID(int=7), UUID(int=8)
KURDISH = {"ckb": "گەڕانەوە"}


def _record(scope: Scope = SCOPE, content: dict[str, Any] | None = None, **facts: Any) -> Record:
    version = compile_version(VersionContent.model_validate({**scenario("version"), **(content or {})}))
    return Record.of(scope, 1, version, seen(**facts))


@dataclass(frozen=True)
class Waived:
    """An exception for the father alone."""

    id: UUID = WAIVED
    programme: str = SCOPE.code
    rule: str = "stay"
    reason: str = "family_unity"
    individual_id: UUID | None = FATHER
    approved_on: date | None = ON - ONE
    valid_until: date = ON + ONE


@dataclass(frozen=True)
class Suspended:
    """A suspension of a part of the country, that ends in two days and is lifted tomorrow."""

    id: UUID = ORDER
    country: str = "IRQ"
    area: str | None = "IQ-BA"
    valid_from: date = ON - ONE
    valid_until: date | None = ON + 2 * ONE
    lifted_on: date | None = ON + ONE
    source: str = "an order"


def test_a_decision_sees_of_a_person_an_exception_and_a_suspension_all_that_is_known_of_it() -> None:
    helped, home = ON - 9 * ONE, ReturnKind.RETROACTIVE
    man = MemberPicture(
        FATHER, Relation.SPOUSE, "SYR", Sex.MALE, AgeBand.INFANT, 3, False, None, helped, returned=home, duplicate=True
    )
    family = Picture(
        uuid4(), "BLR", "IRQ", None, ON, ON, "phone", Means.SOME, closed=False, members=(man,), exceptions=(Waived(),)
    )
    found = inputs_of(family, [man], {}, [Suspended()], (), ON, SCOPE.code)
    assert found.members == (
        MemberSeen(
            individual=FATHER,
            attempt=3,
            relation=Relation.SPOUSE,
            nationality="SYR",
            sex=Sex.MALE,
            age_band=AgeBand.INFANT,
            last_assisted_on=helped,
            returned=home,
            duplicate=True,
        ),
    )
    assert found.exceptions == (
        ExceptionSeen(exception=WAIVED, rule="stay", reason="family_unity", valid_until=ON + ONE, individual=FATHER),
    )
    assert found.restrictions == (
        RestrictionSeen(
            restriction=ORDER,
            country="IRQ",
            area="IQ-BA",
            valid_from=ON - ONE,
            valid_until=ON + 2 * ONE,
            lifted_on=ON + ONE,
            source="an order",
        ),
    )


def test_a_record_keeps_the_language_and_the_titles_of_its_version() -> None:
    kept = _record(content={"language": "de", "titles": KURDISH})
    assert (kept.language, kept.titles) == ("de", KURDISH)


def test_each_rule_of_a_record_keeps_its_titles_and_the_number_of_its_version() -> None:
    rules = [{**each, "titles": KURDISH} for each in scenario("version")["rules"]]
    of_version = {each["code"] for each in rules}
    told = [each for each in _record(content={"rules": rules}).finding.trace if each.code in of_version]
    assert len(told) == len(rules)
    assert all((each.titles, each.version) == (KURDISH, 1) for each in told)


def test_a_record_says_nothing_of_whom_an_exception_is_for_where_it_is_the_cases() -> None:
    """So its bytes, and what was signed over them, are those of a record from before exceptions named people."""
    for_all, for_one = (
        ExceptionSeen(exception=WAIVED, rule="stay", reason="family_unity", valid_until=ON, individual=who)
        for who in (None, FATHER)
    )
    kept = orjson.loads(_record(exceptions=(for_all, for_one)).written())["inputs"]["exceptions"]
    assert [each.get("individual", "not said") for each in kept] == ["not said", str(FATHER)]


@pytest.mark.parametrize(("currency", "decimals"), [("EUR", 2), ("JPY", 0), ("IQD", 3)])
def test_nothing_at_all_is_told_in_the_coins_of_its_currency(currency: str, decimals: int) -> None:
    found = _record(
        SCOPE.model_copy(update={"currency": currency}), members=(father(last_assisted_on=ON), child())
    ).finding
    assert (found.outcome, found.total.as_tuple().exponent) == (Outcome.INELIGIBLE, -decimals)
    assert found.total == Decimal(0)


def test_who_is_counted_by_a_fact_of_the_case_is_everybody_or_nobody() -> None:
    suspended = read(op="count_members", where={"op": "fact", "name": "case.destination_suspended"})
    people = tuple(Person(one, {}) for one in PEOPLE)
    for said, counted in ((True, len(people)), (False, 0)):
        assert compile_expression(suspended)(Known({"case.destination_suspended": said}, people), None) == counted


def test_what_a_programme_asks_is_kept_in_the_languages_it_has_it_in_and_what_registration_knows_in_none() -> None:
    question = {**scenario("version")["questions"][0], "texts": KURDISH}
    missing = _record(content={"questions": [question]}, means=Means.UNKNOWN).finding.missing
    assert {each.fact: each.texts for each in missing}[f"answer.{question['code']}"] == KURDISH
    assert all(each.question or not each.texts for each in missing)
