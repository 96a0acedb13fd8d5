"""A household changes, a card is lost, somebody else collects: it is known, and nobody is given relief twice."""

import pytest

from services.registration.cards.rules import Household, Need, SplitUnclear, staying
from shared.auth import Role
from tests.registration.story import AU, PR, RO
from tests.registration.test_relief import PROXY, RL, card, collect, opened
from tests.world import World, contents


async def test_a_household_that_grows_is_given_more_from_then_on_and_what_it_was_is_kept(world: World) -> None:
    site, made = await opened(world)
    code = await card(world, site)
    born = {"adults": 2, "children": 2, "infants": 1, "needs": ["infant"], "reason": "born"}
    shown = await world.post(f"/relief-cards/{code}/people", born, role=RL)
    assert (shown["code"], shown["infants"], shown["needs"]) == (code, 1, ["infant"])
    given = {each["item"]: each["quantity"] for each in (await collect(world, made, code))["given"]}
    assert given == {"bread": "2.5", "fruit": "2.2", "soap": "0.25", "liquid_soap": "0.5"}
    (change,) = (await world.get(f"/relief-cards/{code}/changes", role=PR))["items"]
    assert change["before"] == {"adults": 2, "children": 2, "infants": 0, "needs": []}
    assert (change["kind"], change["reason"], change["changed_by"]) == ("people", "born", "relief_officer")


async def test_a_change_made_from_what_the_card_no_longer_says_is_refused(world: World) -> None:
    site, _ = await opened(world)
    code = await card(world, site)
    path = f"/relief-cards/{code}/people"
    await world.post(path, {"adults": 3, "reason": "joined"}, role=RL)
    before = await contents(world)
    late = await world.call("POST", path, {"adults": 1, "reason": "left"}, role=RL, etag='"1"')
    assert late.status_code == 412
    assert await contents(world) == before


async def test_those_who_split_from_a_household_are_not_given_again_what_it_was_given(world: World) -> None:
    site, made = await opened(world)
    code = await card(world, site, adults=4, needs=["illness"])
    first = await collect(world, made, code)
    body = {"leaving": {"adults": 2, "children": 1, "needs": ["illness"]}}
    split = await world.post(f"/relief-cards/{code}/split", body, role=RL)
    assert (split["card"]["code"], split["card"]["adults"], split["card"]["needs"]) == (code, 2, [])
    new = split["new_card"]["code"]
    once_more = await world.post(f"/relief-cards/{new}/split", {"leaving": {"adults": 0, "children": 1}}, role=RL)
    for each in (new, once_more["new_card"]["code"]):
        again = await collect(world, made, each)
        assert (again["issued"], again["receipt_id"]) == (False, first["receipt_id"]), "it was theirs, too"
    (change,) = (await world.get(f"/relief-cards/{code}/changes", role=RL))["items"]
    assert (change["kind"], change["new_card"], change["before"]["adults"]) == ("split", new, 4)


async def test_those_who_split_before_relief_are_given_their_own(world: World) -> None:
    site, made = await opened(world)
    code = await card(world, site)
    split = await world.post(f"/relief-cards/{code}/split", {"leaving": {"adults": 1}}, role=RL)
    given = [await collect(world, made, each["code"]) for each in (split["card"], split["new_card"])]
    assert [each["issued"] for each in given] == [True, True]


async def test_nobody_splits_who_is_not_on_the_card_and_somebody_stays(world: World) -> None:
    site, _ = await opened(world)
    code = await card(world, site)
    before = await contents(world)
    problem = await world.post(f"/relief-cards/{code}/split", {"leaving": {"adults": 3}}, role=RL, expect=422)
    assert problem["type"] == "/problems/relief-card-split-unclear"
    assert await contents(world) == before


def test_a_split_leaves_the_others_and_their_needs_on_the_card() -> None:
    four = Household(2, 1, 1, frozenset({Need.INFANT, Need.ILLNESS}))
    assert staying(four, Household(1, 0, 1), [Need.ILLNESS]) == Household(1, 1, 0, frozenset({Need.ILLNESS}))
    assert staying(four, Household(2, 1, 0), []) == Household(0, 0, 1)
    for leaving in (Household(3, 0, 0), Household(0, 2, 0), Household(0, 0, 2), Household(2, 1, 1)):
        with pytest.raises(SplitUnclear):
            staying(four, leaving, [])


async def test_a_lost_cards_number_is_refused_from_then_on_and_its_household_is_given_nothing_twice(
    world: World,
) -> None:
    site, made = await opened(world)
    code = await card(world, site)
    first = await collect(world, made, code)
    path = f"/relief-cards/{code}"
    new = (await world.post(f"{path}/replacement", {"reason": "lost"}, role=RL))["code"]
    before = await contents(world)
    refused = await collect(world, made, code, expect=409)
    assert refused["type"] == "/problems/relief-card-replaced"
    assert new not in str(refused), "who found the old one is not told the new one"
    await world.post(f"{path}/people", {"adults": 9, "reason": "joined"}, role=RL, expect=409)
    await world.get(path, role=RL, expect=409)
    assert await contents(world) == before
    again = await collect(world, made, new)
    assert (again["issued"], again["receipt_id"]) == (False, first["receipt_id"])
    (change,) = (await world.get(f"/relief-cards/{new}/changes", role=RL))["items"]
    assert (change["kind"], change["reason"], change["old_code"]) == ("replaced", "lost", code)


async def test_who_collected_for_a_household_is_shown_to_relief_officers_alone(world: World) -> None:
    site, made = await opened(world)
    taken = await collect(world, made, await card(world, site), body=PROXY)
    assert PROXY["proxy_name"] not in str(taken)
    path = f"/distributions/{made['distribution_id']}/receipts"
    (shown,) = (await world.get(path, role=RL))["items"]
    assert (shown["collected_by"], shown["proxy_name"]) == ("proxy", PROXY["proxy_name"])
    for other in (AU, RO, PR, Role.PROGRAMME_OFFICER):
        (shown,) = (await world.get(path, role=other))["items"]
        assert (shown["collected_by"], shown["proxy_name"]) == ("proxy", None)


async def test_a_proxy_without_a_name_or_a_reason_is_nobody(world: World) -> None:
    site, made = await opened(world)
    code = await card(world, site)
    before = await contents(world)
    for name, said in PROXY.items():
        problem = await collect(world, made, code, body={name: said}, expect=422)
        assert problem["type"] == "/problems/invalid-body"
        assert PROXY["proxy_name"] not in str(problem)
    assert await contents(world) == before
