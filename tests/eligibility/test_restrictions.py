"""Restrictions: dated suspensions with a source, told to the others, by which open cases are decided again."""

from datetime import date

import pytest

from services.eligibility.inputs.rules import RestrictionSeen
from services.eligibility.restrictions.rules import (
    RestrictionAlreadyLifted,
    check_lifting,
    is_in_force,
    is_suspended,
)
from shared.contracts.eligibility import RestrictionLifted, RestrictionSet
from shared.database import new_id
from tests.eligibility.story import PO, RO, YES, Family, found, suspend
from tests.world import World


def restriction(area: str | None = None, until: date | None = None, lifted: date | None = None) -> RestrictionSeen:
    return RestrictionSeen(
        restriction=new_id(),
        country="IRQ",
        area=area,
        valid_from=date(2021, 12, 1),
        valid_until=until,
        lifted_on=lifted,
        source="ours",
    )


@pytest.mark.parametrize(
    ("until", "lifted", "on", "expected"),
    [
        (None, None, date(2021, 11, 30), False),
        (None, None, date(2021, 12, 1), True),
        (date(2021, 12, 10), None, date(2021, 12, 10), True),
        (date(2021, 12, 10), None, date(2021, 12, 11), False),
        (None, date(2021, 12, 10), date(2021, 12, 9), True),
        (None, date(2021, 12, 10), date(2021, 12, 10), False),
    ],
)
def test_a_restriction_holds_from_its_first_day_to_its_last(
    until: date | None, lifted: date | None, on: date, expected: bool
) -> None:
    assert is_in_force(restriction(until=until, lifted=lifted), on) is expected


def test_a_suspended_area_leaves_the_rest_open_and_an_unknown_area_undecided() -> None:
    on = date(2021, 12, 9)
    basra = [restriction("Basra")]
    assert is_suspended(basra, "IRQ", "basra", on) is True
    assert is_suspended(basra, "IRQ", "Erbil", on) is False
    assert is_suspended(basra, "IRQ", None, on) is None
    assert is_suspended([*basra, restriction()], "IRQ", None, on) is True
    assert is_suspended(basra, "LBN", None, on) is False


async def test_a_suspended_destination_makes_open_cases_ineligible_with_its_date_and_source(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer(YES)
    before = (await family.standing())["decision"]

    made = await suspend(world, source="Office notice 12")
    decision = await family.decision()
    assert (decision["outcome"], decision["because"]) == ("ineligible", "restriction_changed")
    assert decision["replaces"] == before["decision_id"]
    assert (decision["package"], decision["total"]) == ([], "0.00")
    assert {rule["code"] for rule in decision["trace"] if rule["said"] == "failed"} == {"destination_open"}
    kept = decision["inputs"]["restrictions"][0]
    assert (kept["restriction"], kept["source"]) == (made["restriction_id"], "Office notice 12")

    told = (await world.told(RestrictionSet, "IRQ"))[0].event()
    assert isinstance(told, RestrictionSet)
    assert (str(told.restriction), told.area) == (made["restriction_id"], None)


async def test_a_lifted_restriction_makes_them_eligible_again(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer(YES)
    made = await suspend(world)
    path = f"/restrictions/{made['restriction_id']}"
    assert [a["action"] for a in (await world.get(path, role=PO))["actions"]] == ["lift_restriction"]

    lifted = await world.post(f"{path}/lifting", {"lifted_on": "2021-12-09"}, role=PO)
    assert (lifted["lifted_on"], lifted["actions"]) == ("2021-12-09", [])
    assert (await family.standing())["status"] == "eligible"
    assert len(await family.decisions()) == 4
    told = (await world.told(RestrictionLifted, "IRQ"))[0].event()
    assert isinstance(told, RestrictionLifted)
    assert told.lifted_on == date(2021, 12, 9)

    again = await world.post(f"{path}/lifting", {"lifted_on": "2021-12-10"}, role=PO, expect=409)
    assert again["type"] == "/problems/restriction-already-lifted"
    assert len(await world.told(RestrictionLifted)) == 1


async def test_a_restriction_elsewhere_or_of_another_area_decides_nothing_again(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await suspend(world, "SYR")
    await suspend(world, "IRQ", area="IQ-BA")
    await suspend(world, "IRQ", valid_from="2022-02-01")
    assert len(await family.decisions()) == 1


async def test_impossible_dates_and_unknown_countries_are_refused_and_told_to_nobody(world: World) -> None:
    body = {"country": "IRQ", "valid_from": "2021-12-01", "valid_until": "2021-11-01", "source": "ours"}
    refused = await world.post("/restrictions", body, role=PO, expect=422)
    assert refused["type"] == "/problems/restriction-dates-impossible"
    unknown = await world.post("/restrictions", {**body, "country": "XXQ", "valid_until": None}, role=PO, expect=422)
    assert unknown["type"] == "/problems/invalid-body"
    made = await suspend(world)
    early = {"lifted_on": "2021-11-30"}
    refused = await world.post(f"/restrictions/{made['restriction_id']}/lifting", early, role=PO, expect=422)
    assert refused["type"] == "/problems/restriction-dates-impossible"
    assert len(await world.told()) == 1


async def test_restrictions_are_listed_by_country_page_by_page(world: World) -> None:
    for country in ("SYR", "IRQ", "SYR"):
        await suspend(world, country)
    assert len((await world.get("/restrictions?country=SYR", role=RO))["items"]) == 2
    page = await world.get("/restrictions?limit=2", role=RO)
    rest = await world.get(f"/restrictions?limit=2&cursor={page['next']}", role=RO)
    assert [r["country"] for r in (*page["items"], *rest["items"])] == ["SYR", "IRQ", "SYR"]
    await world.get(f"/restrictions/{new_id()}", role=RO, expect=404)


def test_who_lifts_what_was_lifted_is_told_since_when_returns_are_open_again() -> None:
    begun, lifted = date(2021, 11, 1), date(2021, 12, 1)
    check_lifting(begun, None, begun)
    with pytest.raises(RestrictionAlreadyLifted) as refusal:
        check_lifting(begun, lifted, date(2021, 12, 9))
    assert refusal.value.members == {"lifted_on": "2021-12-01"}
