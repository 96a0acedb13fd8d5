"""Who gives a consent: an adult alone, for a child who is responsible for it, with its own say, and rarely a proxy."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.registration.consents.rules import (
    ChildNotAsked,
    ChildSaysNo,
    ConsentGiverNotEntitled,
    Giving,
    HowGiven,
    ProxyReason,
    Purpose,
    how_given,
)
from tests.registration.story import AU, CO, ME, PR, Case, family_body, person, register
from tests.registration.test_children_alone import boy_alone
from tests.registration.test_consents import consent
from tests.registration.test_protection_of_persons import doubt
from tests.world import World, contents

NAME = "Rêzan Barzinjî"


def proxy(reason: str) -> Any:
    return {"proxy_reason": reason, "proxy_name": NAME}


async def refused(case: Case, expect: int = 422, **changes: Any) -> Any:
    """The refusal of a consent with these changes, which changed nothing."""
    before = await contents(case.world)
    ref = changes.pop("ref", "mother")
    answer = await case.world.post(f"{case.path}/consents", consent(case, ref, **changes), role=CO, expect=expect)
    assert await contents(case.world) == before
    assert NAME not in str(answer)
    return answer


async def give(case: Case, ref: str, **changes: Any) -> Any:
    return await case.world.post(f"{case.path}/consents", consent(case, ref, **changes), role=CO, expect=201)


async def test_an_adult_consents_alone_and_nobody_for_them(world: World) -> None:
    case = await register(world)
    father, mother = str(case.ids["father"]), str(case.ids["mother"])
    answer = await refused(case, given_by=father)
    assert (answer["type"], answer["why"]) == (
        "/problems/consent-giver-not-entitled",
        "an adult consents alone: leave `given_by` out",
    )
    assert "not_able_to_decide" in (await refused(case, **proxy("not_able_to_decide")))["why"]
    assert "child_alone" in (await refused(case, **proxy("child_alone")))["why"]
    assert "child_agrees" in (await refused(case, child_agrees=True))["why"]
    assert (await refused(case, given_by=str(uuid4())))["type"] == "/problems/not-a-member"
    made = await give(case, "mother", given_by=mother)
    assert (made["how"], made["given_by"], made["child_agrees"]) == ("own", mother, None)
    made = await give(case, "father")
    assert (made["how"], made["given_by"]) == ("own", father)


async def test_for_a_child_consents_who_is_responsible_for_it_and_nobody_else(world: World) -> None:
    members = family_body()["members"]
    aunt = person("aunt", "other_relative", "Rêzan", "1990-05-06", "female")
    case = await register(world, family_body(members=[*members, aunt]))
    for giver in ("aunt", "son"):
        answer = await refused(case, ref="son", given_by=str(case.ids[giver]))
        assert (answer["type"], "responsible" in answer["why"]) == ("/problems/consent-giver-not-entitled", True)
    assert "responsible" in (await refused(case, ref="son", given_by=None))["why"], "nor the child for itself"
    assert "responsible" in (await refused(case, ref="son", **proxy("child_alone"), given_by=None))["why"]
    made = await give(case, "son", given_by=str(case.ids["mother"]))
    assert (made["how"], made["given_by"]) == ("by_responsible", str(case.ids["mother"]))


async def test_a_child_old_enough_is_asked_and_the_no_of_any_child_counts(world: World) -> None:
    members = family_body()["members"]
    parents = ["father", "mother"]
    older = person("older", "child", "Dilan", "2009-12-09", "male", responsible=parents)
    younger = person("younger", "child", "Ava", "2009-12-10", "female", responsible=parents)
    case = await register(world, family_body(members=[*members, older, younger]))
    mother = str(case.ids["mother"])
    answer = await refused(case, ref="older", given_by=mother)
    assert answer["type"] == "/problems/child-not-asked"
    for ref in ("older", "younger"):
        answer = await refused(case, 409, ref=ref, given_by=mother, child_agrees=False)
        assert answer["type"] == "/problems/child-says-no"
    assert (await give(case, "older", given_by=mother, child_agrees=True))["child_agrees"] is True
    assert (await give(case, "younger", given_by=mother))["child_agrees"] is None, "of eleven, the day before twelve"


async def test_for_a_child_alone_a_proxy_consents_with_the_childs_own_say(world: World) -> None:
    case = await boy_alone(world)
    alone: Any = {"ref": "boy", "purpose": "referral", "recipient": "UNHCR"}
    assert "child_alone" in (await refused(case, **alone, child_agrees=True))["why"]
    assert (await refused(case, **alone, **proxy("child_alone")))["type"] == "/problems/child-not-asked"
    assert (
        "who is responsible" in (await refused(case, **alone, **proxy("medical_emergency"), child_agrees=True))["why"]
    )
    made = await give(case, **alone, **proxy("child_alone"), child_agrees=True)
    assert (made["how"], made["given_by"]) == ("by_proxy", None)
    sent = {"individual_id": str(case.ids["boy"]), "recipient": "UNHCR", "need": "legal_aid"}
    await world.post(f"{case.path}/referrals", sent, role=CO, expect=201)


async def test_a_proxy_says_why_and_who_and_is_shown_to_those_who_take_consents(world: World) -> None:
    case = await register(world)
    halves: list[Any] = [{"proxy_reason": "medical_emergency"}, {"proxy_name": NAME}]
    for half in halves:
        assert (await refused(case, purpose="referral", **half))["type"] == "/problems/invalid-body"
    both: Any = {**proxy("medical_emergency"), "given_by": str(case.ids["father"])}
    assert (await refused(case, purpose="referral", **both))["type"] == "/problems/invalid-body"
    assert "emergency" in (await refused(case, **proxy("medical_emergency")))["why"], "not to be reached at home"
    for purpose in ("publication_of_words", "research"):
        answer = await refused(case, purpose=purpose, **proxy("medical_emergency"))
        assert answer["why"] == "to this purpose nobody consents as a proxy"
    await give(case, "mother", purpose="medical_information", recipient="Hospital", **proxy("medical_emergency"))
    for role, sees in ((CO, True), (PR, True), (AU, False)):
        (shown,) = (await world.get(f"{case.path}/consents", role=role))["items"]
        (standing,) = (await world.get(f"{case.path}/consents/standing", role=role))["items"]
        for one in (shown, *standing["consents"]):
            assert one["how"] == "by_proxy"
            assert (one["proxy_name"], one["proxy_reason"]) == ((NAME, "medical_emergency") if sees else (None, None))


async def test_who_is_not_able_to_decide_consents_through_a_proxy_alone(world: World) -> None:
    case = await register(world)
    made = await doubt(case, "mother")
    assert (await refused(case, 409))["type"] == "/problems/capacity-in-doubt"
    daughter: Any = {"ref": "daughter", "given_by": str(case.ids["mother"])}
    assert (await refused(case, 409, **daughter))["type"] == "/problems/capacity-in-doubt", "nor for a child"
    unable = {"profession": "psychiatrist", "outcome": "not_able", "representative": NAME, "paper": "DC-77"}
    await world.post(f"{case.path}/capacity-doubts/{made['id']}/assessment", unable, role=ME)
    answer = await refused(case, 409)
    assert answer["type"] == "/problems/decides-through-another"
    assert "`proxy_reason`" in answer["remedy"]
    assert (await give(case, "mother", **proxy("not_able_to_decide")))["how"] == "by_proxy"
    assert (await give(case, "daughter", given_by=str(case.ids["father"])))["how"] == "by_responsible"


async def test_whose_age_is_disputed_consents_as_a_child(world: World) -> None:
    case = await register(
        world, family_body(members=[person("man", "principal_applicant", "Aram", "2002-06-01", "male")])
    )
    assert (await give(case, "man"))["how"] == "own"
    await world.post(f"{case.path}/members/{case.ids['man']}/age-dispute", role=CO)
    assert "child_alone" in (await refused(case, ref="man", form_version="2022-1", child_agrees=True))["why"]


CHILD, PARENT = UUID(int=1), UUID(int=2)
AS_PARENT: dict[str, Any] = {
    "individual": CHILD,
    "purpose": Purpose.REFERRAL,
    "is_adult": False,
    "age": 11,
    "responsible": [PARENT],
    "giver": PARENT,
    "proxy": None,
    "not_able": False,
    "child_agrees": None,
}
ALONE: dict[str, Any] = {"responsible": [], "giver": None, "proxy": ProxyReason.CHILD_ALONE}
ADULT = {"is_adult": True, "age": 18, "responsible": [], "giver": CHILD}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, HowGiven.BY_RESPONSIBLE),
        ({"age": 12}, ChildNotAsked),
        ({"age": 12, "child_agrees": True}, HowGiven.BY_RESPONSIBLE),
        ({"age": 3, "child_agrees": False}, ChildSaysNo),
        ({"giver": CHILD, "child_agrees": True}, ConsentGiverNotEntitled),
        ({"purpose": Purpose.PUBLICATION_OF_WORDS}, HowGiven.BY_RESPONSIBLE),
        (ALONE, HowGiven.BY_PROXY),
        ({**ALONE, "age": 17}, ChildNotAsked),
        ({**ALONE, "responsible": [PARENT]}, ConsentGiverNotEntitled),
        ({**ALONE, "purpose": Purpose.RESEARCH}, ConsentGiverNotEntitled),
        ({**ALONE, "proxy": ProxyReason.NOT_ABLE, "not_able": True}, ConsentGiverNotEntitled),
        (ADULT, HowGiven.OWN),
        ({**ADULT, "child_agrees": False}, ConsentGiverNotEntitled),
        ({**ADULT, "giver": PARENT}, ConsentGiverNotEntitled),
        ({**ADULT, "giver": None, "proxy": ProxyReason.EMERGENCY}, HowGiven.BY_PROXY),
        ({**ADULT, "giver": None, "proxy": ProxyReason.NOT_ABLE}, ConsentGiverNotEntitled),
        ({**ADULT, "giver": None, "proxy": ProxyReason.NOT_ABLE, "not_able": True}, HowGiven.BY_PROXY),
    ],
)
def test_who_gives_a_consent_is_decided_by_age_and_responsibility(changes: dict[str, Any], outcome: Any) -> None:
    giving = Giving(**{**AS_PARENT, **changes})
    if isinstance(outcome, HowGiven):
        assert how_given(giving) is outcome
        return
    with pytest.raises(outcome):
        how_given(giving)
