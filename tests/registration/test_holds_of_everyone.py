"""A hold of everyone in the case holds who joins it, too, and lets them go with the others."""

from datetime import timedelta
from typing import Any

from shared.contracts import registration as r
from tests.registration.story import PR, RO, Case, register
from tests.registration.test_memberships import join, leave, newborn, rejoin
from tests.registration.test_passages import tell, willing
from tests.registration.test_who_left_and_rejoins import with_a_brother
from tests.world import World

AGAIN = {"given_name": "Rojda"}


async def hold(case: Case, *refs: str, **changes: Any) -> str:
    body = {"reason": "safety", "individuals": [str(case.ids[one]) for one in refs], **changes}
    return str((await case.world.post(f"{case.path}/holds", body, role=PR))["id"])


async def release(case: Case, which: str) -> None:
    await case.world.post(f"{case.path}/holds/{which}/release", role=PR)


async def held(case: Case) -> set[str]:
    refs = {str(one): ref for ref, one in case.ids.items()}
    return {refs[each["individual_id"]] for each in (await case.read())["members"] if each["held"]}


async def test_who_joins_a_case_that_is_held_as_a_whole_is_held_and_released_with_it(world: World) -> None:
    family = await register(world)
    which = await hold(family)
    everyone = set(family.ids.values())
    await join(family, newborn(family))
    assert await held(family) == set(family.ids)
    first, then = await world.told(r.CaseHeld, family.id)
    assert (first.data["hold"], then.data["hold"]) == (which, which)
    assert set(first.data["individuals"]) == {str(one) for one in everyone}
    assert then.data["individuals"] == [str(family.ids["baby"])], "and nobody a second time"
    (shown,) = (await world.get(f"{family.path}/holds", role=RO))["items"]
    assert (shown["everyone"], len(shown["individuals"])) == (True, 5)
    await release(family, which)
    (released,) = await world.told(r.CaseReleased, family.id)
    assert set(released.data["individuals"]) == {str(one) for one in family.ids.values()}
    assert await held(family) == set()
    await join(family, newborn(family, **AGAIN), ref="twin")
    assert await held(family) == set(), "what was released holds nobody who joins"


async def test_who_joins_is_not_cleared_while_the_case_is_held(world: World) -> None:
    family = await (await register(world)).declare()
    await hold(family)
    await join(family, newborn(family))
    await family.sign("baby", "father", "mother")
    answer = await family.clear()
    assert {each["reason"] for each in answer["refused"]} == {"held"}
    assert {each["individual_id"] for each in answer["refused"]} == {str(one) for one in family.ids.values()}


async def test_a_hold_that_names_its_people_holds_nobody_who_joins_even_where_it_named_all(world: World) -> None:
    family = await register(world)
    await hold(family, "father", "mother", "daughter", "son")
    await join(family, newborn(family))
    assert await held(family) == set(family.ids) - {"baby"}
    assert len(await world.told(r.CaseHeld, family.id)) == 1
    (shown,) = (await world.get(f"{family.path}/holds", role=RO))["items"]
    assert not shown["everyone"]


async def test_who_rejoins_is_held_by_what_came_meanwhile_and_once_by_what_was_there(world: World) -> None:
    family = await with_a_brother(world)
    before = await hold(family)
    await leave(family, "brother")
    meanwhile = await hold(family)
    await rejoin(family, "brother", "sibling")
    told = await world.told(r.CaseHeld, family.id)
    assert [each.data["hold"] for each in told] == [before, meanwhile, meanwhile]
    assert told[-1].data["individuals"] == [str(family.ids["brother"])]
    await release(family, before)
    assert "brother" in await held(family)
    await release(family, meanwhile)
    assert await held(family) == set()


async def test_a_hold_of_everyone_that_ends_by_its_day_ends_for_who_joined(world: World) -> None:
    family = await register(world)
    await hold(family, reason="other", until=world.now.date().isoformat())
    await join(family, newborn(family))
    assert "baby" in await held(family)
    await world.post("/hold-reviews", {}, role=PR, now=world.now + timedelta(days=1))
    (released,) = await world.told(r.CaseReleased, family.id)
    assert str(family.ids["baby"]) in released.data["individuals"]


async def test_who_was_pressed_at_the_desk_is_held_alone_and_nobody_who_joins(world: World) -> None:
    family = await (await register(world)).declare()
    await tell(family, willing(family, "father", "pressed"), "father")
    await join(family, newborn(family))
    assert await held(family) == {"father"}
