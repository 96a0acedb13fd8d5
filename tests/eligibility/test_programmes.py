"""Programmes over HTTP: founded, given versions that never change, refused with the place where they do not fit."""

from typing import Any

import pytest

from services.eligibility.changes import actions
from shared.contracts.eligibility import EligibilityDecided
from tests.eligibility.story import PO, RO, YES, Family, found, scenario, version
from tests.world import World


async def test_a_programme_is_founded_once_under_its_code(world: World) -> None:
    answer = await world.call("POST", "/programmes", scenario("programme"), role=PO)
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"/programmes/{made['programme_id']}"
    assert made["latest_version"] == 0
    assert [a["action"] for a in made["actions"]] == ["add_version"]

    refused = await world.post("/programmes", scenario("programme"), role=PO, expect=409)
    assert refused["type"] == "/problems/programme-code-taken"
    assert len((await world.get("/programmes", role=RO))["items"]) == 1


async def test_a_repeated_request_founds_one_programme_and_gives_the_same_answer(world: World) -> None:
    sent = scenario("programme")
    one = await world.call("POST", "/programmes", sent, role=PO, key="the-same-key-twice")
    two = await world.call("POST", "/programmes", sent, role=PO, key="the-same-key-twice")
    assert (one.status_code, one.content) == (two.status_code, two.content)
    other = await world.call("POST", "/programmes", {**sent, "code": "other"}, role=PO, key="the-same-key-twice")
    assert other.status_code == 422


async def test_a_version_is_given_again_as_it_was_added(world: World) -> None:
    made = await world.post("/programmes", scenario("programme"), role=PO)
    path = f"/programmes/{made['programme_id']}/versions"
    answer = await world.call("POST", path, version(), role=PO)
    assert answer.status_code == 201
    assert answer.json()["number"] == 1
    assert answer.headers["location"] == f"{path}/1"
    content = (await world.get(f"{path}/1", role=RO))["content"]
    assert [rule["code"] for rule in content["rules"]] == [rule["code"] for rule in version()["rules"]]
    assert content["package"][0]["amount"] == "50.00"
    again = await world.post("/programmes", {**scenario("programme"), "code": "copy"}, role=PO)
    await world.post(f"/programmes/{again['programme_id']}/versions", content, role=PO)
    copied = await world.get(f"/programmes/{again['programme_id']}/versions/1", role=RO)
    assert copied["content"] == content


async def test_a_new_version_for_the_same_dates_says_which_it_supersedes(world: World) -> None:
    programme = await found(world)
    path = f"/programmes/{programme}/versions"
    later = await world.post(path, version(valid_from="2023-01-01", valid_until=None), role=PO)
    assert later["supersedes"] == []
    both = await world.post(path, version(valid_until=None), role=PO)
    assert both["supersedes"] == [1, 2]
    assert [v["number"] for v in (await world.get(path, role=RO))["items"]] == [1, 2, 3]
    page = await world.get(f"{path}?limit=2", role=RO)
    rest = await world.get(f"{path}?limit=2&cursor={page['next']}", role=RO)
    assert [v["number"] for v in rest["items"]] == [3]
    assert rest["next"] is None


def _rule(**changes: Any) -> dict[str, Any]:
    return {**version()["rules"][1], **changes}


def _line(**changes: Any) -> dict[str, Any]:
    return {**version()["package"][0], **changes}


_UNKNOWN = {
    "op": "compare",
    "left": {"op": "fact", "name": "case.shoes"},
    "how": "less",
    "right": {"op": "value", "value": 1},
}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown fact", {"rules": [_rule(expression=_UNKNOWN)]}, "/rules/0/expression/left/name"),
    ("a number for a rule", {"rules": [_rule(expression={"op": "value", "value": 3})]}, "/rules/0/expression"),
    ("a code used twice", {"rules": [_rule(), _rule()]}, "/rules/1/code"),
    ("a placeholder the rule does not see", {"rules": [_rule(failed="For {case.stay_days}.")]}, "/rules/0/failed"),
    ("a brace left open", {"rules": [_rule(passed="For {case.means.")]}, "/rules/0/passed"),
    ("another currency", {"rules": [_rule()], "package": [_line(currency="USD")]}, "/package/0/currency"),
    ("dates in the wrong order", {"rules": [_rule()], "valid_until": "2020-01-01"}, "/valid_until"),
    (
        "a choice with one choice",
        {"rules": [_rule()], "questions": [{"code": "q", "text": "Q?", "kind": "choice", "choices": ["a"]}]},
        "/questions/0/choices",
    ),
    (
        "choices for a number",
        {"rules": [_rule()], "questions": [{"code": "q", "text": "Q?", "kind": "number", "choices": ["a", "b"]}]},
        "/questions/0/choices",
    ),
]


async def test_a_version_that_does_not_hold_together_is_refused_with_the_place(world: World) -> None:
    made = await world.post("/programmes", scenario("programme"), role=PO)
    path = f"/programmes/{made['programme_id']}/versions"
    for name, changes, place in REFUSED:
        refused = await world.post(path, version(**changes), role=PO, expect=422)
        assert refused["type"] == "/problems/programme-version-refused", name
        assert place in [error["pointer"] for error in refused["errors"]], name
        assert all(error["detail"] for error in refused["errors"]), name
    assert (await world.get(path, role=RO))["items"] == []
    assert (await world.get(f"/programmes/{made['programme_id']}", role=RO))["latest_version"] == 0


