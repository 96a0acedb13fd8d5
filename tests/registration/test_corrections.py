"""Corrections: put right, told, and what was there before is kept."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts import registration as r
from tests.registration.story import AU, CO, PR, RE, RO, TOOK_OFF, Case, register
from tests.world import World, contents


async def correct(
    case: Case, ref: str | None, change: dict[str, Any], expect: int = 200, etag: str | None = None
) -> Any:
    path = case.path if ref is None else f"{case.path}/members/{case.ids[ref]}"
    body = {"reason": "typing_error", **change}
    answer = await case.world.call("PATCH", path, body, role=RO, etag=etag or await case.etag())
    assert answer.status_code == expect, answer.text
    return answer.json()


async def test_a_corrected_case_is_told_as_it_now_is_and_the_old_value_is_kept(world: World) -> None:
    family = await register(world)
    made = await correct(family, None, {"arrived_in_host_country": "2021-10-23", "phone": None})
    assert set(made["changed"]) == {"arrived_in_host_country", "phone"}
    (told,) = await world.told(r.CaseCorrected, family.id)
    assert told.data["arrived_in_host_country"] == "2021-10-23"
    kept = {each["field"]: each for each in (await world.get(f"{family.path}/corrections", role=CO))["items"]}
    assert kept["arrived_in_host_country"]["before"] == "2021-10-20"
    assert kept["phone"]["before"] == "+375 29 555 01 77"
    assert (await family.read())["contact"]["phone"] is None


async def test_an_auditor_sees_what_was_corrected_but_no_value(world: World) -> None:
    family = await register(world)
    await correct(family, "mother", {"given_name": "Şîlan", "family_name": None})
    answer = await world.call("GET", f"{family.path}/corrections", role=AU)
    assert "Şîlan" not in answer.text
    assert "شیلان" not in answer.text
    assert {each["field"] for each in answer.json()["items"]} == {"given_name", "family_name"}
    await world.get(f"{family.path}/corrections", role=RE, expect=403)


async def test_what_is_so_already_changes_nothing_and_tells_nothing(world: World) -> None:
    family = await register(world)
    etag = await family.etag()
    made = await correct(family, "father", {"sex": "male"})
    assert made["changed"] == []
    assert await family.etag() == etag
    assert await world.told(r.CaseCorrected, family.id) == []


async def test_a_stale_correction_is_refused_and_changes_nothing(world: World) -> None:
    family = await register(world)
    etag = await family.etag()
    await correct(family, None, {"means": "some"}, etag=etag)
    answer = await correct(family, None, {"means": "unknown"}, etag=etag, expect=412)
    assert answer["type"].endswith("stale-version")
    assert (await family.read())["means"] == "some"
    without = await world.call("PATCH", family.path, {"reason": "typing_error", "means": "none"}, role=RO)
    assert without.status_code == 428


@pytest.mark.parametrize(
    ("ref", "change"),
    [
        (None, {"arrived_in_host_country": "2022-01-01"}),
        (None, {"host_country": None}),
        (None, {"surprise": 1}),
        (None, {"destination_country": "BLR"}),
        (None, {"site_id": "0189d7d2-6f9c-7000-8000-000000000000"}),
        ("father", {"birth_date": "2015-01-01"}),
        ("father", {"relation": "spouse"}),
        ("father", {"languages": []}),
        ("son", {"responsible": ["0189d7d2-6f9c-7000-8000-000000000000"]}),
    ],
)
async def test_a_correction_that_cannot_be_is_refused(world: World, ref: str | None, change: dict[str, Any]) -> None:
    family = await register(world)
    before = await world.count_told()
    await correct(family, ref, change, expect=422)
    assert await world.count_told() == before


async def test_nobody_can_be_corrected_to_have_come_after_they_left(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.depart()
    world.now = TOOK_OFF + timedelta(days=30)
    after = (TOOK_OFF + timedelta(days=5)).date().isoformat()
    before = await world.count_told()
    refused = await correct(family, None, {"arrived_in_host_country": after}, expect=422)
    assert refused["type"].endswith("dates-impossible")
    assert "departure" in refused["why"]
    assert await world.count_told() == before
    await correct(family, None, {"arrived_in_host_country": "2021-10-23"})


async def test_nobody_can_be_corrected_to_have_been_born_after_they_left(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.depart("father", "son")
    world.now = TOOK_OFF + timedelta(days=60)
    before = await contents(world)
    born = {"birth_date": (TOOK_OFF + timedelta(days=2)).date().isoformat()}
    answer = await correct(family, "son", born, expect=422)
    assert answer["type"].endswith("dates-impossible")
    assert "birth_date" in answer["why"]
    assert await contents(world) == before
    assert (await correct(family, "daughter", born))["changed"] == ["birth_date"], "she has not left"


async def test_a_child_for_whom_nobody_is_responsible_any_more_is_pending_until_protection_looked(world: World) -> None:
    family = await register(world)
    await correct(family, "son", {"responsible": []})
    assert len(await world.told(r.ProtectionPending, family.id)) == 1
    mother = {"responsible": [str(family.ids["mother"])]}
    assert (await correct(family, "son", mother, expect=422))["type"].endswith("responsibility-not-shown")
    spoken = {"showing": "interview_by_protection", "reference": "N-3", "guardian_id": str(family.ids["mother"])}
    await world.post(f"{family.path}/guardians", {"individual_id": str(family.ids["son"]), **spoken}, role=PR)
    assert len(await world.told(r.ProtectionCleared, family.id)) == 1


async def test_no_correction_leaves_the_father_to_sign_alone_for_a_child_of_both(world: World) -> None:
    family = await (await register(world)).declare()
    before = await contents(world)
    for named in ("father", "mother"):
        alone = {"responsible": [str(family.ids[named])]}
        assert (await correct(family, "son", alone, expect=409))["type"].endswith("fewer-would-sign")
    assert await contents(world) == before
    both = {"responsible": [str(family.ids[one]) for one in ("mother", "father")]}
    assert (await correct(family, "son", both))["changed"] == ["responsible"]
    assert (await family.statuses())["son"] == "declared"


async def test_a_declaration_that_was_not_signed_as_it_now_must_be_lapses(world: World) -> None:
    family = await (await register(world)).declare()
    await correct(family, "son", {"birth_date": "2003-01-01", "responsible": []})
    assert (await family.statuses())["son"] == "counselled", "he is an adult: his parents cannot sign for him"
    (lapsed,) = await world.told(r.DeclarationLapsed, family.id)
    assert lapsed.subject == str(family.ids["son"])
    await family.sign("son")


async def test_a_closed_case_cannot_be_corrected(world: World) -> None:
    family = await register(world)
    await world.post(f"{family.path}/closure", {"reason": "lost_contact"}, role=RO)
    assert (await correct(family, None, {"means": "some"}, expect=409))["type"].endswith("case-closed")
