"""Relief is given by who lives in a household and what they need, once, and adds up. No return is looked at."""

import ast
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration import cards, relief
from services.registration.cards.rules import Household, Need
from services.registration.relief.rules import (
    ADDS,
    Brought,
    DoesNotAddUp,
    NotInStock,
    Share,
    StockMove,
    check_adds_up,
    entitlement,
    moved,
)
from shared.auth import Role
from shared.database import new_id
from tests.registration.story import AU, CO, PR, RO, Case, register
from tests.registration.test_sites import WAREHOUSE
from tests.world import World, contents

RL = Role.RELIEF_OFFICER
PROXY = {"proxy_reason": "ill", "proxy_name": "Dilshad Omer"}
STORY = {
    "bread": ("kilogram", "200.0"),
    "fruit": ("kilogram", "132.2"),
    "soap": ("kilogram", "50"),
    "liquid_soap": ("litre", "50"),
}
"""What was given out on 5 January 2022 (published: 332.2 kg of bread and fruit, 50 kg of soap, 50 litres)."""


async def site_with_stock(world: World) -> str:
    site = await world.post("/sites", WAREHOUSE, role=RO)
    for code, (unit, quantity) in STORY.items():
        await world.post("/relief-items", {"code": code, "name": code.replace("_", " "), "unit": unit}, role=RL)
        body = {"item": code, "move": "received", "quantity": quantity, "paper": "WB-1"}
        await world.post(f"/sites/{site['id']}/stock-movements", body, role=RL)
    return str(site["id"])


async def stock(world: World, site: str) -> dict[str, str]:
    return {each["item"]: each["on_hand"] for each in await world.get(f"/sites/{site}/stock", role=AU)}


async def distribution(world: World, site: str, **more: Any) -> Any:
    items = [
        {"item": "bread", "planned": "200.0", "per_person": "0.5"},
        {"item": "fruit", "planned": "132.2", "per_child": "0.6", "per_person": "0.2"},
        {"item": "soap", "planned": "50", "per_household": "0.25"},
        {"item": "liquid_soap", "planned": "50", "per_household": "0.5", "only_for": "infant"},
    ]
    body = {
        "site_id": site,
        "takes_place_at": "2022-01-05T10:00:00+03:00",
        "place": "Hall 2",
        "to_bring": "The relief card",
        "items": items,
        **more,
    }
    return await world.post("/distributions", body, role=RL)


async def opened(world: World) -> tuple[str, Any]:
    site = await site_with_stock(world)
    made = await distribution(world, site)
    return site, await world.post(f"/distributions/{made['distribution_id']}/opening", role=RL)


async def card(world: World, site: str, **household: Any) -> str:
    body = {"site_id": site, "adults": 2, "children": 2, **household}
    return str((await world.post("/relief-cards", body, role=RL))["code"])


async def entitled(world: World, made: Any, code: str) -> bytes:
    answer = await world.call("GET", f"/distributions/{made['distribution_id']}/entitlements/{code}", role=RL)
    assert answer.status_code == 200, answer.text
    return answer.content


async def collect(world: World, made: Any, code: str, **options: Any) -> Any:
    more = options.pop("body", {})
    path = f"/distributions/{made['distribution_id']}/collections"
    return await world.post(path, {"card": code, **more}, role=RL, **options)


