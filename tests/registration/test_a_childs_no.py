"""A child's own no at the desk is a no here, in whatever state the child is; and what names a form is a code."""

from uuid import uuid4

import pytest

from shared.contracts import registration as r
from shared.contracts import travel
from tests.registration.story import CO, DOORS, PR, TOOK_OFF, Case, register
from tests.world import World


async def answers(family: Case, ref: str, answer: str) -> None:
    given = travel.WillingnessAnswer(answer)
    said = travel.WillingnessStated(individual=family.ids[ref], flight=family.flight, answer=given, stated_at=DOORS)
    await family.hear(said, subject=family.ids[ref], attempt=1)


async def test_a_childs_no_at_the_desk_withdraws_the_child_and_nobody_else(world: World) -> None:
    family = await (await register(world)).declare()
    await answers(family, "son", "no")
    now = await family.statuses()
    assert now == {"father": "declared", "mother": "declared", "daughter": "declared", "son": "withdrawn"}
    (told,) = await world.told(r.MemberWithdrawn, family.id)
    assert told.subject == str(family.ids["son"])
    answer = await family.clear("father", "mother", "daughter")
    why = {each["individual_id"]: each["reason"] for each in answer["refused"]}
    assert why[str(family.ids["father"])] == why[str(family.ids["mother"])] == "child_would_stay_alone"
    assert answer["cleared"] == [], "a boy of six does not stay alone: one of the parents stays with him"
    family.clearance = uuid4()
    answer = await family.clear("father")
    assert (len(answer["cleared"]), answer["refused"]) == (1, []), "the other flies, once asked again"


async def test_a_childs_no_that_comes_after_clearance_is_kept_as_a_statement(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await answers(family, "son", "no")
    assert (await family.statuses())["son"] == "cleared"
    (told,) = await world.told(r.WithdrawalStatedLate, family.id)
    assert told.subject == str(family.ids["son"])
    off = family.passage(travel.PassengerOffloaded, "son", clearance=family.clearance)
    await family.hear(off, subject=family.ids["son"], attempt=1, now=TOOK_OFF)
    assert (await family.statuses())["son"] == "withdrawn"


@pytest.mark.parametrize(("answer", "kind"), [("not_sure", "not_sure_at_desk"), ("pressed", "pressed_at_desk")])
async def test_a_child_that_is_not_sure_or_pressed_is_held_for_protection(world: World, answer: str, kind: str) -> None:
    family = await (await register(world)).declare()
    await answers(family, "daughter", answer)
    found = (await world.get("/incidents", role=PR))["items"]
    assert [(each["kind"], each["individual_id"]) for each in found] == [(kind, str(family.ids["daughter"]))]
    (held,) = await world.told(r.CaseHeld, family.id)
    assert held.data["individuals"] == [str(family.ids["daughter"])]


@pytest.mark.parametrize("version", ["Shilan Hassan", "Hassan", "", "2021/3", "-1", "v" * 31])
async def test_the_version_of_a_form_is_a_code_and_never_a_name(world: World, version: str) -> None:
    family = await register(world)
    await family.counsel()
    body = family.declaration("father", form_version=version)
    answer = await world.call("POST", f"{family.path}/declarations", body, role=CO)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-body")
    assert await world.told(r.DeclarationSigned, family.id) == []
    await world.post(f"{family.path}/declarations", {**body, "form_version": "avr-2021.3_ckb"}, role=CO)
