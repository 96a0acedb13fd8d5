"""A boy of 16 alone, a girl with her uncle, and a young man whose age is disputed."""

from typing import Any

import pytest

from services.registration.children.rules import Item
from shared.contracts import registration as r
from tests.registration.story import CO, ME, PR, RO, TO, Case, family_body, person, register
from tests.world import World, contents

FINDINGS = {
    "best_interests_assessment": "done",
    "best_interests_determination": "return",
    "family_tracing": "found",
    "family_assessment": "suitable",
    "consent_of_guardian": "given",
    "consent_of_child": "given",
    "consent_of_family": "given",
    "named_reception": "named",
}
AUNT = {"receiver": "Rêzan Barzinjî", "place": "Erbil, Ankawa"}


async def boy_alone(world: World) -> Case:
    boy = person("boy", "principal_applicant", "Aram", "2005-06-01", "male")
    return await register(world, family_body(members=[boy]))


async def girl_with_uncle(world: World) -> Case:
    uncle = person("uncle", "principal_applicant", "Kawa", "1979-01-02", "male")
    girl = person("girl", "other_relative", "Lana", "2010-03-04", "female")
    return await register(world, family_body(members=[uncle, girl]))


def item(case: Case, ref: str, kind: str, **changes: Any) -> dict[str, Any]:
    named = AUNT if kind == "named_reception" else {}
    return {"individual_id": str(case.ids[ref]), "item": kind, "finding": FINDINGS[kind], **named, **changes}


async def all_items(case: Case, ref: str) -> dict[str, str]:
    made = {}
    for kind in FINDINGS:
        answer = await case.world.post(f"{case.path}/protection-items", item(case, ref, kind), role=PR)
        made[kind] = answer["id"]
    return made


async def missing(case: Case) -> list[str]:
    answer = await case.world.get(f"{case.path}/protection", role=PR)
    return list(answer["children"][0]["missing"])


async def test_protection_sees_each_missing_item_and_nobody_else_does(world: World) -> None:
    case = await boy_alone(world)
    assert await missing(case) == [str(each) for each in Item]
    for role in (CO, RO, ME, TO):
        await world.get(f"{case.path}/protection", role=role, expect=403)


@pytest.mark.parametrize("left_out", FINDINGS)
async def test_a_boy_alone_stays_pending_while_one_item_is_missing(world: World, left_out: str) -> None:
    case = await boy_alone(world)
    kinds = [kind for kind in FINDINGS if kind != left_out]
    if left_out == "best_interests_assessment":
        kinds.remove("best_interests_determination")
    for kind in kinds:
        await world.post(f"{case.path}/protection-items", item(case, "boy", kind), role=PR)
    assert left_out in await missing(case)
    assert await world.told(r.ProtectionCleared) == []
    assert (await case.read())["members"][0]["protection_pending"] is True


async def test_with_the_last_item_protection_is_cleared_and_told_once(world: World) -> None:
    case = await girl_with_uncle(world)
    await all_items(case, "girl")
    assert await missing(case) == []
    (told,) = await world.told(r.ProtectionCleared)
    assert told.data["individual"] == str(case.ids["girl"])
    assert AUNT["receiver"] not in str(told.data)


@pytest.mark.parametrize("kind", ["consent_of_guardian", "consent_of_family", "named_reception"])
async def test_an_item_taken_back_stops_the_journey(world: World, kind: str) -> None:
    case = await boy_alone(world)
    made = await all_items(case, "boy")
    path = f"{case.path}/protection-items/{made[kind]}/taking-back"
    answer = await world.post(path, role=PR)
    assert answer["protection_pending"] is True
    assert len(await world.told(r.ProtectionPending)) == 2
    await world.post(path, role=PR, expect=409)
    await world.post(f"{case.path}/protection-items", item(case, "boy", kind), role=PR)
    assert len(await world.told(r.ProtectionCleared)) == 2


