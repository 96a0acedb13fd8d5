"""Routes are closed: only the roles of the field that need one may use it, and answers stay with those who ask."""

from typing import Any

from shared.auth import Role
from tests.eligibility.story import YES, Family, found, scenario, suspend, version
from tests.world import World

PO, RO, CO, TO = Role.PROGRAMME_OFFICER, Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.TRAVEL_OFFICER
RE, AU = Role.REINTEGRATION_OFFICER, Role.AUDITOR
AD, PR, AP = Role.ADMINISTRATOR, Role.PROTECTION, Role.APPROVER

WRITES: list[tuple[str, Any, set[Role]]] = [
    ("/programmes", scenario("programme"), {PO}),
    ("/programmes/{programme}/versions", version(), {PO}),
    ("/restrictions", {"country": "SYR", "valid_from": "2021-12-01", "source": "ours"}, {PO}),
    ("/restrictions/{restriction}/lifting/preview", {"lifted_on": "2021-12-09"}, {PO}),
    ("/restrictions/{restriction}/lifting", {"lifted_on": "2021-12-09"}, {PO}),
    ("/restrictions/preview", {"country": "SYR", "valid_from": "2021-12-01", "source": "ours"}, {PO}),
    ("/programmes/{programme}/versions/preview", version(), {PO}),
    ("/cases/{case}/preview", {"means": "some"}, {RO, CO, PO}),
    ("/coming-changes/reviews", {}, {PO, AD}),
    ("/cases/{case}/answers", YES, {RO, CO}),
    ("/cases/{case}/decisions", {}, {RO, CO, PO}),
]
READS: list[tuple[str, set[Role]]] = [
    ("/cases", {RO, CO, TO, PO, RE, AU}),
    ("/cases/{case}", {RO, CO, TO, PO, RE, AU}),
    ("/cases/{case}/answers", {RO, CO, PO, AU}),
    ("/cases/{case}/decisions", {RO, CO, PO, AU}),
    ("/decisions/{decision}", {RO, CO, PO, AU}),
    ("/decisions/{decision}/derivation", {RO, CO, PO, AU}),
    ("/decisions/{decision}/words", {RO, CO, PO, AU}),
    ("/coming-changes", {PO, AD, AU}),
    ("/exceptions", {RO, CO, PR, PO, AP, AU}),
    ("/cases/{case}/exceptions", {RO, CO, PR, PO, AP, AU}),
]


async def ids(world: World) -> dict[str, Any]:
    programme = await found(world, code="other")
    restriction = await suspend(world, "COD")
    family = await Family(world).register()
    decision = (await family.standing())["decision"]["decision_id"]
    return {
        "programme": programme,
        "restriction": restriction["restriction_id"],
        "case": family.case,
        "decision": decision,
    }


async def test_a_writing_route_is_closed_to_every_other_role(world: World) -> None:
    known = await ids(world)
    for path, body, allowed in WRITES:
        here = path.format(**known)
        before = await world.count_told()
        for role in set(Role) - allowed:
            refused = await world.post(here, body, role=role, expect=403)
            assert refused["type"] == "/problems/forbidden"
        await world.post(here, body, expect=401)
        assert await world.count_told() == before
        for role in allowed:
            answer = await world.call("POST", here, body, role=role)
            assert answer.status_code in (200, 201), (here, role)


async def test_a_reading_route_is_closed_to_every_other_role(world: World) -> None:
    known = await ids(world)
    for path, allowed in READS:
        for role in Role:
            await world.get(path.format(**known), role=role, expect=200 if role in allowed else 403)


async def test_a_travel_officer_sees_the_outcome_and_nothing_that_was_answered(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer({"answers": {"pending_procedure_withdrawn": False}})
    answer = await world.call("GET", family.path, role=TO)
    assert answer.json()["status"] == "ineligible"
    assert b"procedure" not in answer.content
    assert answer.json()["actions"] == []


async def test_an_exception_is_asked_by_those_who_meet_the_person_and_decided_by_others(world: World) -> None:
    known = await ids(world)
    asking = {"rule": "stay", "reason": "humanitarian", "valid_until": "2021-12-30"}
    for role in set(Role) - {RO, CO, PR, PO}:
        await world.post(f"/cases/{known['case']}/exceptions", asking, role=role, expect=403)
    nobodys = "/exceptions/01a211df-b3cf-71c6-bb85-b1b4da634b94"
    for verb, body, allowed in (
        ("approval", {}, {AP, PO}),
        ("refusal", {"reason": "not_justified"}, {AP, PO}),
        ("withdrawal", {}, {RO, CO, PR, PO, AP}),
    ):
        for role in Role:
            await world.post(f"{nobodys}/{verb}", body, role=role, expect=404 if role in allowed else 403)
    for role in Role:
        await world.get(nobodys, role=role, expect=404 if role in {RO, CO, PR, PO, AP, AU} else 403)
