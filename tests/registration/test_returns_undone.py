"""A return that was recorded by mistake: undone by a person, kept in the history, and told."""

from datetime import timedelta
from typing import Any

import pytest

from services.registration.returns.rules import way_back
from shared.contracts import registration as r
from tests.registration.story import AU, CO, PR, RO, Case, register
from tests.registration.test_same_person_twice import home
from tests.world import World, contents


async def undo(case: Case, *refs: str, expect: int = 200, **more: Any) -> Any:
    body = {"individuals": [str(case.ids[ref]) for ref in refs], "reason": "misinformed", **more}
    return await case.world.post(f"{case.path}/returns/undoing", body, role=RO, expect=expect)


async def test_who_was_taken_for_home_by_mistake_stands_where_they_stood(world: World) -> None:
    family = await (await register(world)).declare()
    await world.post(f"{family.path}/returns", home(), role=RO)
    note = "Another family of that name was on the aircraft."
    answer = await undo(family, note=note)
    assert answer["status"] == "declared"
    assert set((await family.statuses()).values()) == {"declared"}
    assert {(each["undone_because"], each["undone_note"]) for each in answer["returns"]} == {("misinformed", note)}
    assert answer["returns"] == (await world.get(f"{family.path}/returns", role=AU))["returns"], "kept in the history"
    (told,) = await world.told(r.ReturnReversed)
    assert set(told.data["individuals"]) == {str(one) for one in family.ids.values()}
    assert note not in str(told.data)
    assert len((await family.clear())["cleared"]) == 4, "as if nobody had said it"


async def test_what_was_undone_may_be_recorded_again_and_only_what_stands_is_undone(world: World) -> None:
    family = await register(world)
    await undo(family, expect=409)
    await world.post(f"{family.path}/returns", home(individuals=[str(family.ids["father"])]), role=RO)
    before = await contents(world)
    refusal = await undo(family, "father", "mother", expect=409)
    assert (refusal["type"], refusal["without"]) == ("/problems/no-return-recorded", [str(family.ids["mother"])])
    assert await contents(world) == before
    await undo(family, "father")
    await undo(family, "father", expect=409)
    await world.post(f"{family.path}/returns", home(kind="on_their_own"), role=RO)
    shown = (await world.get(f"{family.path}/returns", role=PR))["returns"]
    assert [each["undone_at"] is None for each in shown] == [False, True, True, True, True]
    assert set((await family.statuses()).values()) == {"departed"}


async def test_a_no_that_was_said_meanwhile_counts_from_the_moment_it_was_said(world: World) -> None:
    family = await (await register(world)).declare()
    await world.post(f"{family.path}/returns", home(), role=RO)
    assert (await family.withdraw("mother"))["outcome"] == "too_late_to_undo"
    world.now += timedelta(hours=2)
    await undo(family)
    assert (await family.statuses())["mother"] == "withdrawn"
    assert [each.data["individual"] for each in await world.told(r.MemberWithdrawn)] == [str(family.ids["mother"])]


async def test_a_declaration_that_fell_meanwhile_does_not_come_back(world: World) -> None:
    family = await (await register(world)).declare()
    await world.post(f"{family.path}/returns", home(), role=RO)
    await world.post(f"{family.path}/members/{family.ids['mother']}/age-dispute", role=CO)
    await undo(family)
    statuses = await family.statuses()
    assert (statuses["father"], statuses["mother"]) == ("declared", "counselled")


@pytest.mark.parametrize(
    ("stood", "declared", "verbs"),
    [
        ("open", False, ("undo_return",)),
        ("withdrawn", False, ("undo_return", "withdraw")),
        ("not_admitted", False, ("refuse_entry",)),
        ("declared", False, ("undo_return", "record_counselling")),
        (None, True, ("undo_return", "sign_declaration")),
        (None, False, ("undo_return",)),
    ],
)
def test_the_way_back_leads_where_they_stood(stood: str | None, declared: bool, verbs: tuple[str, ...]) -> None:
    assert way_back(stood, declared=declared) == verbs
