"""Two at once on a real PostgreSQL: the last kilo, the same household, the same pair of records, a first delivery."""

import asyncio
from decimal import Decimal
from typing import Any

from httpx import Response

from shared.contracts import registration as r
from tests.registration.story import RO, family_body, register
from tests.registration.test_on_postgres import world
from tests.registration.test_relief import RL, card, collect, distribution, stock
from tests.registration.test_relief import opened as relief_opened
from tests.registration.test_same_person_twice import twice
from tests.registration.test_sites import WAREHOUSE
from tests.world import World

__all__ = ["world"]

AT_ONCE = 4


async def all_at_once(world: World, path: str, *bodies: dict[str, Any] | None, role: Any = RL) -> list[Response]:
    """What each was answered: taken, or refused with what to do, and never with a failure."""
    answers = await asyncio.gather(*(world.call("POST", path, body, role=role) for body in bodies))
    assert all(answer.status_code < 500 for answer in answers), [answer.text for answer in answers]
    return list(answers)


def kinds(answers: list[Response]) -> list[str]:
    return sorted(a.json().get("type", "taken") for a in answers)


async def soap_at(world: World, quantity: str) -> str:
    site = str((await world.post("/sites", WAREHOUSE, role=RO))["id"])
    await world.post("/relief-items", {"code": "soap", "name": "soap", "unit": "kilogram"}, role=RL)
    body = {"item": "soap", "move": "received", "quantity": quantity}
    await world.post(f"/sites/{site}/stock-movements", body, role=RL)
    return site


async def opened(world: World, site: str, planned: str) -> Any:
    made = await distribution(world, site, items=[{"item": "soap", "planned": planned, "per_household": "1"}])
    return await world.post(f"/distributions/{made['distribution_id']}/opening", role=RL)


async def test_clerks_who_serve_the_same_household_at_once_give_once(world: World) -> None:
    site = await soap_at(world, "10")
    made = await opened(world, site, "10")
    path, code = f"/distributions/{made['distribution_id']}", await card(world, site)
    answers = await all_at_once(world, f"{path}/collections", *[{"card": code}] * AT_ONCE)
    assert sorted(answer.json()["issued"] for answer in answers) == [False] * (AT_ONCE - 1) + [True]
    assert len({answer.json()["receipt_id"] for answer in answers}) == 1
    shown = await world.get(path, role=RL)
    assert (shown["receipts"], shown["second_attempts"], shown["items"][0]["issued"]) == (1, AT_ONCE - 1, "1")


async def test_the_last_kilo_is_given_to_one_household(world: World) -> None:
    site = await soap_at(world, "1")
    made = await opened(world, site, "1")
    path = f"/distributions/{made['distribution_id']}"
    cards = [await card(world, site) for _ in range(AT_ONCE)]
    answers = await all_at_once(world, f"{path}/collections", *({"card": code} for code in cards))
    assert kinds(answers) == ["/problems/left-too-little"] * (AT_ONCE - 1) + ["taken"]
    assert (await world.get(path, role=RL))["items"][0]["left"] == "0"
    (late,) = [code for code, answer in zip(cards, answers, strict=True) if answer.is_success]
    assert (await collect(world, made, late))["issued"] is False


async def test_the_stock_of_a_site_never_falls_below_nothing(world: World) -> None:
    site = await soap_at(world, "2.5")
    out = {"item": "soap", "move": "moved_out", "quantity": "1"}
    answers = await all_at_once(world, f"/sites/{site}/stock-movements", *[out] * AT_ONCE)
    assert kinds(answers) == ["/problems/not-in-stock"] * (AT_ONCE - 2) + ["taken"] * 2
    assert await stock(world, site) == {"soap": "0.5"}
    made = [await distribution(world, site, items=[{"item": "soap", "planned": "0.5"}]) for _ in range(2)]
    opening = (world.call("POST", f"/distributions/{one['distribution_id']}/opening", role=RL) for one in made)
    assert kinds(list(await asyncio.gather(*opening))) == ["/problems/not-in-stock", "taken"]
    assert await stock(world, site) == {"soap": "0"}


