"""The warehouse: counts, the register, and what the two do not agree on."""

from typing import Any
from uuid import uuid4

import pytest

from services.registration.site_register import routes
from shared.auth import Role
from tests.registration.story import AU, RO, register
from tests.registration.test_refusals import refused
from tests.registration.test_sites import WAREHOUSE
from tests.world import World

RELIEF = Role.RELIEF_OFFICER
COUNTS = ((9, 980), (16, 820), (23, 640), (30, 610))


async def at_the_warehouse(world: World) -> str:
    return f"/sites/{(await world.post('/sites', WAREHOUSE, role=RO))['id']}"


async def on(world: World, day: int, path: str, body: dict[str, Any], hour: int = 9) -> Any:
    return await world.post(path, body, role=RELIEF, now=world.now.replace(day=day, hour=hour))


async def counted(world: World, day: int, path: str, people: int) -> Any:
    return await on(world, day, f"{path}/headcounts", {"people": people, "method": "estimate"})


async def test_what_register_and_counts_disagree_on_is_shown_and_not_made_to_fit(world: World) -> None:
    site = await at_the_warehouse(world)
    for day, people in COUNTS:
        await counted(world, day, site, people)
    moves = [(10, "moved_to_hotel", 90), (12, "left_on_their_own", 60), (13, "came_in", 10), (20, "helped_home", 170)]
    for day, reason, people in moves:
        await on(world, day, f"{site}/register", {"reason": reason, "people": people})
    found = await world.get(f"{site}/reconciliation?from=2021-12-09&to=2021-12-30", role=AU)
    shown = [(p["counted_difference"], p["register_difference"], p["unexplained"]) for p in found["pairs"]]
    assert shown == [(-160, -140, -20), (-180, -170, -10), (-30, 0, -30)]
    first = found["pairs"][0]
    assert (first["came_in"], first["went_out"]) == (10, 150)
    by_reason = {each["reason"]: each["change"] for each in first["by_reason"]}
    assert by_reason == {"came_in": 10, "moved_to_hotel": -90, "left_on_their_own": -60}
    assert (found["counted_difference"], found["unexplained"]) == (-370, -60)


async def test_a_corrected_count_takes_the_place_of_the_wrong_one(world: World) -> None:
    site = await at_the_warehouse(world)
    wrong = await counted(world, 9, site, 890)
    await counted(world, 16, site, 820)
    right = {"people": 980, "method": "count_of_persons", "corrects": wrong["id"]}
    corrected = await on(world, 17, f"{site}/headcounts", right)
    assert corrected["occurred_at"] == wrong["occurred_at"]
    (pair,) = (await world.get(f"{site}/reconciliation?from=2021-12-01&to=2021-12-31", role=RO))["pairs"]
    assert pair["counted_difference"] == -160
    listed = (await world.get(f"{site}/headcounts", role=AU))["items"]
    assert [each["corrected_by"] for each in listed] == [None, None, corrected["id"]]
    path = f"{site}/headcounts"
    assert await refused(world, "POST", path, right, RO) == (409, "count-corrected-already")
    timed = {**right, "corrects": corrected["id"], "occurred_at": "2021-12-09T08:00:00Z"}
    assert await refused(world, "POST", path, timed, RO) == (422, "correction-has-no-time")
    elsewhere = {**right, "corrects": str(uuid4())}
    assert await refused(world, "POST", path, elsewhere, RO) == (422, "count-not-of-site")


async def test_an_entry_that_was_wrong_is_taken_back_once(world: World) -> None:
    site = await at_the_warehouse(world)
    await counted(world, 9, site, 100)
    entry = await on(world, 10, f"{site}/register", {"reason": "other", "direction": "in", "people": 7})
    await counted(world, 16, site, 100)
    back = f"{site}/register/{entry['id']}/reversal"
    reversed_ = await on(world, 17, back, {})
    assert (reversed_["direction"], reversed_["reverses"]) == ("out", entry["id"])
    (pair,) = (await world.get(f"{site}/reconciliation?from=2021-12-01&to=2021-12-31", role=RO))["pairs"]
    assert (pair["register_difference"], pair["unexplained"]) == (0, 0)
    for again in (back, f"{site}/register/{reversed_['id']}/reversal"):
        assert await refused(world, "POST", again, {}, RO) == (409, "entry-reversed-already")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"reason": "other", "people": 1}, "direction-unclear"),
        ({"reason": "came_in", "people": 1, "direction": "in"}, "direction-unclear"),
        (
            {"reason": "came_in", "people": 1, "individuals": [str(uuid4()), str(uuid4())]},
            "more-people-named-than-moved",
        ),
        ({"reason": "came_in", "people": 1, "individuals": [str(uuid4())]}, "person-unknown"),
    ],
)
async def test_an_entry_that_is_not_clear_is_refused(world: World, body: dict[str, Any], kind: str) -> None:
    site = await at_the_warehouse(world)
    assert await refused(world, "POST", f"{site}/register", body, RO) == (422, kind)