async def test_relief_is_announced_given_out_brought_back_and_adds_up(world: World) -> None:
    site, made = await opened(world)
    assert await stock(world, site) == dict.fromkeys(STORY, "0")
    path = f"/distributions/{made['distribution_id']}"
    first = await collect(world, made, await card(world, site))
    assert {each["item"]: each["quantity"] for each in first["given"]} == {"bread": "2", "fruit": "2", "soap": "0.25"}
    by_proxy = await collect(world, made, await card(world, site, infants=1), body=PROXY)
    assert by_proxy["collected_by"] == "proxy"
    assert {each["item"] for each in by_proxy["given"]} >= {"bread", "soap"}
    await world.post(f"{path}/spoilt", {"item": "bread", "kind": "damaged", "quantity": "1.5"}, role=RL)
    await world.post(f"{path}/spoilt", {"item": "soap", "kind": "lost", "quantity": "0.5"}, role=RL)

    shown = await world.get(path, role=AU)
    left = {each["item"]: each["left"] for each in shown["items"]}
    wrong = {**left, "bread": "100"}
    problem = await world.post(f"{path}/closure", {"left": wrong}, role=RL, expect=409)
    assert problem["type"] == "/problems/distribution-does-not-add-up"
    assert set(problem["differences"]) == {"bread"}
    closed = await world.post(f"{path}/closure", {"left": left}, role=RL)
    assert (closed["status"], closed["adds_up"], closed["receipts"]) == ("closed", True, 2)
    for each in closed["items"]:
        parts = [Decimal(each[name]) for name in ("issued", "lost", "damaged", "back")]
        assert sum(parts) == Decimal(each["taken"]), each["item"]
        assert each["left"] == "0"
    assert await stock(world, site) == left, "what is left is in the store again"
    ledger = (await world.get(f"/sites/{site}/stock-movements?limit=200", role=AU))["items"]
    for code, on_hand in (await stock(world, site)).items():
        signed = [(1 if m["move"] in ADDS else -1) * Decimal(m["quantity"]) for m in ledger if m["item"] == code]
        assert sum(signed) == Decimal(on_hand), "the ledger is the stock"
    await world.post(f"{path}/closure", {"left": left}, role=RL, expect=409)


async def test_a_second_attempt_of_a_household_gives_nothing_and_is_written_down(world: World) -> None:
    site, made = await opened(world)
    code = await card(world, site)
    first = await collect(world, made, code)
    before = await world.get(f"/distributions/{made['distribution_id']}", role=AU)
    second = await collect(world, made, code)
    assert (first["issued"], second["issued"]) == (True, False)
    assert second["receipt_id"] == first["receipt_id"]
    after = await world.get(f"/distributions/{made['distribution_id']}", role=AU)
    assert after["items"] == before["items"], "nothing was given again"
    assert (before["second_attempts"], after["second_attempts"]) == (0, 1)
    other = await card(world, site)
    await collect(world, made, other)
    path = f"/distributions/{made['distribution_id']}/receipts"
    start = await world.get(f"{path}?limit=1", role=AU)
    rest = await world.get(f"{path}?cursor={start['next']}", role=AU)
    shown = {each["card"]: each for each in start["items"] + rest["items"]}
    assert {code: len(each["refused"]) for code, each in shown.items()} == {code: 1, other: 0}
    assert (shown[code]["receipt_id"], shown[code]["given"]) == (first["receipt_id"], first["given"])
    assert (rest["next"], set(shown[code]["refused"][0])) == (None, {"at", "seen_by"})
    await world.get(f"/distributions/{new_id()}/receipts", role=AU, expect=404)


async def test_a_complaint_is_taken_on_the_spot_and_names_the_distribution_it_is_about(world: World) -> None:
    _, made = await opened(world)
    about = {"way": "at_a_distribution", "category": "exclusion", "said": "Our row was not called."}
    given = await world.post("/feedback", {**about, "distribution_id": made["distribution_id"]}, role=RL)
    seen = await world.get(f"/feedback/{given['id']}", role=PR)
    assert (seen["way"], seen["distribution_id"], seen["status"]) == (
        "at_a_distribution",
        made["distribution_id"],
        "open",
    )


async def test_relief_is_the_same_with_a_return_case_without_one_and_after_withdrawing(world: World) -> None:
    site, made = await opened(world)
    family: Case = await register(world)
    household = (await world.get(f"/cases/{family.id}", role=RO))["household_id"]
    code = await card(world, site, household_id=household)
    with_a_case = await entitled(world, made, code)
    await world.post(f"/cases/{family.id}/withdrawal", {"channel": "in_person"}, role=CO)
    assert await entitled(world, made, code) == with_a_case, "byte for byte"
    without = await card(world, site)
    assert (await entitled(world, made, without)).replace(without.encode(), code.encode()) == with_a_case
    assert (await collect(world, made, code))["given"] == (await collect(world, made, without))["given"]


