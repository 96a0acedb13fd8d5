"""Sites, over HTTP."""

from uuid import uuid4

from tests.registration.story import AU, CO, RO
from tests.world import World

WAREHOUSE = {
    "code": "BLR-BRUZGI",
    "name": "Warehouse near Bruzgi",
    "kind": "shelter",
    "country": "BLR",
    "area": "Hrodna",
    "managing_agency": "Red Cross",
}


async def test_a_site_is_registered_once_and_read_by_all_staff(world: World) -> None:
    site = await world.post("/sites", WAREHOUSE, role=RO, expect=201)
    assert await world.get(f"/sites/{site['id']}", role=AU) == site
    assert (await world.get("/sites", role=CO))["items"] == [site]
    again = await world.post("/sites", WAREHOUSE, role=RO, expect=409)
    assert again["type"].endswith("site-code-taken")
    await world.get(f"/sites/{uuid4()}", role=RO, expect=404)


async def test_a_site_with_an_unknown_kind_or_code_is_refused(world: World) -> None:
    await world.post("/sites", {**WAREHOUSE, "kind": "castle"}, role=RO, expect=422)
    await world.post("/sites", {**WAREHOUSE, "code": "bruzgi"}, role=RO, expect=422)
    await world.post("/sites", WAREHOUSE, role=CO, expect=403)
