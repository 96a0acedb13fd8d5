"""From the first attempt to lost contact, and back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.reintegration.attempts.rules import LOST_AFTER, ContactNotLostYet, Tried, check_lost, in_vain_since
from shared.auth import Role
from shared.contracts.reintegration import ContactLost, ContactRegained
from tests.reintegration.refusals import nothing_changes
from tests.reintegration.story import RE, Family, at_home, expected
from tests.world import World


async def tried(world: World, family: Family, way: str, outcome: str = "no_answer", **options: Any) -> Any:
    return await world.post(
        f"/cases/{family.case}/contact-attempts", {"way": way, "outcome": outcome}, role=RE, **options
    )


async def lost(world: World, **options: Any) -> Family:
    family = await at_home(world)
    for way in ("phone", "message", "phone"):
        await tried(world, family, way)
        world.now += timedelta(days=7)
    await world.post(f"/cases/{family.case}/lost-contact", role=RE, **options)
    return family


async def test_contact_is_lost_after_enough_was_tried_and_found_again_by_who_answers(world: World) -> None:
    family = await lost(world)
    standing = await world.get(f"/cases/{family.case}/lost-contact", role=Role.AUDITOR)
    assert (standing["lost"], standing["in_vain"]) == (True, 3)
    (fact,) = await world.told(ContactLost, family.case)
    assert fact.data["since"].startswith("2021-12-20"), "since the first attempt in vain"

    await tried(world, family, "through_family", "reached")
    standing = await world.get(f"/cases/{family.case}/lost-contact", role=Role.AUDITOR)
    assert (standing["lost"], standing["in_vain"]) == (False, 0)
    assert len(await world.told(ContactRegained, family.case)) == 1
    listed = await world.get(f"/cases/{family.case}/contact-attempts", role=Role.AUDITOR)
    assert [each["outcome"] for each in listed["items"]] == ["no_answer"] * 3 + ["reached"]


async def test_too_little_tried_is_refused_with_what_is_asked_for(world: World) -> None:
    family = await at_home(world)
    await tried(world, family, "phone")
    async with nothing_changes(world):
        problem = await world.post(f"/cases/{family.case}/lost-contact", role=RE, expect=409)
    assert problem["type"] == "/problems/contact-not-lost-yet"
    assert problem["needed"]["provisional"] is True
    assert problem["tried"] == {"attempts": 1, "days": 0, "ways": 1}


async def test_contact_is_not_lost_twice_nor_before_the_arrival(world: World) -> None:
    family = await lost(world)
    problem = await world.post(f"/cases/{family.case}/lost-contact", role=RE, expect=409)
    assert problem["type"] == "/problems/contact-lost-already"
    awaited = await expected(world)
    await tried(world, awaited, "phone")
    problem = await world.post(f"/cases/{awaited.case}/lost-contact", role=RE, expect=409)
    assert problem["type"] == "/problems/not-possible-now"


async def test_whoever_wants_no_contact_was_reached_and_is_not_lost(world: World) -> None:
    family = await at_home(world)
    for way in ("phone", "message", "visit"):
        await tried(world, family, way)
        world.now += timedelta(days=7)
    await tried(world, family, "visit", "wants_no_contact")
    await world.post(f"/cases/{family.case}/lost-contact", role=RE, expect=409)


NOW = datetime.fromisoformat("2022-02-01T09:00:00+00:00")


@pytest.mark.parametrize(
    ("days_ago", "ways"),
    [
        ((13, 5, 1), ("phone", "visit", "phone")),
        ((30, 20, 10), ("phone", "phone", "phone")),
        ((30, 1), ("phone", "visit")),
    ],
)
def test_each_part_of_the_rule_is_asked_for(days_ago: tuple[int, ...], ways: tuple[str, ...]) -> None:
    attempts = [Tried(NOW - timedelta(days=ago), way, "no_answer") for ago, way in zip(days_ago, ways, strict=True)]
    with pytest.raises(ContactNotLostYet):
        check_lost(attempts, NOW)


def test_the_rule_is_met_on_its_edge_and_counts_from_the_last_time_somebody_was_reached() -> None:
    first = NOW - timedelta(days=LOST_AFTER.days)
    attempts = [
        Tried(NOW - timedelta(days=60), "phone", "no_answer"),
        Tried(NOW - timedelta(days=50), "phone", "reached"),
        Tried(NOW - timedelta(days=1), "visit", "not_there"),
        Tried(first, "phone", "no_answer"),
        Tried(NOW - timedelta(days=2), "phone", "number_wrong"),
    ]
    assert len(in_vain_since(attempts)) == 3
    assert check_lost(attempts, NOW) == first