def test_nothing_of_relief_knows_cases_declarations_or_withdrawals() -> None:
    for file in (file for noun in (cards, relief) for file in Path(next(iter(noun.__path__))).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.startswith("services.registration."):
                assert module.split(".")[2] in ("relief", "cards", "sites", "tables", "households"), (
                    f"{file.name} imports {module}"
                )


async def test_a_card_for_a_household_nobody_knows_is_a_typing_error(world: World) -> None:
    site = await site_with_stock(world)
    before = await contents(world)
    body = {"site_id": site, "adults": 1, "household_id": str(new_id())}
    refused = await world.post("/relief-cards", body, role=RL, expect=422)
    assert refused["type"] == "/problems/household-unknown"
    assert await contents(world) == before


async def test_a_household_has_one_card_and_a_card_says_nothing_of_it(world: World) -> None:
    site = await site_with_stock(world)
    family: Case = await register(world)
    household = (await world.get(f"/cases/{family.id}", role=RO))["household_id"]
    code = await card(world, site, household_id=household)
    problem = await world.post(
        "/relief-cards", {"site_id": site, "adults": 1, "household_id": household}, role=RL, expect=409
    )
    assert (problem["type"], problem["card"]) == ("/problems/household-has-card", code)
    shown = await world.get(f"/relief-cards/{code}", role=RL)
    assert set(shown) == {"code", "site_id", "adults", "children", "infants", "needs", "issued_at", "actions"}
    await world.get("/relief-cards/AAAA-2222", role=RL, expect=422)
    await world.get(f"/relief-cards/{code}", role=Role.TRAVEL_OFFICER, expect=403)


async def test_more_is_never_given_than_there_is(world: World) -> None:
    site = await site_with_stock(world)
    body = {"item": "soap", "move": "lost", "quantity": "50.1"}
    problem = await world.post(f"/sites/{site}/stock-movements", body, role=RL, expect=409)
    assert (problem["type"], problem["on_hand"]) == ("/problems/not-in-stock", "50")
    items = [{"item": "soap", "planned": "1", "per_household": "0.6"}]
    made = await distribution(world, site, items=items)
    path = f"/distributions/{made['distribution_id']}"
    problem = await collect(world, made, await card(world, site), expect=409)
    assert problem["type"] == "/problems/distribution-not-open"
    made = await world.post(f"{path}/opening", role=RL)
    await collect(world, made, await card(world, site))
    problem = await collect(world, made, await card(world, site), expect=409)
    assert (problem["type"], problem["left"]) == ("/problems/left-too-little", "0.4")
    problem = await collect(world, made, "AAAA-2222", expect=422)
    assert problem["type"] == "/problems/relief-card-unknown"
    problem = await world.post(
        f"{path}/spoilt", {"item": "bread", "kind": "lost", "quantity": "1"}, role=RL, expect=422
    )
    assert problem["type"] == "/problems/item-unknown"
    again = {"code": "soap", "name": "soap", "unit": "piece"}
    problem = await world.post("/relief-items", again, role=RL, expect=409)
    assert problem["type"] == "/problems/item-code-taken"
    too_much = await distribution(world, site, items=[{"item": "soap", "planned": "49.1", "per_household": "1"}])
    problem = await world.post(f"/distributions/{too_much['distribution_id']}/opening", role=RL, expect=409)
    assert problem["type"] == "/problems/not-in-stock"


async def test_what_was_never_brought_out_is_not_brought_back(world: World) -> None:
    site = await site_with_stock(world)
    items = [{"item": "soap", "planned": "1", "per_household": "0.6"}]
    path = f"/distributions/{(await distribution(world, site, items=items))['distribution_id']}"
    await world.post(f"{path}/opening", role=RL)
    before = await stock(world, site)
    problem = await world.post(f"{path}/closure", {"left": {"soap": "1", "bread": "5"}}, role=RL, expect=422)
    assert (problem["type"], problem["items"]) == ("/problems/item-unknown", ["bread"])
    assert await stock(world, site) == before
    await world.post(f"{path}/closure", {"left": {"soap": "1"}}, role=RL)


async def test_a_card_of_nobody_and_an_item_named_twice_are_refused(world: World) -> None:
    site = await site_with_stock(world)
    problem = await world.post("/relief-cards", {"site_id": site, "adults": 0}, role=RL, expect=422)
    assert problem["type"] == "/problems/invalid-body"
    soap = {"item": "soap", "planned": "1", "per_household": "0.6"}
    body = {"site_id": site, "takes_place_at": "2022-01-05T10:00:00Z", "place": "Hall 2", "to_bring": "The card"}
    problem = await world.post("/distributions", {**body, "items": [soap, soap]}, role=RL, expect=422)
    assert problem["type"] == "/problems/invalid-body"


async def test_a_distribution_of_the_past_is_entered_with_a_reason_and_of_long_past_with_its_paper(
    world: World,
) -> None:
    site = await site_with_stock(world)
    body = {"site_id": site, "place": "Hall 2", "to_bring": "The card", "items": [{"item": "soap", "planned": "1"}]}
    before = await contents(world)
    for days, more, kind in (
        (1, {}, "late-reason-missing"),
        (40_000, {"late_reason": "paper_form"}, "evidence-missing"),
    ):
        at = {"takes_place_at": (world.now - timedelta(days=days)).isoformat()}
        problem = await world.post("/distributions", {**body, **at, **more}, role=RL, expect=422)
        assert problem["type"] == f"/problems/{kind}"
    assert await contents(world) == before
    at = {"takes_place_at": (world.now - timedelta(days=8)).isoformat()}
    late = {"late_reason": "paper_form", "evidence": "sheet 7"}
    made = await world.post("/distributions", {**body, **at, **late}, role=RL)
    shown = await world.get(f"/distributions/{made['distribution_id']}", role=AU)
    assert (shown["late_reason"], shown["evidence"]) == ("paper_form", "sheet 7")


async def test_who_needs_it_stands_in_the_first_line(world: World) -> None:
    site, made = await opened(world)
    lines = {}
    households: dict[str, dict[str, Any]] = {
        "plain": {},
        "pregnant": {"needs": ["pregnancy"]},
        "infant": {"infants": 1},
    }
    for name, household in households.items():
        code = await card(world, site, **household)
        answer = await world.get(f"/distributions/{made['distribution_id']}/entitlements/{code}", role=RL)
        lines[name] = answer["line"]
    assert lines == {"plain": "ordinary", "pregnant": "first", "infant": "first"}


quantities = st.decimals(min_value=Decimal("0.001"), max_value=Decimal("500"), places=3)


@given(st.lists(st.tuples(st.sampled_from(list(StockMove)), quantities), max_size=40))
def test_stock_is_what_came_less_what_went_and_never_less_than_nothing(moves: list[tuple[StockMove, Decimal]]) -> None:
    on_hand, came, went = Decimal(0), Decimal(0), Decimal(0)
    for move, quantity in moves:
        try:
            on_hand = moved(on_hand, move, quantity)
        except NotInStock:
            continue
        came, went = (came + quantity, went) if move in ADDS else (came, went + quantity)
        assert on_hand == came - went >= 0


@given(quantities, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.sets(st.sampled_from(Need)))
def test_a_larger_household_is_never_given_less(
    each: Decimal, adults: int, children: int, infants: int, needs: set[Need]
) -> None:
    share = Share(new_id(), per_household=each, per_person=each, per_child=each, per_infant=each)
    smaller = Household(adults, children, infants, frozenset(needs))
    larger = Household(adults + 1, children, infants, frozenset(needs))
    assert entitlement(share, larger) > entitlement(share, smaller)


@pytest.mark.parametrize("wrong", [Decimal("-0.001"), Decimal("0.001")])
def test_a_gram_too_much_or_too_little_does_not_add_up(wrong: Decimal) -> None:
    item = new_id()
    there = Brought(item, Decimal("200"), Decimal("120.5"), Decimal("1"), Decimal("0.5"))
    check_adds_up([there], {item: there.left}, {item: "bread"})
    with pytest.raises(DoesNotAddUp):
        check_adds_up([there], {item: there.left + wrong}, {item: "bread"})
