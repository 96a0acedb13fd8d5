"""Stock that is moved between two sites, or brought to a distribution that runs short, adds up at both."""

from shared.database import new_id
from tests.registration.story import RO
from tests.registration.test_relief import RL, card, collect, distribution, site_with_stock, stock
from tests.registration.test_sites import WAREHOUSE
from tests.world import World, contents


async def test_what_goes_out_of_one_site_comes_in_at_the_other_or_nothing_is_moved(world: World) -> None:
    here = await site_with_stock(world)
    there = str((await world.post("/sites", {**WAREHOUSE, "code": "BLR-HOTEL"}, role=RO))["id"])
    body = {"from_site_id": here, "to_site_id": there, "paper": "WB-2"}
    some = {**body, "items": [{"item": "bread", "quantity": "20.5"}, {"item": "soap", "quantity": "50"}]}
    made = await world.post("/stock-transfers", some, role=RL)
    assert [each["move"] for side in ("moved_out", "moved_in") for each in made[side]] == [
        *("moved_out", "moved_out", "moved_in", "moved_in")
    ]
    assert {each["paper"] for each in made["moved_out"] + made["moved_in"]} == {"WB-2"}
    assert await stock(world, here) == {"bread": "179.5", "fruit": "132.2", "soap": "0", "liquid_soap": "50"}
    assert await stock(world, there) == {"bread": "20.5", "soap": "50"}
    before = await contents(world)
    for wrong, kind, status in (
        ([{"item": "bread", "quantity": "1"}, {"item": "soap", "quantity": "0.001"}], "not-in-stock", 409),
        ([{"item": "tent", "quantity": "1"}], "item-unknown", 422),
        ([{"item": "bread", "quantity": "1"}] * 2, "invalid-body", 422),
    ):
        problem = await world.post("/stock-transfers", {**body, "items": wrong}, role=RL, expect=status)
        assert problem["type"] == f"/problems/{kind}"
    await world.post("/stock-transfers", {**some, "to_site_id": here}, role=RL, expect=422)
    await world.post("/stock-transfers", {**some, "to_site_id": str(new_id())}, role=RL, expect=422)
    assert await contents(world) == before


async def test_more_is_brought_out_of_the_stock_where_too_little_is_left_and_it_adds_up_with_it(world: World) -> None:
    site = await site_with_stock(world)
    made = await distribution(world, site, items=[{"item": "soap", "planned": "1", "per_household": "0.6"}])
    path = f"/distributions/{made['distribution_id']}"
    more = {"item": "soap", "quantity": "0.5"}
    refused = await world.post(f"{path}/additions", more, role=RL, expect=409)
    assert (refused["type"], refused["state"]) == ("/problems/distribution-not-open", "announced")
    await world.post(f"{path}/opening", role=RL)
    await collect(world, made, await card(world, site))
    late = await card(world, site)
    refused = await collect(world, made, late, expect=409)
    assert (refused["type"], refused["left"]) == ("/problems/left-too-little", "0.4")
    assert "`additions`" in refused["remedy"], "what is said to be done can be done"
    before = await contents(world)
    for wrong, status, kind in (
        ({"item": "bread", "quantity": "1"}, 422, "item-unknown"),
        ({"item": "soap", "quantity": "49.1"}, 409, "not-in-stock"),
        ({"item": "soap", "quantity": "0"}, 422, "invalid-body"),
    ):
        refused = await world.post(f"{path}/additions", wrong, role=RL, expect=status)
        assert refused["type"] == f"/problems/{kind}"
    assert await contents(world) == before
    shown = await world.post(f"{path}/additions", more, role=RL)
    (soap,) = shown["items"]
    assert (soap["planned"], soap["taken"], soap["left"]) == ("1", "1.5", "0.9"), "what was planned stays what it was"
    assert (await stock(world, site))["soap"] == "48.5"
    assert (await collect(world, made, late))["issued"] is True
    closed = await world.post(f"{path}/closure", {"left": {"soap": "0.3"}}, role=RL)
    assert closed["adds_up"] is True
    assert (await stock(world, site))["soap"] == "48.8"