async def test_first_deliveries_that_come_at_once_are_all_in_the_stock(world: World) -> None:
    site = await soap_at(world, "1")
    await world.post("/relief-items", {"code": "bread", "name": "bread", "unit": "kilogram"}, role=RL)
    body = {"item": "bread", "move": "received", "quantity": "2"}
    answers = await all_at_once(world, f"/sites/{site}/stock-movements", *[body] * AT_ONCE)
    assert kinds(answers) == ["taken"] * AT_ONCE
    assert Decimal((await stock(world, site))["bread"]) == 2 * AT_ONCE


async def test_one_household_gets_one_card_and_one_code_is_one_item(world: World) -> None:
    site = await soap_at(world, "1")
    family = await register(world)
    here = (await family.read())["household_id"]
    household = {"site_id": site, "adults": 2, "household_id": here}
    answers = await all_at_once(world, "/relief-cards", *[household] * AT_ONCE)
    assert kinds(answers) == ["/problems/household-has-card"] * (AT_ONCE - 1) + ["taken"]
    tent = {"code": "tent", "name": "tent", "unit": "piece"}
    answers = await all_at_once(world, "/relief-items", *[tent] * AT_ONCE)
    assert kinds(answers) == ["/problems/item-code-taken"] * (AT_ONCE - 1) + ["taken"]


async def test_people_who_link_the_same_two_records_at_once_make_one_link(world: World) -> None:
    family, again, likeness = await twice(world)
    one, other = str(family.ids["father"]), str(again.ids["man"])
    same = [{"verdict": "same_person", "stands": each} for each in (one, other)]
    path = f"/possible-duplicates/{likeness['id']}/decision"
    answers = await all_at_once(world, path, *same, *same, role=RO)
    assert kinds(answers) == ["/problems/likeness-decided-already"] * 3 + ["taken"]
    assert len(await world.told(r.PeopleLinked)) == 1
    assert len(await world.told(r.CaseHeld)) == 1


async def test_a_site_that_two_add_at_once_is_there_once_and_the_other_is_told(world: World) -> None:
    answers = await all_at_once(world, "/sites", *[WAREHOUSE] * AT_ONCE, role=RO)
    assert kinds(answers) == ["/problems/site-code-taken"] * (AT_ONCE - 1) + ["taken"]


async def test_a_household_that_two_register_at_once_is_saved_once_where_likenesses_are_looked_at(world: World) -> None:
    for letter in "abc":
        family = family_body(seen_alike=[])
        for member in family["members"]:
            member["given_name"] += letter
            member["documents"] = []
        answers = await asyncio.gather(*(world.call("POST", "/cases", family, role=RO) for _ in range(2)))
        assert sorted(each.status_code for each in answers) == [201, 409]


async def test_who_collects_while_the_card_is_split_is_given_once(world: World) -> None:
    site, made = await relief_opened(world)
    collections = f"/distributions/{made['distribution_id']}/collections"
    together = await collect(world, made, await card(world, site, adults=4))
    whole = {each["item"]: each["quantity"] for each in together["given"]}["bread"]
    for _ in range(6):
        code = await card(world, site, adults=4)
        split, first = await asyncio.gather(
            world.call("POST", f"/relief-cards/{code}/split", {"leaving": {"adults": 2}}, role=RL),
            world.call("POST", collections, {"card": code}, role=RL),
        )
        assert (split.status_code, first.status_code) == (201, 200), (split.text, first.text)
        bread = {each["item"]: each["quantity"] for each in first.json()["given"]}["bread"]
        second = await collect(world, made, split.json()["new_card"]["code"])
        more = {each["item"]: each["quantity"] for each in second["given"]} if second["issued"] else {"bread": "0"}
        assert Decimal(bread) + Decimal(more["bread"]) == Decimal(whole), "as much as if they had stayed together"