async def test_the_warehouse_is_held_against_the_sphere_figures_of_winter(world: World) -> None:
    site = await at_the_warehouse(world)
    assert (await world.get(f"{site}/standards", role=AU))["standards"] == []
    await counted(world, 9, site, 980)
    await on(world, 9, f"{site}/conditions", {"covered_m2": 3600, "water_litres_per_day": 15000})
    area, water, latrines = (await world.get(f"{site}/standards", role=AU))["standards"]
    assert (area["figure"], area["needed"], area["per_person"], area["meets"]) == ("4.5", "4410.0", "3.67", False)
    assert (area["room_for"], water["meets"]) == (800, True)
    assert (latrines["needed"], latrines["meets"], latrines["provisional"]) == ("49", None, True)
    summer = await world.get(f"{site}/standards?on=2022-07-01", role=AU)
    assert (summer["standards"][0]["figure"], summer["standards"][0]["meets"]) == ("3.5", True)


async def test_a_period_that_ends_before_it_begins_is_refused(world: World) -> None:
    site = await at_the_warehouse(world)
    for period in ("from=2021-12-02&to=2021-12-01", "from=2020-01-01&to=2021-12-01"):
        answer = await world.get(f"{site}/reconciliation?{period}", role=RO, expect=422)
        assert answer["type"] == "/problems/period-unclear"
        assert "`from` and `to`" in answer["remedy"], "the names this route takes"


async def test_the_whole_period_adds_up_however_many_counts_and_entries_it_has(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "MOST_COUNTS", 3)
    site = await at_the_warehouse(world)
    for day, people in enumerate((100, 110, 105, 130, 126), 9):
        await counted(world, day, site, people)
        await on(world, day, f"{site}/register", {"reason": "came_in", "people": 2})
        await on(world, day, f"{site}/register", {"reason": "other", "direction": "out", "people": 7})
        await on(world, day, f"{site}/register", {"reason": "other", "direction": "in", "people": 10})
    answer = await world.get(f"{site}/reconciliation?from=2021-12-01&to=2021-12-31", role=RO)
    assert ([each["people"] for each in answer["counts"]], answer["more"]) == ([100, 110, 105], True)
    assert [(each["came_in"], each["went_out"]) for each in answer["pairs"]] == [(12, 7)] * 2
    whole = (answer["counted_difference"], answer["register_difference"], answer["unexplained"])
    assert whole == (26, 4 * (2 - 7 + 10), 26 - 20)


async def test_who_was_taken_to_hospital_is_not_told_to_everyone_who_reads_the_register(world: World) -> None:
    site = await at_the_warehouse(world)
    who = str((await register(world)).ids["mother"])
    body = {"reason": "taken_to_hospital", "people": 1, "individuals": [who], "evidence": "ward 3"}
    made = await on(world, 10, f"{site}/register", body)
    assert made["individuals"] == [who]
    for role in (RO, Role.COUNSELLOR, Role.PROTECTION, Role.MEDICAL):
        (shown,) = (await world.get(f"{site}/register", role=role))["items"]
        assert (shown["individuals"], shown["evidence"]) == ([who], "ward 3")
    for role in (RELIEF, AU, Role.FINANCE, Role.TRAVEL_OFFICER, Role.ADMINISTRATOR):
        (shown,) = (await world.get(f"{site}/register", role=role))["items"]
        assert (shown["people"], shown["individuals"], shown["evidence"]) == (1, [], None)
    assert (await on(world, 11, f"{site}/register/{made['id']}/reversal", {}))["individuals"] == []
