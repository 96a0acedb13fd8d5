"""Rules that begin or end on a day to come: open cases are looked at on that day."""

from datetime import UTC, datetime, timedelta

from tests.eligibility.story import PO, YES, Family, found, suspend, version
from tests.world import World


async def eligible(world: World) -> Family:
    family = await Family(world).register()
    await family.answer(YES)
    return family


async def test_a_restriction_of_a_later_day_decides_again_on_that_day_and_after_its_last(world: World) -> None:
    await found(world)
    family = await eligible(world)
    await suspend(world, valid_from="2021-12-12", valid_until="2021-12-14")
    due = [each for each in (await world.get("/coming-changes", role=PO))["items"] if each["country"]]
    assert [(each["due_on"], each["country"]) for each in due] == [("2021-12-12", "IRQ"), ("2021-12-15", "IRQ")]
    said = []
    for day in range(11, 16):
        world.now = datetime(2021, 12, day, 8, tzinfo=UTC)
        await world.post("/coming-changes/reviews", role=PO)
        said.append((await family.standing())["status"])
    assert said == ["eligible", "ineligible", "ineligible", "ineligible", "eligible"]
    left = (await world.get("/coming-changes", role=PO))["items"]
    assert [each["because"] for each in left] == ["programme_changed"], "its last day is still to come"


async def test_a_restriction_lifted_from_a_later_day_opens_the_case_on_that_day(world: World) -> None:
    await found(world)
    family = await eligible(world)
    made = await suspend(world)
    await world.post(f"/restrictions/{made['restriction_id']}/lifting", {"lifted_on": "2021-12-11"}, role=PO)
    assert (await family.standing())["status"] == "ineligible"
    world.now += timedelta(days=2)
    await world.post("/coming-changes/reviews", role=PO)
    assert (await family.standing())["status"] == "eligible"


async def test_a_version_of_a_later_day_decides_again_on_that_day(world: World) -> None:
    programme = await found(world)
    family = await eligible(world)
    dearer = version(valid_from="2021-12-20")
    dearer["package"][0]["amount"] = "60.00"
    await world.post(f"/programmes/{programme}/versions", dearer, role=PO)
    before = (await family.standing())["decision"]["total"]
    world.now += timedelta(days=11)
    reviewed = await world.post("/coming-changes/reviews", role=PO)
    assert reviewed == {"taken_up": 1, "expired": 0, "more": False, "cases_still_to_look_at": 0}
    assert ((await family.standing())["decision"]["total"], before) == ("2640.00", "2600.00")


async def test_a_review_made_twice_changes_nothing_the_second_time(world: World) -> None:
    await found(world)
    family = await eligible(world)
    await suspend(world, valid_from="2021-12-12")
    world.now += timedelta(days=3)
    for expected in (1, 0):
        assert (await world.post("/coming-changes/reviews", role=PO))["taken_up"] == expected
    assert len(await family.decisions()) == 3
