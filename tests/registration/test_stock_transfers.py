"""Stock that is moved between two sites adds up at both."""

from shared.database import new_id
from tests.registration.story import RO
from tests.registration.test_relief import RL, site_with_stock, stock
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
