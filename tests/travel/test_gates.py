"""The gates: each asks everything before it again, and says what is missing and who can help."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.travel.gates.rules import (
    SENTENCES,
    CaseKnown,
    Check,
    Decision,
    Person,
    Suspension,
    Trip,
    missing_at_booking,
    missing_at_check_in,
    missing_at_doors,
)
from shared.auth import Role
from shared.contracts import eligibility as e
from shared.contracts import registration as r
from shared.database import new_id
from tests.travel.story import CHECKED, DEPARTS, TO, Family, check, member, one_adult, schedule
from tests.world import World

TODAY = date(2021, 12, 10)
DAY = DEPARTS.date()
TRIP = Trip(DEPARTS, "IRQ")
WHO = new_id()
PERSON = Person(
    individual=WHO,
    in_case=True,
    adult=True,
    attempt=1,
    declared=True,
    withdrawn=False,
    held=False,
    protection_pending=False,
    check=Check("fit", CHECKED, None),
)
CASE = CaseKnown(False, "IRQ", "Erbil", Decision("eligible", date(2022, 1, 1), {WHO: 1}), ())


def codes(found: list[Any]) -> list[str]:
    return [each.code for each in found]


def test_nothing_is_missing_of_a_person_who_has_everything() -> None:
    assert missing_at_doors(PERSON, CASE, TRIP, TODAY, "yes") == []


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"in_case": False}, "not_in_case"),
        ({"declared": False}, "not_declared"),
        ({"withdrawn": True}, "withdrawn"),
        ({"held": True}, "held"),
        ({"protection_pending": True}, "protection_pending"),
        ({"attempt": 2}, "decision_for_another_attempt"),
    ],
)
def test_what_a_person_lacks_stops_at_every_gate(person: dict[str, Any], code: str) -> None:
    lacking = replace(PERSON, **person)
    assert codes(missing_at_booking(lacking, CASE, TRIP, TODAY)) == [code]
    assert codes(missing_at_check_in(lacking, CASE, TRIP, TODAY)) == [code]
    assert codes(missing_at_doors(lacking, CASE, TRIP, TODAY, "yes")) == [code]


def suspension(
    area: str | None = None, since: date = DAY, until: date | None = None, lifted: date | None = None
) -> Any:
    return (Suspension(area, since, until, lifted),)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"closed": True}, "case_closed"),
        ({"decision": None}, "eligibility_undecided"),
        ({"decision": Decision("needs_information", None, {WHO: 1})}, "eligibility_needs_information"),
        ({"decision": Decision("ineligible", None, {WHO: 1})}, "not_eligible"),
        ({"decision": Decision("eligible", DAY - timedelta(days=1), {WHO: 1})}, "decision_expired"),
        ({"decision": Decision("eligible", None, {})}, "decision_for_another_attempt"),
        ({"destination_country": "LBN"}, "other_destination"),
        ({"suspensions": suspension()}, "destination_suspended"),
        ({"suspensions": suspension("erbil")}, "destination_suspended"),
        ({"suspensions": suspension("Kirkuk"), "destination_area": None}, "destination_area_unknown"),
    ],
)
def test_what_a_case_lacks_stops_everyone_of_it(case: dict[str, Any], code: str) -> None:
    assert codes(missing_at_booking(PERSON, replace(CASE, **case), TRIP, TODAY)) == [code]


@pytest.mark.parametrize(
    "suspensions",
    [
        suspension("Kirkuk"),
        suspension(since=DAY + timedelta(days=1)),
        suspension(since=TODAY, until=DAY - timedelta(days=1)),
        suspension(since=TODAY, lifted=DAY),
    ],
)
def test_a_destination_is_open_outside_the_area_and_the_days_of_a_suspension(suspensions: Any) -> None:
    assert missing_at_booking(PERSON, replace(CASE, suspensions=suspensions), TRIP, TODAY) == []


def test_a_decision_good_until_the_day_of_departure_is_good() -> None:
    case = replace(CASE, decision=Decision("eligible", DAY, {WHO: 1}))
    assert missing_at_booking(PERSON, case, TRIP, TODAY) == []


def hours_before(hours: float) -> datetime:
    return DEPARTS - timedelta(hours=hours)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (None, "check_missing"),
        (Check("not_fit", hours_before(30), None), "not_fit"),
        (Check("fit", hours_before(72.01), None), "check_too_old"),
        (Check("waived", hours_before(100), None), "check_too_old"),
        (Check("fit_with_support", hours_before(30), DAY - timedelta(days=1)), "flies_too_late"),
    ],
)
def test_health_is_asked_at_check_in_and_not_at_booking(made: Check | None, code: str) -> None:
    person = replace(PERSON, check=made)
    assert missing_at_booking(person, CASE, TRIP, TODAY) == []
    assert codes(missing_at_check_in(person, CASE, TRIP, TODAY)) == [code]


@pytest.mark.parametrize("outcome", ["fit", "fit_with_support", "waived"])
def test_a_check_of_exactly_seventy_two_hours_is_good(outcome: str) -> None:
    person = replace(PERSON, check=Check(outcome, hours_before(72), DAY))
    assert missing_at_check_in(person, CASE, TRIP, TODAY) == []


def test_papers_are_asked_at_check_in_with_the_country_that_asks() -> None:
    person = replace(PERSON, papers_missing=(("exit_permit_missing", "BLR"), ("no_travel_document", "")))
    assert missing_at_booking(person, CASE, TRIP, TODAY) == []
    found = missing_at_check_in(person, CASE, TRIP, TODAY)
    assert [(each.code, each.country) for each in found] == [
        ("exit_permit_missing", "BLR"),
        ("no_travel_document", None),
    ]


@pytest.mark.parametrize(
    ("word", "code"),
    [(None, "willingness_not_asked"), ("no", "not_willing"), ("not_sure", "not_willing"), ("pressed", "not_willing")],
)
def test_the_word_is_asked_of_adults_at_the_doors(word: str | None, code: str) -> None:
    assert missing_at_check_in(PERSON, CASE, TRIP, TODAY) == []
    assert codes(missing_at_doors(PERSON, CASE, TRIP, TODAY, word)) == [code]
    assert missing_at_doors(replace(PERSON, adult=False), CASE, TRIP, TODAY, None) == []


@given(
    st.builds(
        Person,
        individual=st.just(WHO),
        in_case=st.booleans(),
        adult=st.booleans(),
        attempt=st.integers(1, 2),
        declared=st.booleans(),
        withdrawn=st.booleans(),
        held=st.booleans(),
        protection_pending=st.booleans(),
        papers_missing=st.sampled_from([(), (("visa_missing", "TUR"),)]),
        check=st.sampled_from([None, Check("fit", CHECKED, None), Check("not_fit", CHECKED, None)]),
    ),
    st.sampled_from([None, "yes", "no", "pressed"]),
    st.sampled_from([TRIP, None]),
)
def test_each_gate_asks_everything_that_was_asked_before_it(
    person: Person, word: str | None, trip: Trip | None
) -> None:
    booking = missing_at_booking(person, CASE, trip, TODAY)
    check_in = missing_at_check_in(person, CASE, trip, TODAY)
    doors = missing_at_doors(person, CASE, trip, TODAY, word)
    assert check_in[: len(booking)] == booking
    assert doors[: len(check_in)] == check_in
    assert {each.code for each in doors} <= set(SENTENCES)


async def test_the_mothers_late_check_stops_only_her(world: World) -> None:
    family = await Family(world).bookable()
    await family.has_papers()
    father, mother, *children = family.ids
    await family.is_checked(father, *children)
    flight = await schedule(world)
    shown = await world.get(f"/cases/{family.case}/readiness?flight_id={flight}", role=Role.COUNSELLOR)
    by_person = {each["individual_id"]: each for each in shown["individuals"]}
    assert all(each["at_booking"]["passed"] for each in by_person.values())
    assert [key for key, each in by_person.items() if not each["at_check_in"]["passed"]] == [str(mother)]
    (item,) = by_person[str(mother)]["at_check_in"]["missing"]
    assert (item["code"], item["who_can_help"]) == ("check_missing", "medical")
    assert item["sentence"].endswith(".")
    await family.tell(check(mother), mother)
    shown = await world.get(f"/cases/{family.case}/readiness?flight_id={flight}", role=TO)
    assert all(each["at_check_in"]["passed"] for each in shown["individuals"])
    assert [len(each["at_doors"]["missing"]) for each in shown["individuals"]].count(1) == 2, "the adults' words"


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"outcome": r.Fitness.WAIVED}, []),
        ({"fly_before": DEPARTS.date()}, []),
        ({"fly_before": DEPARTS.date() - timedelta(days=1)}, ["flies_too_late"]),
    ],
    ids=["waived", "good until that day", "too late"],
)
async def test_a_waiver_by_medical_will_do_and_nobody_flies_after_their_latest_departure(
    world: World, said: dict[str, Any], missing: list[str]
) -> None:
    family = await Family(world, members=one_adult()).bookable()
    (who,) = family.ids
    await family.has_papers()
    await family.tell(check(who, **said), who)
    flight = await schedule(world)
    (shown,) = (await world.get(f"/cases/{family.case}/readiness?flight_id={flight}", role=TO))["individuals"]
    assert [each["code"] for each in shown["at_check_in"]["missing"]] == missing


async def test_readiness_follows_every_fact_that_other_services_tell(world: World) -> None:
    family = await Family(world, members=(member(r.AgeBand.ADULT, r.Relation.PRINCIPAL),)).register()
    (who,) = family.ids

    async def missing() -> set[str]:
        shown = await world.get(f"/cases/{family.case}/readiness", role=TO)
        return {item["code"] for item in shown["individuals"][0]["at_check_in"]["missing"]}

    everything = {"eligibility_undecided", "not_declared", "no_travel_document", "check_missing"}
    assert await missing() == everything
    await family.decide(outcome=e.Outcome.NEEDS_INFORMATION)
    assert await missing() == everything - {"eligibility_undecided"} | {"eligibility_needs_information"}
    await family.decide()
    await family.declare()
    await family.has_papers()
    await family.is_checked()
    assert await missing() == set()
    hold = new_id()
    await family.tell(r.CaseHeld(hold=hold, individuals=(who,)))
    assert await missing() == {"held"}
    await family.tell(r.CaseReleased(hold=hold, individuals=(who,)))
    restriction = new_id()
    asked: dict[str, Any] = {"restriction": restriction, "country": "IRQ", "area": None}
    await world.hear(
        e.RestrictionSet(**asked, valid_from=date(2021, 12, 1), valid_until=None, source="Decision of the programme"),
        key="IRQ",
    )
    assert await missing() == {"destination_suspended"}
    await world.hear(e.RestrictionLifted(**asked, lifted_on=world.now.date()), key="IRQ")
    await family.tell(r.ProtectionPending(individual=who), who)
    assert await missing() == {"protection_pending"}
    await family.tell(r.ProtectionCleared(individual=who), who)
    await family.tell(r.DeclarationLapsed(individual=who, declaration=new_id()), who, 1)
    assert await missing() == {"not_declared"}
    await family.withdraw(who)
    assert await missing() == {"withdrawn"}
    await family.declare(who, attempt=2)
    assert await missing() == {"decision_for_another_attempt"}
    await family.decide({who: 2})
    assert await missing() == set()
    await family.tell(r.CaseClosed(reason=r.CaseClosureReason.LOST_CONTACT))
    assert await missing() == {"case_closed"}
    await family.tell(r.CaseReopened())
    assert await missing() == set()


async def test_a_child_for_whom_nobody_is_responsible_waits_for_protection_without_being_told(world: World) -> None:
    boy = member(r.AgeBand.TEEN, r.Relation.PRINCIPAL)
    family = await Family(world, members=(boy,)).bookable()
    flight = await schedule(world)
    problem = await family.book(flight, expect=409)
    assert [item["code"] for item in problem["missing"][str(boy.individual)]] == ["protection_pending"]
    await family.tell(r.ProtectionCleared(individual=boy.individual), boy.individual)
    assert (await family.book(flight))["status"] == "confirmed", "alone, because protection cleared his journey"
