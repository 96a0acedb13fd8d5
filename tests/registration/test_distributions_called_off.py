"""What was announced and does not take place is called off: the stock stays there, and the people are told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from services.registration.relief.models import Distribution
from tests.registration.story import AU, CO
from tests.registration.test_relief import RL, STORY, card, collect, distribution, opened, site_with_stock, stock
from tests.world import World, contents

OFF = {"reason": "unsafe"}


async def refused(world: World, path: str, body: Any, expect: int = 409, **options: Any) -> Any:
    """The refusal, which changed nothing."""
    before = await contents(world)
    answer = await world.post(path, body, role=options.pop("role", RL), expect=expect, **options)
    assert await contents(world) == before
    return answer


async def test_what_is_called_off_does_not_begin_and_its_stock_is_there_for_another(world: World) -> None:
    site = await site_with_stock(world)
    held = await stock(world, site)
    made = await distribution(world, site)
    path = f"/distributions/{made['distribution_id']}"
    assert "call_off_distribution" in {each["action"] for each in made["actions"]}
    off = await world.post(f"{path}/cancellation", OFF, role=RL)
    assert (off["status"], off["called_off_because"], off["to_be_told"]) == ("called_off", "unsafe", True)
    assert [each["action"] for each in off["actions"]] == ["tell_called_off"]
    assert await stock(world, site) == held
    spoilt = {"item": "bread", "kind": "lost", "quantity": "1"}
    code = await card(world, site)
    acts: list[tuple[str, Any]] = [
        ("opening", None),
        ("collections", {"card": code}),
        ("additions", {"item": "bread", "quantity": "1"}),
        ("spoilt", spoilt),
        ("closure", {"left": {}}),
    ]
    for act, body in acts:
        answer = await refused(world, f"{path}/{act}", body)
        assert (answer["type"], answer["state"]) == ("/problems/distribution-not-open", "called_off")
    other = await distribution(world, site)
    await world.post(f"/distributions/{other['distribution_id']}/opening", role=RL)
    assert await stock(world, site) == dict.fromkeys(STORY, "0"), "all of it was there for the other one"
    assert (await collect(world, other, code))["issued"] is True


async def test_only_what_has_not_begun_is_called_off_and_once(world: World) -> None:
    site, made = await opened(world)
    path = f"/distributions/{made['distribution_id']}"
    answer = await refused(world, f"{path}/cancellation", OFF)
    assert (answer["type"], answer["state"]) == ("/problems/distribution-not-announced", "open")
    left = {each["item"]: each["left"] for each in made["items"]}
    await world.post(f"{path}/closure", {"left": left}, role=RL)
    assert (await refused(world, f"{path}/cancellation", OFF))["state"] == "closed"
    other = await distribution(world, site)
    path = f"/distributions/{other['distribution_id']}"
    await refused(world, f"{path}/cancellation", {}, 422)
    await refused(world, f"{path}/cancellation", {"reason": "no wish"}, 422)
    await refused(world, f"{path}/cancellation", OFF, 403, role=CO)
    await refused(world, f"{path}/cancellation", OFF, 412, etag='"9"')
    await world.post(f"{path}/cancellation", OFF, role=RL)
    assert (await refused(world, f"{path}/cancellation", OFF))["state"] == "called_off"


async def test_who_was_told_of_it_is_told_that_it_is_called_off(world: World) -> None:
    site = await site_with_stock(world)
    made = await distribution(world, site)
    path = f"/distributions/{made['distribution_id']}"
    answer = await refused(world, f"{path}/telling", {"way": "loudspeaker"})
    assert (answer["type"], answer["state"]) == ("/problems/nothing-to-tell", "announced")
    await world.post(f"{path}/cancellation", OFF, role=RL)

    async def listed() -> tuple[str, bool]:
        (line,) = (await world.get(f"/sites/{site}/distributions", role=AU))["items"]
        return line["status"], line["to_be_told"]

    assert await listed() == ("called_off", True)
    early = {"way": "committee", "occurred_at": (world.now - timedelta(hours=2)).isoformat()}
    assert (await refused(world, f"{path}/telling", early, 422))["type"] == "/problems/late-reason-missing"
    told = await world.post(f"{path}/telling", {"way": "loudspeaker"}, role=RL)
    assert (told["to_be_told"], told["told_way"], told["actions"]) == (False, "loudspeaker", [])
    assert told["told_at"] is not None
    assert await listed() == ("called_off", False)
    assert (await refused(world, f"{path}/telling", {"way": "message"}))["type"] == "/problems/nothing-to-tell"


AT = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
OFF_COLUMNS = {"called_off_at": AT, "called_off_by": "a", "called_off_because": "unsafe"}
TOLD_COLUMNS = {"told_at": AT, "told_by": "a", "told_way": "message"}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"called_off_at": AT}, "called_off_by_someone"),
        ({**OFF_COLUMNS, "status": "open"}, "called_off_by_someone"),
        ({**OFF_COLUMNS, "called_off_because": "no_wish"}, "called_off_because"),
        (TOLD_COLUMNS, "told_by_someone"),
        ({**OFF_COLUMNS, **TOLD_COLUMNS, "told_way": "rumour"}, "told_way"),
    ],
)
async def test_the_table_itself_keeps_what_is_called_off_from_beginning(
    world: World, changes: dict[str, Any], name: str
) -> None:
    await distribution(world, await site_with_stock(world))
    with pytest.raises(IntegrityError, match=f"ck_distribution_{name}"):
        async with world.runtime.database.transaction() as session:
            await session.exec(update(Distribution).values(**changes))
