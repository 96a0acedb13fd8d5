"""Who would be affected by a change of rules is shown before it is made, and nothing is changed by asking."""

from typing import Any

import pytest

from shared.contracts.registration import Means
from shared.database import new_id
from tests.eligibility.story import NO, PO, RO, YES, Family, found, suspend, version
from tests.world import World, contents

BAN = {"country": "IRQ", "area": None, "valid_from": "2021-12-01", "valid_until": None, "source": "ours"}


async def three(world: World) -> tuple[Family, Family, Family]:
    """An eligible family, one with means of its own, and one bound for another area."""
    first, rich, elsewhere = (Family(world) for _ in range(3))
    await first.register()
    await rich.register(means=Means.SOME)
    await elsewhere.register(destination_area="IQ-BA")
    for family in (first, elsewhere):
        await family.answer(YES)
    return first, rich, elsewhere


def by_case(preview: Any) -> dict[str, Any]:
    return {each["case_id"]: each for each in preview["items"]}


async def test_a_restriction_shows_who_would_be_decided_otherwise_and_then_does_just_that(world: World) -> None:
    await found(world)
    families = await three(world)
    before = await contents(world)
    shown = await world.post("/restrictions/preview", BAN, role=PO)
    after = await contents(world)
    assert {name for name in before if before[name] != after[name]} <= {"audit"}
    assert (shown["concerned"], shown["next"], shown["evaluated_on"]) == (3, None, "2021-12-09")
    effects = by_case(shown)
    first = effects[str(families[0].case)]
    assert (first["outcome_now"], first["outcome_then"], first["failed"]) == (
        "eligible",
        "ineligible",
        ["destination_open"],
    )
    made = {str(family.case): len(await family.decisions()) for family in families}
    await suspend(world)
    for family in families:
        changed = len(await family.decisions()) > made[str(family.case)]
        assert changed is effects[str(family.case)]["changes"]
        assert (await family.standing())["status"] == effects[str(family.case)]["outcome_then"]


async def test_a_restriction_of_an_area_shows_only_those_bound_for_it_as_changed(world: World) -> None:
    await found(world)
    families = await three(world)
    shown = await world.post("/restrictions/preview", {**BAN, "area": "IQ-BA"}, role=PO)
    changed = {each["case_id"] for each in shown["items"] if each["changes"]}
    assert changed == {str(families[2].case)}


async def test_a_lifting_shows_who_would_be_decided_otherwise_and_then_does_just_that(world: World) -> None:
    await found(world)
    families = await three(world)
    restriction = (await suspend(world))["restriction_id"]
    path = f"/restrictions/{restriction}/lifting"
    before = await contents(world)
    shown = await world.post(f"{path}/preview", {"lifted_on": "2021-12-09"}, role=PO)
    after = await contents(world)
    assert {name for name in before if before[name] != after[name]} <= {"audit"}
    effects = by_case(shown)
    first, rich = effects[str(families[0].case)], effects[str(families[1].case)]
    assert (first["outcome_now"], first["outcome_then"], first["failed"]) == ("ineligible", "eligible", [])
    assert (rich["outcome_then"], rich["failed"]) == ("ineligible", ["without_means"])
    too_early = await world.post(f"{path}/preview", {"lifted_on": "2021-11-30"}, role=PO, expect=422)
    assert too_early["type"] == "/problems/restriction-dates-impossible"
    await world.post(path, {"lifted_on": "2021-12-09"}, role=PO)
    for family in families:
        assert (await family.standing())["status"] == effects[str(family.case)]["outcome_then"]
    again = await world.post(f"{path}/preview", {"lifted_on": "2021-12-09"}, role=PO, expect=409)
    assert again["type"] == "/problems/restriction-already-lifted"


