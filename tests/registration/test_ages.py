"""Coming of age between the registration and the flight."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.registration.ages import actions
from services.registration.ages.actions import REVIEW_DAILY
from services.registration.app import WIRING
from services.registration.reckoning.actions import RECKON
from services.registration.reports.actions import MAKE_EDITION
from services.registration.sweeps.actions import COMPARE, END_HOLDS
from shared.contracts import registration as r
from shared.runner import Runner
from shared.settings import Settings
from shared.wiring import open_runtime
from tests.registration.story import ADM, CO, DOORS, RO, family_body, person, register
from tests.world import World

BIRTHDAY = "2003-12-12"


async def test_a_girl_who_comes_of_age_before_the_flight_is_told_as_an_adult_and_signs_alone(
    world: World,
) -> None:
    father = person("father", "principal_applicant", "Kawa", "1979-01-02", "male")
    girl = {**person("girl", "child", "Lana", BIRTHDAY, "female"), "responsible": ["father"]}
    case = await register(world, family_body(members=[father, girl]))
    await world.post(f"{case.path}/counselling-sessions", case.counselling(), role=CO)
    await case.sign("father")
    await case.sign("girl", "father")
    still = await world.post("/age-reviews", {}, role=ADM, now=world.now + timedelta(days=1))
    assert (still["looked_at"], still["told_again"], still["more"]) == (1, [], False)

    reviewed = await world.post("/age-reviews", {}, role=ADM, now=DOORS)
    assert reviewed["told_again"] == [str(case.id)]
    (told,) = await world.told(r.CaseCorrected, case.id)
    bands = {member["individual"]: member["age_band"] for member in told.data["members"]}
    assert bands[str(case.ids["girl"])] == "adult"
    (lapsed,) = await world.told(r.DeclarationLapsed, case.id)
    assert lapsed.subject == str(case.ids["girl"])
    assert (await case.statuses())["father"] == "declared"

    again = await world.post("/age-reviews", {}, role=RO, now=DOORS)
    assert (again["looked_at"], again["told_again"]) == (0, [])
    world.now = DOORS
    await case.sign("girl")
    assert (await case.statuses())["girl"] == "declared"


async def test_a_review_goes_on_where_the_page_before_ended(world: World) -> None:
    for _ in range(3):
        await register(world)
    tomorrow = world.now + timedelta(days=1)
    first = await world.post("/age-reviews", {"limit": 2}, role=ADM, now=tomorrow)
    rest = await world.post("/age-reviews", {"limit": 2}, role=ADM, now=tomorrow)
    assert (first["looked_at"], first["more"], rest["looked_at"], rest["more"]) == (2, True, 1, False)


async def test_a_case_whose_bands_are_the_same_is_looked_at_once_a_day_and_stays_the_version_it_was(
    world: World,
) -> None:
    case = await register(world)
    tomorrow = world.now + timedelta(days=1)
    before = await world.call("GET", case.path, role=RO)
    for looked_at in (1, 0):
        answer = await world.post("/age-reviews", {}, role=ADM, now=tomorrow)
        assert answer == {"looked_at": looked_at, "told_again": [], "more": False}
    after = await world.call("GET", case.path, role=RO)
    assert (after.headers["etag"], after.json()) == (before.headers["etag"], before.json())
    assert await world.told(r.CaseCorrected) == []


async def test_a_closed_case_is_not_told_again(world: World) -> None:
    girl = {**person("girl", "child", "Lana", BIRTHDAY, "female"), "responsible": ["father"]}
    father = person("father", "principal_applicant", "Kawa", "1979-01-02", "male")
    case = await register(world, family_body(members=[father, girl]))
    await world.post(f"{case.path}/closure", {"reason": "lost_contact"}, role=RO)
    answer = await world.post("/age-reviews", {}, role=ADM, now=DOORS)
    assert (answer["looked_at"], await world.told(r.CaseCorrected)) == (0, [])


async def test_only_the_office_and_administrators_ask_for_a_review(world: World) -> None:
    await world.post("/age-reviews", {}, role=CO, expect=403)
    for limit in (0, 501):
        await world.post("/age-reviews", {"limit": limit}, role=RO, expect=422)


async def test_the_workers_daily_review_goes_on_until_every_case_was_looked_at_today(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    girl = person("girl", "principal_applicant", "Lana", BIRTHDAY, "female")
    cases = [await register(world, family_body(members=[girl]))]
    cases += [await register(world) for _ in range(4)]
    runner = Runner("registration", world.runtime.database, world.runtime.others, [REVIEW_DAILY])
    rounds = 0
    while await runner.turn():
        rounds += 1
    assert rounds == 3  # by the machine's date, years after the story
    told = await world.told(r.CaseCorrected)
    assert str(cases[0].id) in {each.key for each in told}
    assert len(told) == len({each.key for each in told})
    assert len({each.id for each in told}) == len(told)


async def test_the_worker_reviews_in_production_and_keeps_out_of_a_storys_days(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(world.runtime.runner.errands) == [RECKON]
    monkeypatch.setattr("shared.wiring.load_keys", lambda _settings: world.runtime.keys)
    settings = Settings(
        mode="production",
        jwks=tmp_path / "jwks.json",
        service_key=tmp_path / "own.jwk",
        data_dir=tmp_path / "production",
    )
    runtime = open_runtime(WIRING, settings)
    assert list(runtime.runner.errands) == [REVIEW_DAILY, COMPARE, END_HOLDS, RECKON, MAKE_EDITION]
    await runtime.close()
