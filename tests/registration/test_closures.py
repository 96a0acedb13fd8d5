"""Closing a case and opening it again."""

import pytest

from services.registration.closures.rules import closes_with_assistance
from shared.contracts import registration as r
from tests.registration.story import CO, RO, register
from tests.world import World


async def test_a_case_is_closed_with_a_reason_and_reopened_where_it_stood(world: World) -> None:
    family = await (await register(world)).declare()
    closed = await world.post(f"{family.path}/closure", {"reason": "left_on_their_own"}, role=RO)
    assert (closed["status"], closed["closed_reason"]) == ("closed", "left_on_their_own")
    assert [each["action"] for each in closed["actions"]] == ["reopen_case"]
    assert set((await family.statuses()).values()) == {"closed"}
    opened = await world.post(f"{family.path}/reopening", role=RO)
    assert (opened["status"], opened["closed_at"]) == ("declared", None)
    again = await world.post(f"{family.path}/reopening", role=RO, expect=409)
    assert again["type"].endswith("not-possible-now")
    assert len(await world.told(r.CaseReopened, family.id)) == 1
    await world.post(f"{family.path}/closure", {"reason": "died"}, role=CO, expect=403)


@pytest.mark.parametrize("reason", ["withdrawn", "assistance_closed"])
async def test_a_reason_that_is_not_so_does_not_close_a_case(world: World, reason: str) -> None:
    family = await register(world)
    answer = await world.post(f"{family.path}/closure", {"reason": reason}, role=RO, expect=409)
    assert answer["type"].endswith("reason-does-not-fit")
    assert (await family.read())["status"] == "open"


async def test_a_case_whose_people_all_withdrew_may_be_closed_as_withdrawn(world: World) -> None:
    family = await register(world)
    await family.withdraw()
    assert (await world.post(f"{family.path}/closure", {"reason": "withdrawn"}, role=RO))["status"] == "closed"


@pytest.mark.parametrize(
    ("reason", "statuses", "closes"),
    [
        ("completed", {"departed"}, True),
        ("completed", {"departed", "withdrawn"}, True),
        ("completed", {"departed", "declared"}, False),
        ("completed", {"departed", "not_admitted"}, False),
        ("completed", {"withdrawn"}, False),
        ("withdrawn_before_departure", {"departed"}, False),
    ],
)
def test_the_end_of_assistance_closes_a_case_that_nobody_is_on_the_way_in(
    reason: str, statuses: set[str], closes: bool
) -> None:
    assert closes_with_assistance(reason, statuses) is closes


async def test_a_request_that_takes_no_body_refuses_one_instead_of_looking_away(world: World) -> None:
    family = await register(world)
    await world.post(f"{family.path}/closure", {"reason": "left_on_their_own"}, role=RO)
    answer = await world.post(f"{family.path}/reopening", {"from": "2021-12-01"}, role=RO, expect=422)
    assert answer["type"] == "/problems/body-not-expected"
    assert (await family.read())["status"] == "closed"
    await world.post(f"{family.path}/reopening", {}, role=RO)