WRONG_FORM: list[dict[str, Any]] = [
    {"rules": []},
    {"decision_valid_days": 0},
    {"surprise": True},
    {"package": [_line(currency="EURO")]},
    {"package": [_line(amount=50)], "provisional": "yes"},
    {"package": [_line(amount="-1")]},
    {"rules": [_rule(expression={"op": "guess"})]},
    {"valid_from": "2021-02-30"},
]


async def test_a_version_in_the_wrong_form_is_refused(world: World) -> None:
    made = await world.post("/programmes", scenario("programme"), role=PO)
    path = f"/programmes/{made['programme_id']}/versions"
    for changes in WRONG_FORM:
        refused = await world.post(path, version(**changes), role=PO, expect=422)
        assert refused["type"] == "/problems/invalid-body", changes
    assert (await world.get(path, role=RO))["items"] == []


async def test_an_expression_nested_without_end_is_refused_and_breaks_nothing(world: World) -> None:
    deep: dict[str, Any] = {"op": "value", "value": True}
    for _ in range(300):
        deep = {"op": "not", "of": deep}
    made = await world.post("/programmes", scenario("programme"), role=PO)
    path = f"/programmes/{made['programme_id']}/versions"
    refused = await world.post(path, version(rules=[_rule(expression=deep)]), role=PO, expect=422)
    assert refused["type"] in ("/problems/invalid-body", "/problems/programme-version-refused")


async def test_a_version_made_from_a_stale_reading_is_refused(world: World) -> None:
    programme = await found(world)
    tag = (await world.call("GET", f"/programmes/{programme}", role=PO)).headers["etag"]
    path = f"/programmes/{programme}/versions"
    await world.post(path, version(), role=PO, etag=tag)
    stale = await world.post(path, version(), role=PO, etag=tag, expect=412)
    assert stale["type"] == "/problems/stale-version"
    assert len((await world.get(path, role=RO))["items"]) == 2


async def test_a_new_version_decides_open_cases_again_and_names_what_it_replaces(world: World) -> None:
    programme = await found(world)
    family = await Family(world).register()
    before = (await family.answer(YES))["decision"]

    dearer = version()
    dearer["package"][0]["amount"] = "60.00"
    await world.post(f"/programmes/{programme}/versions", dearer, role=PO)
    after = (await family.standing())["decision"]
    assert (after["total"], after["programme_version"]) == ("2640.00", 2)
    assert after["replaces"] == before["decision_id"]
    assert after["because"] == "programme_changed"


async def test_a_new_version_that_changes_nothing_for_a_case_makes_no_decision(world: World) -> None:
    programme = await found(world)
    family = await Family(world).register()
    before = (await family.answer(YES))["decision"]
    await world.post(f"/programmes/{programme}/versions", version(source="ours, worded anew"), role=PO)
    assert (await family.standing())["decision"] == before
    assert len(await world.told(EligibilityDecided)) == 2


async def test_a_programme_that_comes_later_decides_the_cases_that_waited_for_one(world: World) -> None:
    family = await Family(world).register()
    assert (await family.standing())["status"] == "undecided"
    await found(world)
    assert (await family.standing())["status"] == "needs_information"


async def test_more_cases_than_one_change_can_look_at_are_looked_at_afterwards(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LOOK_AT_ONCE", 2)
    monkeypatch.setattr(actions, "CARRY_AT_ONCE", 2)
    families = [await Family(world).register() for _ in range(5)]
    made = await world.post("/programmes", scenario("programme"), role=PO)
    added = await world.post(f"/programmes/{made['programme_id']}/versions", version(), role=PO)
    assert added["cases_still_to_look_at"] == 3
    waiting = [(await family.standing())["looks_again"] for family in families]
    assert sorted(waiting) == [False, False, True, True, True]
    assert len(await world.told(EligibilityDecided)) == 2

    while await world.runtime.runner.turn():
        pass
    standings = [await family.standing() for family in families]
    assert [s["status"] for s in standings] == ["needs_information"] * 5
    assert not any(s["looks_again"] for s in standings)
    told = await world.told(EligibilityDecided)
    assert len({envelope.key for envelope in told}) == len(told) == 5
    assert len({envelope.cause for envelope in told}) == 1


async def test_a_version_that_names_itself_does_so_in_its_own_language_too(world: World) -> None:
    made = await world.post("/programmes", scenario("programme"), role=PO)
    path = f"/programmes/{made['programme_id']}/versions"
    problem = await world.post(path, version(language="fr", titles={"ckb": "گەڕانەوە"}), role=PO, expect=422)
    [error] = problem["errors"]
    assert (error["pointer"], "own language, fr" in error["detail"]) == ("/titles", True)
    await world.post(path, version(titles={"no such tag": "?"}), role=PO, expect=422)
    await world.post(path, version(language="fr", titles={"fr": "Le retour"}), role=PO)