async def test_the_childs_own_consent_taken_back_is_a_withdrawal(world: World) -> None:
    case = await boy_alone(world)
    made = await all_items(case, "boy")
    path = f"{case.path}/protection-items/{made['consent_of_child']}/taking-back"
    answer = await world.post(path, role=PR)
    assert (answer["individual_status"], answer["protection_pending"]) == ("withdrawn", True)
    assert len(await world.told(r.CaseWithdrawn)) == 1


@pytest.mark.parametrize(
    ("kind", "finding"),
    [
        ("best_interests_determination", "stay"),
        ("family_tracing", "not_found"),
        ("family_assessment", "not_suitable"),
    ],
)
async def test_a_finding_against_the_journey_keeps_it_pending(world: World, kind: str, finding: str) -> None:
    case = await boy_alone(world)
    for each in FINDINGS:
        change = {"finding": finding} if each == kind else {}
        await world.post(f"{case.path}/protection-items", item(case, "boy", each, **change), role=PR)
    assert await missing(case) == [kind]


async def test_items_that_do_not_fit_are_refused_and_change_nothing(world: World) -> None:
    case = await girl_with_uncle(world)
    path = f"{case.path}/protection-items"
    await world.post(path, item(case, "girl", "family_tracing"), role=PR)
    before = await contents(world)
    for body, kind in (
        (item(case, "uncle", "family_tracing"), "not-a-child-alone"),
        (item(case, "girl", "family_tracing"), "protection-item-stands"),
        (item(case, "girl", "best_interests_determination"), "determination-too-early"),
        (item(case, "girl", "consent_of_child", finding="suitable"), "protection-item-unclear"),
        (item(case, "girl", "named_reception", place=None), "protection-item-unclear"),
    ):
        answer = await world.call("POST", path, body, role=PR)
        assert answer.json()["type"] == f"/problems/{kind}"
        assert AUNT["receiver"] not in answer.text
    assert await contents(world) == before


async def test_a_boy_alone_is_cleared_at_the_doors_only_with_his_protection(world: World) -> None:
    case = await boy_alone(world)
    await case.counsel()
    paper = {"paper": "court_order", "reference": "G-1", "why": "guardian of the court"}
    await world.post(f"{case.path}/declarations", case.declaration("boy", sole_responsibility=paper), role=CO)
    refused = await case.clear(boy="not_asked")
    assert [each["reason"] for each in refused["refused"]] == ["protection_pending"]
    made = await all_items(case, "boy")
    case.clearance = case.booking
    assert (await case.clear(boy="not_asked"))["cleared"] == [str(case.ids["boy"])]
    await world.post(f"{case.path}/protection-items/{made['consent_of_child']}/taking-back", role=PR)
    assert len(await world.told(r.WithdrawalStatedLate)) == 1


async def test_a_boy_whose_age_is_disputed_is_treated_as_a_child(world: World) -> None:
    man = person("man", "principal_applicant", "Aram", "2002-06-01", "male")
    case = await register(world, family_body(members=[man]))
    await case.counsel()
    await case.sign("man")
    path = f"{case.path}/members/{case.ids['man']}/age-dispute"
    answer = await world.post(path, role=CO)
    assert (answer["age_band"], answer["protection_pending"]) == ("12_17", True)
    shown = await case.read()
    assert shown["members"][0]["age_band"] == "12_17"
    assert (await world.get("/cases", role=RO))["items"][0]["members"][0]["age_band"] == "12_17"
    assert (await world.told(r.CaseCorrected))[-1].data["members"][0]["age_band"] == "12_17"
    assert len(await world.told(r.DeclarationLapsed)) == 1
    await world.post(path, role=CO, expect=409)
    await world.post(f"{path}/settlement", {"basis": "document"}, role=CO, expect=403)
    settled = await world.post(f"{path}/settlement", {"basis": "document"}, role=PR)
    assert (settled["age_band"], settled["protection_pending"]) == ("adult", False)
    await world.post(f"{path}/settlement", {"basis": "document"}, role=PR, expect=409)
