"""Refusals by their kind: each says which it is, and leaves nothing behind."""

from datetime import timedelta
from typing import Any

import pytest

from shared.auth import Role
from tests.registration.story import CO, ME, PR, RE, RO, TO, TOOK_OFF, family_body, register
from tests.registration.test_consents import consent
from tests.registration.test_papers_and_health import laissez_passer
from tests.world import World, contents


async def refused(world: World, method: str, path: str, body: Any, role: Role, **options: Any) -> tuple[int, str]:
    """The status and the kind of the refusal, which left every row as it was."""
    before = await contents(world)
    answer = await world.call(method, path, body, role=role, **options)
    assert await contents(world) == before
    assert answer.json()["remedy"]
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def test_nobody_returns_to_the_country_they_are_in(world: World) -> None:
    family = await register(world)
    for change in ({"destination_country": "BLR"}, {"host_country": "IRQ"}):
        body = {"reason": "typing_error", **change}
        found = await refused(world, "PATCH", family.path, body, RO, etag=await family.etag())
        assert found == (422, "goes-nowhere")
    both = {"reason": "told_otherwise", "host_country": "LTU", "destination_country": "BLR", "destination_area": None}
    answer = await world.call("PATCH", family.path, both, role=RO, etag=await family.etag())
    assert answer.status_code == 200, answer.text


async def test_an_area_of_another_country_is_no_part_of_the_destination(world: World) -> None:
    elsewhere = family_body(destination={"country": "SYR", "area": "IQ-AR"})
    assert await refused(world, "POST", "/cases", elsewhere, RO) == (422, "destination-area-elsewhere")
    family = await register(world)
    for change in ({"destination_area": "SY-HL"}, {"destination_country": "SYR"}):
        body = {"reason": "told_otherwise", **change}
        found = await refused(world, "PATCH", family.path, body, RO, etag=await family.etag())
        assert found == (422, "destination-area-elsewhere")
    both = {"reason": "told_otherwise", "destination_country": "SYR", "destination_area": "SY-HL"}
    answer = await world.call("PATCH", family.path, both, role=RO, etag=await family.etag())
    assert answer.status_code == 200, answer.text


async def test_a_consent_is_taken_back_once(world: World) -> None:
    family = await register(world)
    made = await world.post(f"{family.path}/consents", consent(family), role=CO)
    path = f"{family.path}/consents/{made['id']}/withdrawal"
    await world.post(path, role=CO)
    assert await refused(world, "POST", path, {}, RE) == (409, "consent-withdrawn-already")


async def test_a_document_becomes_invalid_once(world: World) -> None:
    family = await register(world)
    made = await world.post(f"{family.path}/documents", laissez_passer(family), role=TO)
    path = f"{family.path}/documents/{made['id']}/invalidation"
    await world.post(path, {"reason": "taken_away"}, role=RO)
    assert await refused(world, "POST", path, {"reason": "lost"}, RO) == (409, "document-invalid-already")


@pytest.mark.parametrize(
    "change",
    [
        {"checked_at": "2021-12-09T09:10:00Z"},
        {"fly_before": "2021-12-07"},
        {"support": ["wheelchair"]},
        {"outcome": "fit_with_support"},
    ],
)
async def test_a_check_that_does_not_say_what_a_check_says_is_unclear(world: World, change: dict[str, Any]) -> None:
    family = await register(world)
    check = {
        "individual_id": str(family.ids["mother"]),
        "outcome": "fit",
        "checked_at": "2021-12-08T10:00:00Z",
        **change,
    }
    assert await refused(world, "POST", f"{family.path}/fitness-checks", check, ME) == (422, "check-unclear")


@pytest.mark.parametrize("resolution", ["spoken_with", "referred", "unfounded"])
async def test_an_uncleared_departure_is_confirmed_or_found_to_be_wrong(world: World, resolution: str) -> None:
    family = await (await register(world)).declare()
    await family.depart("father")
    (incident,) = (await world.get("/incidents", role=PR))["items"]
    path = f"/incidents/{incident['id']}/resolution"
    found = await refused(world, "POST", path, {"resolution": resolution}, PR)
    assert found == (422, "resolution-does-not-fit")


async def test_only_a_departure_is_confirmed(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.depart()
    said_at = (TOOK_OFF - timedelta(hours=3)).isoformat()
    await family.withdraw("father", occurred_at=said_at, now=TOOK_OFF + timedelta(hours=1))
    (incident,) = (await world.get("/incidents", role=PR))["items"]
    assert incident["kind"] == "paper_contradicts_departure"
    path = f"/incidents/{incident['id']}/resolution"
    for resolution in ("departure_confirmed", "departure_wrong"):
        found = await refused(world, "POST", path, {"resolution": resolution}, PR)
        assert found == (422, "resolution-does-not-fit")


async def test_who_departed_has_nothing_to_declare(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear("father")
    path = f"{family.path}/declarations"
    for _ in range(2):  # cleared, and then departed
        assert await refused(world, "POST", path, family.declaration("father"), CO) == (409, "not-possible-now")
        await family.depart("father")
