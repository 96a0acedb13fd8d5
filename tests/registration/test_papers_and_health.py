"""Documents, fitness, screenings and holds: what is kept here, and what is told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared.contracts import registration as r
from shared.database import audit, core, request_key
from shared.web import HomewardRoute
from tests.registration.story import AD, AU, CO, ME, PASSPORT, PR, RO, SV, TO, Case, register
from tests.world import World

FINDING = "Fever of 39.1 and a healed fracture"


def laissez_passer(case: Case) -> dict[str, Any]:
    return {
        "individual_id": str(case.ids["son"]),
        "kind": "emergency_travel_document",
        "number": "ETD-00912",
        "issuing_country": "IRQ",
        "valid_until": "2021-12-31",
        "single_journey": True,
    }


async def test_a_document_is_told_by_what_it_is_good_for(world: World) -> None:
    family = await register(world)
    made = await world.post(f"{family.path}/documents", laissez_passer(family), role=TO, expect=201)
    assert made["number"] == "ETD-00912"
    told = (await world.told(r.DocumentRecorded, family.id))[-1]
    assert (told.subject, told.data["single_journey"]) == (made["id"], True)
    path = f"{family.path}/documents/{made['id']}/invalidation"
    gone = await world.post(path, {"reason": "lost"}, role=AD)
    assert gone["valid"] is False
    assert (await world.told(r.DocumentRecorded, family.id))[-1].data["valid"] is False
    await world.post(path, {"reason": "lost"}, role=AD, expect=409)


async def test_a_document_is_recorded_once_and_what_was_used_is_not_good_again(world: World) -> None:
    family = await register(world)
    path, paper = f"{family.path}/documents", laissez_passer(family)
    made = await world.post(path, paper, role=TO)
    told = await world.count_told()
    for number in ("ETD-00912", "etd 00912", "ETD\u200d-\uff10\uff10912"):
        problem = await world.post(path, {**paper, "number": number}, role=TO, expect=409)
        assert (problem["type"], problem["document"]) == ("/problems/document-recorded-already", made["id"])
    assert await world.count_told() == told
    await world.post(f"{path}/{made['id']}/invalidation", {"reason": "used"}, role=AD)
    await world.post(path, paper, role=TO, expect=409)
    other = {**paper, "individual_id": str(family.ids["daughter"])}
    wrong = await world.post(path, other, role=TO)
    await world.post(f"{path}/{wrong['id']}/invalidation", {"reason": "mistake"}, role=TO)
    await world.post(path, {**other, "valid_until": "2022-01-31"}, role=TO)


@pytest.mark.parametrize(
    "change",
    [
        {"valid_from": "2022-01-01"},
        {"kind": "visa"},
        {"for_country": "TUR"},
        {"number": ""},
        {"issuing_country": "ZZZ"},
        {"valid_until": "31.12.2021"},
    ],
)
async def test_a_document_that_cannot_be_is_refused(world: World, change: dict[str, Any]) -> None:
    family = await register(world)
    before = await world.count_told()
    await world.post(f"{family.path}/documents", {**laissez_passer(family), **change}, role=RO, expect=422)
    assert await world.count_told() == before


async def test_another_cases_document_is_not_found_here(world: World) -> None:
    one, other = await register(world), await register(world)
    document = (await one.read())["members"][0]["documents"][0]["id"]
    await world.post(f"{other.path}/documents/{document}/invalidation", {"reason": "lost"}, role=RO, expect=404)


def check(case: Case, **change: Any) -> dict[str, Any]:
    return {
        "individual_id": str(case.ids["mother"]),
        "outcome": "fit_with_support",
        "checked_at": case.world.now.isoformat(),
        "support": ["wheelchair"],
        "findings": FINDING,
        **change,
    }


async def test_fitness_is_told_without_what_was_found(world: World) -> None:
    family = await register(world)
    made = await world.post(f"{family.path}/fitness-checks", check(family), role=ME, expect=201)
    assert made["findings"] == FINDING
    (told,) = await world.told(r.FitnessAssessed, family.id)
    assert told.data["support"] == ["wheelchair"]
    assert "Fever" not in str(told.data)
    path = f"{family.path}/fitness-checks"
    assert (await world.get(path, role=TO))["items"][0]["findings"] is None
    assert (await world.get(path, role=PR))["items"][0]["findings"] == FINDING
    await world.get(path, role=RO, expect=403)
    await world.post(path, check(family), role=CO, expect=403)


@pytest.mark.parametrize(
    "change",
    [
        {"support": []},
        {"outcome": "fit"},
        {"outcome": "splendid"},
        {"checked_at": "2021-12-20T09:00:00Z"},
        {"checked_at": "2021-12-09T09:00:00"},
        {"fly_before": "2021-12-01"},
    ],
)
async def test_a_check_that_cannot_be_is_refused(world: World, change: dict[str, Any]) -> None:
    family = await register(world)
    await world.post(f"{family.path}/fitness-checks", check(family, **change), role=ME, expect=422)
    assert await world.told(r.FitnessAssessed, family.id) == []


async def test_a_screening_can_hold_at_once_and_its_notes_are_read_by_few(world: World) -> None:
    family = await register(world)
    body = {
        "individual_id": str(family.ids["daughter"]),
        "level": "household",
        "outcome": "hold",
        "notes": "She is afraid to go home.",
    }
    made = await world.post(f"{family.path}/screenings", body, role=CO, expect=201)
    assert (made["notes"], made["hold_id"] is not None) == (None, True)
    (held,) = await world.told(r.CaseHeld, family.id)
    assert held.data == {"hold": made["hold_id"], "individuals": [str(family.ids["daughter"])]}
    path = f"{family.path}/screenings"
    assert (await world.get(path, role=PR))["items"][0]["notes"] == "She is afraid to go home."
    assert (await world.get(path, role=CO))["items"][0]["notes"] is None
    await world.get(path, role=AU, expect=403)
    fine = {**body, "outcome": "no_concern", "notes": None}
    assert (await world.post(path, fine, role=ME))["hold_id"] is None


async def test_holds_stand_side_by_side_and_are_released_one_by_one(world: World) -> None:
    family = await register(world)
    path = f"{family.path}/holds"
    everyone = await world.post(path, {"reason": "capacity", "until": "2021-12-20"}, role=CO, expect=201)
    one = {"individuals": [str(family.ids["mother"])], "reason": "medical", "note": FINDING}
    second = await world.post(path, one, role=ME)
    assert len(everyone["individuals"]) == 4
    assert [each["held"] for each in (await family.read())["members"]] == [True] * 4
    await world.post(f"{path}/{everyone['id']}/release", role=CO)
    assert [each["held"] for each in (await family.read())["members"]] == [False, True, False, False]
    again = await world.post(f"{path}/{everyone['id']}/release", role=CO, expect=409)
    assert again["type"].endswith("hold-released-already")
    seen = {each["id"]: each for each in (await world.get(path, role=CO))["items"]}
    assert (seen[second["id"]]["reason"], seen[second["id"]]["note"]) == ("medical", None)
    seen = {each["id"]: each for each in (await world.get(path, role=RO))["items"]}
    assert seen[second["id"]]["reason"] is None
    assert len(await world.told(r.CaseReleased, family.id)) == 1


async def test_nothing_more_is_recorded_on_a_closed_case(world: World) -> None:
    family = await register(world)
    await world.post(f"{family.path}/closure", {"reason": "died"}, role=RO)
    before = await world.count_told()
    for path, body, role in (
        ("documents", laissez_passer(family), RO),
        ("fitness-checks", check(family), ME),
        ("holds", {"reason": "safety"}, PR),
        ("counselling-sessions", family.counselling(), CO),
        ("closure", {"reason": "died"}, RO),
    ):
        answer = await world.post(f"{family.path}/{path}", body, role=role, expect=409)
        assert answer["type"].endswith("case-closed"), path
    assert await world.count_told() == before


async def test_a_name_list_for_a_flight_shows_the_document_good_on_that_day(world: World) -> None:
    family = await register(world)
    old = {**PASSPORT, "individual_id": str(family.ids["mother"]), "valid_until": "2021-12-01", "number": "OLD1"}
    await world.post(f"{family.path}/documents", old, role=RO)
    await world.post(f"{family.path}/documents", laissez_passer(family), role=RO)
    stranger = "0189d7d2-6f9c-7000-8000-000000000000"
    body = {"flight_id": str(family.flight), "individuals": [*map(str, family.ids.values()), stranger]}
    answer = await world.post("/passenger-names", body, role=SV)
    shown = {each["individual_id"]: each for each in answer["passengers"]}
    assert answer["unavailable"] == [stranger]
    assert shown[str(family.ids["father"])]["document"]["number"] == "A15830247"
    assert shown[str(family.ids["mother"])]["document"] is None
    assert shown[str(family.ids["son"])]["document"]["kind"] == "emergency_travel_document"
    later = await world.post("/passenger-names", body, role=SV, now=world.now + timedelta(days=40))
    assert {e["individual_id"]: e for e in later["passengers"]}[str(family.ids["son"])]["document"] is None
    await world.post("/passenger-names", body, role=TO, expect=403)


async def test_of_names_and_contacts_that_are_looked_up_no_answer_is_kept(world: World) -> None:
    family = await register(world)
    async with world.runtime.database.reading() as session:
        before = (await core(session, select(request_key.c.key))).all()
    people = [str(one) for one in family.ids.values()]
    names = await world.post("/passenger-names", {"flight_id": str(family.flight), "individuals": people}, role=SV)
    assert len(names["passengers"]) == 4
    await world.post("/reception-contacts", {"individuals": people}, role=SV, subject="reintegration")
    async with world.runtime.database.reading() as session:
        assert (await core(session, select(request_key.c.key))).all() == before
        rows = (await core(session, select(audit.c.action, audit.c.by).order_by(audit.c.id.desc()).limit(2))).all()
    assert [row.action for row in rows] == ["give_reception_contacts", "name_passengers"]
    for route in (each for router in world.runtime.wiring.routers for each in router.routes):
        if isinstance(route, HomewardRoute) and "Not to be kept" in route.description:
            assert route.outside, f"{route.name}: says that its answer is not kept, and it would be (calls_outside)"
