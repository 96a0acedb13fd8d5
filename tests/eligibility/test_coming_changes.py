"""Rules that begin or end on a day to come: open cases are looked at on that day."""

from datetime import UTC, datetime, timedelta

import pytest

from services.eligibility.changes import actions
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


async def test_a_change_goes_on_from_where_it_came_to_and_two_workers_do_no_step_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LOOK_AT_ONCE", 1)
    monkeypatch.setattr(actions, "CARRY_AT_ONCE", 2)
    await found(world)
    families = [await eligible(world) for _ in range(5)]
    assert (await suspend(world))["cases_still_to_look_at"] == 4

    async def step(times: int) -> None:
        """One step, by so many workers that all saw the same."""
        async with world.runtime.database.reading() as session:
            (carried,) = await actions.changes_to_carry(session)
        for _ in range(times):
            async with world.runtime.database.transaction() as session:
                await actions.settle_carried(session, carried.act(), carried, None)

    async def left() -> int:
        return [(await family.standing())["status"] for family in families].count("eligible")

    await step(times=2)
    assert await left() == 2, "the second worker found the step done"
    await step(times=1)
    assert await left() == 0
    async with world.runtime.database.reading() as session:
        assert await actions.changes_to_carry(session) == []
    assert {len(await family.decisions()) for family in families} == {3}