async def test_a_fact_of_one_case_shows_what_it_would_be_decided_and_then_is_decided_so(world: World) -> None:
    await found(world)
    await suspend(world, area="IQ-BA")
    await suspend(world, "SYR")
    family = await Family(world).register()
    await family.answer(YES)
    path = f"{family.path}/preview"
    before = await contents(world)
    seen = {}
    for name, supposed in {
        "no": NO,
        "means": {"means": "some"},
        "area": {"destination_area": "IQ-BA"},
        "country": {"destination_country": "SYR"},
        "same": YES,
    }.items():
        (only,) = (await world.post(path, supposed, role=RO))["items"]
        seen[name] = (only["changes"], only["outcome_then"], only["failed"])
    assert seen == {
        "no": (True, "ineligible", ["procedures_withdrawn"]),
        "means": (True, "ineligible", ["without_means"]),
        "area": (True, "ineligible", ["destination_open"]),
        "country": (True, "ineligible", ["destination_open"]),
        "same": (False, "eligible", []),
    }
    after = await contents(world)
    assert {name for name in before if before[name] != after[name]} <= {"audit"}
    for refused, slug in (
        ({}, "invalid-body"),
        ({"destination_area": "SY-HL"}, "area-elsewhere"),
        ({"answers": {"nobody_asked": True}}, "question-not-asked"),
        ({"answers": {"pending_procedure_withdrawn": 3}}, "answer-unfit"),
        ({**YES, "individual_id": str(new_id())}, "question-not-asked"),
    ):
        said = await world.post(path, refused, role=RO, expect=422)
        assert said["type"] == f"/problems/{slug}"
    await world.post(f"/cases/{new_id()}/preview", NO, role=RO, expect=404)
    await family.answer(NO)
    assert (await family.standing())["status"] == "ineligible"
    await family.withdraw(*(each.individual for each in family.members))
    ended = await world.post(path, YES, role=RO, expect=409)
    assert ended["type"] == "/problems/case-has-ended"


async def test_a_version_shows_which_totals_would_change(world: World) -> None:
    programme = await found(world)
    families = await three(world)
    dearer = version()
    dearer["package"][0]["amount"] = "60.00"
    path = f"/programmes/{programme}/versions"
    effects = by_case(await world.post(f"{path}/preview", dearer, role=PO))
    first = effects[str(families[0].case)]
    assert (first["total_now"], first["total_then"], first["changes"]) == ("2600.00", "2640.00", True)
    assert not effects[str(families[1].case)]["changes"]
    await world.post(path, dearer, role=PO)
    assert (await families[0].standing())["decision"]["total"] == "2640.00"


async def test_a_preview_is_paged_by_case_and_refuses_what_would_be_refused(world: World) -> None:
    programme = await found(world)
    families = await three(world)
    first = await world.post("/restrictions/preview?limit=2", BAN, role=PO)
    rest = await world.post(f"/restrictions/preview?limit=2&cursor={first['next']}", BAN, role=PO)
    ids = [each["case_id"] for each in (*first["items"], *rest["items"])]
    assert ids == sorted(str(family.case) for family in families)
    assert rest["next"] is None
    refused = await world.post("/restrictions/preview", {**BAN, "area": "SY-HL"}, role=PO, expect=422)
    assert refused["type"] == "/problems/area-elsewhere"
    empty = {**version(), "package": [{**version()["package"][0], "currency": "USD"}]}
    refused = await world.post(f"/programmes/{programme}/versions/preview", empty, role=PO, expect=422)
    assert refused["type"] == "/problems/programme-version-refused"
    await world.post(f"/programmes/{new_id()}/versions/preview", version(), role=PO, expect=404)


async def test_an_area_named_in_words_is_asked_for_before_it_is_taken_for_open(world: World) -> None:
    await found(world)
    family = await Family(world).register(destination_area="Basra")
    await family.answer(YES)
    await suspend(world, area="IQ-BA")
    standing = await family.standing()
    assert standing["status"] == "needs_information"
    assert [each["fact"] for each in standing["missing"]] == ["case.destination_suspended"]


async def test_a_preview_counts_who_stands_where_now_and_would_then_beyond_its_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await found(world)
    await three(world)
    await Family(world).register()
    asked = "/restrictions/preview?limit=1"
    monkeypatch.setattr("services.eligibility.previews.actions.AT_ONCE", 3)
    shown = await world.post(asked, BAN, role=PO)
    nobody = {"eligible": 0, "ineligible": 0, "needs_information": 0, "undecided": 0}
    assert (shown["concerned"], len(shown["items"])) == (4, 1)
    assert shown["now"] == {**nobody, "eligible": 2, "ineligible": 1, "needs_information": 1}
    assert shown["then"] == {"counted": 4, "changing": 4, "outcomes": {**nobody, "ineligible": 4}}
    rest = await world.post(f"/restrictions/preview?limit=3&cursor={shown['next']}", BAN, role=PO)
    assert (rest["then"], rest["next"], len(rest["items"])) == (None, None, 3)
    monkeypatch.setattr("services.eligibility.previews.actions.COUNTED_AT_MOST", 2)
    assert (await world.post(asked, BAN, role=PO))["then"]["counted"] == 2
    programme = (await world.get("/programmes", role=PO))["items"][0]["programme_id"]
    then = (await world.post(f"/programmes/{programme}/versions/preview", version(), role=PO))["then"]
    assert (then["changing"], then["outcomes"]["eligible"]) == (0, 2)
