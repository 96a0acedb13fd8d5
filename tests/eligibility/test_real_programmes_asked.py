"""The real programmes over HTTP: a case asks, and is answered what the rules alone say in `test_real_programmes.py`."""

from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

from shared.contracts.registration import AgeBand, Member, Relation
from tests.eligibility.story import PO, RO, Family, found, member
from tests.eligibility.test_real_programmes import CASES, FILES
from tests.world import World

AUSTRIA, GERMANY = "austria_iraq_2023", "germany_reag_garp"
COUPLE = (member(AgeBand.ADULT, Relation.PRINCIPAL), member(AgeBand.ADULT, Relation.SPOUSE))


def with_child(band: AgeBand, times: int = 1) -> tuple[Member, ...]:
    both = tuple(each.individual for each in COUPLE)
    return (*COUPLE, *(member(band, Relation.CHILD, responsible=both) for _ in range(times)))


async def asked(world: World, name: str, members: tuple[Member, ...] = COUPLE, **version: Any) -> Family:
    """A case of the programme's country, registered on the day that its vectors are of, and not asked anything yet."""
    file = FILES[name]
    await found(world, {**file["version"], **version}, **file["programme"])
    day = CASES[name][0]
    world.now = datetime(day.year, day.month, day.day, 9, tzinfo=world.now.tzinfo)
    host = file["programme"]["host_countries"][0]
    family = Family(world, members=members)
    return await family.register(host_country=host, arrived_in_host_country=day - timedelta(days=400))


def amounts(decision: Any) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for line in decision["package"]:
        given.setdefault(line["code"], []).append(line["amount"])
    return given


async def test_who_has_help_from_elsewhere_is_asked_passes_without_it_and_fails_with_it(world: World) -> None:
    family = await asked(world, AUSTRIA)
    answers = CASES[AUSTRIA][1]
    assert (await family.decide())["outcome"] == "needs_information"
    (lacking,) = (await family.standing())["missing"]
    assert lacking["question"] == "other_reintegration_support", "what a rule asks; the rest is asked by its lines"
    await family.answer({"answers": answers})
    assert (await family.decide())["outcome"] == "eligible"
    await family.answer({"answers": {"other_reintegration_support": True}})
    await family.decide()
    again = await family.decision()
    assert (again["outcome"], again["package"]) == ("ineligible", [])
    assert [each["code"] for each in again["trace"] if each["said"] == "failed"] == ["no_double_funding"]


async def test_a_family_of_five_is_given_its_programmes_cap_and_no_more(world: World) -> None:
    family = await asked(world, AUSTRIA, with_child(AgeBand.CHILD, times=3))
    await family.answer({"answers": CASES[AUSTRIA][1]})
    assert amounts(await family.decide())["iraq_action"] == ["1000.00"] * 3


async def test_a_child_of_twelve_is_given_an_adults_start_and_a_childs_travel(world: World) -> None:
    family = await asked(world, GERMANY, with_child(AgeBand.TEEN))
    await family.answer({"answers": CASES[GERMANY][1]})
    for each in family.members:
        await family.answer({"answers": {"needs_medical_care": False}, "individual_id": str(each.individual)})
    given = amounts(await family.decide())
    assert given["travel_aid_child"] == ["100.00"]
    assert given["starthilfe_12"] == ["1200.00"] * 3


async def test_a_campaigns_rate_is_given_to_who_is_decided_on_its_days_alone(world: World) -> None:
    package = deepcopy(FILES[AUSTRIA]["version"]["package"])
    (campaign,) = [line for line in package if line["code"] == "iraq_action"]
    campaign["valid_until"] = "2023-05-31"
    family = await asked(world, AUSTRIA, package=package)
    await family.answer({"answers": CASES[AUSTRIA][1]})
    assert amounts(await family.decide())["iraq_action"] == ["1000.00"] * 2
    world.now = world.now.replace(month=6, day=1)
    late = await family.decide()
    assert (late["evaluated_on"], late["outcome"]) == (date(2023, 6, 1).isoformat(), "eligible")
    assert "iraq_action" not in amounts(late)


async def test_the_real_programmes_are_founded_listed_and_read_with_the_source_of_every_rule(world: World) -> None:
    for file in FILES.values():
        await found(world, file["version"], **file["programme"])
    listed = (await world.get("/programmes?limit=200", role=RO))["items"]
    assert {each["code"] for each in listed} == {file["programme"]["code"] for file in FILES.values()}
    for each in listed:
        shown = await world.get(f"/programmes/{each['programme_id']}/versions/1", role=PO)
        said = [*shown["content"]["rules"], *shown["content"]["package"]]
        assert all(rule["source"].startswith("S") for rule in said)
        assert said
        assert shown["provisional"] is True
