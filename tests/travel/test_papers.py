"""Rules on papers: dated, by nationality, for leaving, passing through and entering."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.travel.papers.rules import Asked, Document, Journey, Stop, papers_missing, papers_relied_on
from shared.auth import Role
from shared.contracts.registration import DocumentKind
from shared.database import new_id
from tests.travel.story import DEPARTS, TO, Family, document, one_adult, schedule
from tests.travel.watch import refused
from tests.world import World

TODAY = date(2021, 12, 13)
STOP = DEPARTS + timedelta(hours=3)
HOME = DEPARTS + timedelta(hours=8)
RULE: dict[str, Any] = {
    "country": "TUR",
    "applies": "transit",
    "document": "transit_visa",
    "nationalities": ["IRQ", "LBN"],
    "valid_from": "2021-11-01",
    "valid_until": None,
    "source": "Embassy note of November 2021",
    "provisional": True,
}


def asked(country: str, applies: str, document: str, nationalities: set[str] | None = None, **dates: Any) -> Asked:
    whom = None if nationalities is None else frozenset(nationalities)
    return Asked(country, applies, document, whom, dates.get("since", date(2021, 1, 1)), dates.get("until"))


def journey(*rules: Asked) -> Journey:
    return Journey((Stop("BLR", "TUR", DEPARTS, STOP), Stop("TUR", "IRQ", STOP, HOME)), rules)


def held(kind: str, **changes: Any) -> Document:
    facts: dict[str, Any] = {
        "id": new_id(),
        "kind": kind,
        "valid_from": date(2020, 1, 1),
        "valid_until": date(2026, 1, 1),
        "for_country": None,
        "single_journey": False,
    }
    return Document(**{**facts, **changes})


PASSPORT = held("passport")


def missing(rules: list[Asked], documents: list[Document], nationality: str = "IRQ") -> list[tuple[str, str]]:
    return papers_missing(nationality, documents, journey(*rules), TODAY)


def test_without_any_document_nobody_travels() -> None:
    assert missing([], []) == [("no_travel_document", "")]
    assert missing([], [held("identity_card"), held("visa")]) == [("no_travel_document", "")]


@pytest.mark.parametrize("kind", ["passport", "emergency_travel_document", "laissez_passer"])
def test_each_kind_of_travel_document_will_do(kind: str) -> None:
    assert missing([], [held(kind)]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_until": DEPARTS.date() - timedelta(days=1)},
        {"valid_from": DEPARTS.date() + timedelta(days=1)},
    ],
)
def test_a_document_must_be_valid_on_the_day_of_departure_not_today(changes: dict[str, Any]) -> None:
    assert missing([], [held("passport", **changes)]) == [("document_not_valid_then", "")]


def test_a_document_that_ends_on_the_day_itself_is_still_good() -> None:
    assert missing([], [held("passport", valid_until=DEPARTS.date(), valid_from=DEPARTS.date())]) == []
    assert missing([], [held("passport", valid_until=None, valid_from=None)]) == []


def test_a_document_for_one_journey_is_used_up_by_it() -> None:
    assert missing([], [held("laissez_passer", single_journey=True)]) == []
    assert missing([], [held("laissez_passer", single_journey=True, used=True)]) == [("document_used_up", "")]
    assert missing([], [held("passport", used=True)]) == []


@pytest.mark.parametrize("kind", ["emergency_travel_document", "laissez_passer"])
def test_a_paper_issued_for_the_journey_home_is_used_up_by_it_whether_or_not_a_clerk_ticked_that(kind: str) -> None:
    assert missing([], [held(kind, used=True)]) == [("document_used_up", "")]
    assert missing([], [held(kind, used=True), held(kind)]) == []


def test_exit_permit_and_visa_are_both_asked_where_both_are() -> None:
    rules = [asked("BLR", "exit", "exit_permit"), asked("BLR", "exit", "visa"), asked("TUR", "transit", "transit_visa")]
    assert missing(rules, [PASSPORT]) == [
        ("exit_permit_missing", "BLR"),
        ("transit_visa_missing", "TUR"),
        ("visa_missing", "BLR"),
    ]
    papers = [held("exit_permit", for_country="BLR"), held("visa", for_country="BLR")]
    assert missing(rules, [PASSPORT, *papers]) == [("transit_visa_missing", "TUR")]
    assert missing(rules, [PASSPORT, *papers, held("transit_visa", for_country="IRQ")]) == [
        ("transit_visa_missing", "TUR")
    ]


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ({"airport": "IST"}, True),
        ({"airport": "SAW"}, False),
        ({"longer_than_hours": 1}, True),
        ({"longer_than_hours": 2}, False),
        ({"airport": "IST", "longer_than_hours": 2}, False),
    ],
)
def test_a_rule_on_transit_may_be_of_one_airport_or_of_long_stops_alone(changes: dict[str, Any], asks: bool) -> None:
    rule = replace(asked("TUR", "transit", "transit_visa"), **changes)
    onward = Stop("TUR", "IRQ", STOP + timedelta(hours=2), HOME, "EBL")
    by_way_of_istanbul = Journey((Stop("BLR", "TUR", DEPARTS, STOP, "IST"), onward), (rule,))
    found = papers_missing("IRQ", [PASSPORT], by_way_of_istanbul, TODAY)
    assert found == ([("transit_visa_missing", "TUR")] if asks else [])


async def test_a_rule_of_another_airport_or_of_longer_stops_stops_nobody_here(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world, members=one_adult()).ready()
    path = f"/cases/{family.case}/readiness?flight_id={flight}"
    for narrower in ({"airport": "SAW"}, {"longer_than_hours": 2}):
        made = await world.post("/papers", {**RULE, **narrower}, role=TO)
        assert narrower.items() <= made.items()
    (person,) = (await world.get(path, role=TO))["individuals"]
    assert person["at_check_in"]["missing"] == []
    await world.post("/papers", {**RULE, "airport": "IST", "longer_than_hours": 1}, role=TO)
    (person,) = (await world.get(path, role=TO))["individuals"]
    assert [each["code"] for each in person["at_check_in"]["missing"]] == ["transit_visa_missing"]
    await refused(world, "/papers", {**RULE, "applies": "exit", "airport": "MSQ"}, "invalid-body", 422, role=TO)


def test_a_rule_asks_only_in_its_place_its_time_and_its_nationalities() -> None:
    assert missing([asked("TUR", "exit", "exit_permit")], [PASSPORT]) == []
    assert missing([asked("IRQ", "transit", "transit_visa")], [PASSPORT]) == []
    assert missing([asked("BLR", "exit", "exit_permit", {"LBN"})], [PASSPORT]) == []
    assert missing([asked("BLR", "exit", "exit_permit", {"LBN"})], [PASSPORT], "LBN") == [
        ("exit_permit_missing", "BLR")
    ]
    day = DEPARTS.date()
    assert missing([asked("BLR", "exit", "exit_permit", until=day - timedelta(days=1))], [PASSPORT]) == []
    assert missing([asked("BLR", "exit", "exit_permit", since=day + timedelta(days=1))], [PASSPORT]) == []
    assert missing([asked("BLR", "exit", "exit_permit", since=day, until=day)], [PASSPORT]) != []


def test_nobody_needs_leave_to_enter_their_own_country() -> None:
    rule = asked("IRQ", "entry", "visa")
    assert missing([rule], [PASSPORT], "IRQ") == []
    assert missing([rule], [PASSPORT], "LBN") == [("visa_missing", "IRQ")]


def test_a_check_in_rests_on_the_document_that_is_not_used_up_by_it() -> None:
    single, visa = held("laissez_passer", single_journey=True), held("transit_visa", for_country="TUR")
    rules = [asked("TUR", "transit", "transit_visa")]
    assert papers_relied_on("IRQ", [single, PASSPORT, visa], journey(*rules)) == [PASSPORT.id, visa.id]
    assert papers_relied_on("IRQ", [single], journey()) == [single.id]


async def test_who_leaves_by_a_country_that_asks_a_permit_and_a_visa_checks_in_with_both_alone(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world, members=one_adult()).ready()
    (who,) = family.ids
    for kind in ("exit_permit", "visa"):
        rule = {**RULE, "country": "BLR", "applies": "exit", "document": kind, "nationalities": None}
        await world.post("/papers", rule, role=TO)

    async def lacks() -> list[str]:
        (person,) = (await world.get(f"/cases/{family.case}/readiness?flight_id={flight}", role=TO))["individuals"]
        return [each["code"] for each in person["at_check_in"]["missing"]]

    assert await lacks() == ["exit_permit_missing", "visa_missing"]
    await family.tell(document(who, DocumentKind.VISA, for_country="BLR"), who)
    assert await lacks() == ["exit_permit_missing"]
    await family.tell(document(who, DocumentKind.EXIT_PERMIT, for_country="BLR"), who)
    assert await lacks() == []


async def test_rules_on_papers_are_kept_and_listed_by_country(world: World) -> None:
    made = await world.post("/papers", RULE, role=TO, expect=201)
    await world.post("/papers", {**RULE, "country": "BLR", "applies": "exit", "nationalities": None}, role=TO)
    assert (made["nationalities"], made["provisional"]) == (["IRQ", "LBN"], True)
    listed = await world.get("/papers?country=TUR", role=Role.COUNSELLOR)
    assert [UUID(each["id"]) for each in listed["items"]] == [UUID(made["id"])]
    everything = await world.get("/papers?limit=1", role=Role.COUNSELLOR)
    rest = await world.get(f"/papers?limit=1&cursor={everything['next']}", role=Role.COUNSELLOR)
    assert (rest["items"][0]["nationalities"], rest["next"]) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_until": "2021-10-31"},
        {"country": "Turkey"},
        {"applies": "overflight"},
        {"nationalities": []},
        {"nationalities": ["ZZZ"]},
        {"valid_from": "soon"},
        {"provisional": "yes"},
    ],
)
async def test_a_rule_in_the_wrong_form_is_refused(world: World, changes: dict[str, Any]) -> None:
    await refused(world, "/papers", {**RULE, **changes}, "invalid-body", 422, role=TO)
