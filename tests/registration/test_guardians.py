"""Whoever comes along with a child is responsible for it by relation or by a paper, and never by a word of the desk."""

from typing import Any
from uuid import uuid4

import pytest

from services.registration.cases.rules import Alone, Person, ResponsibilityNotShown, check_parents, how_alone, is_parent
from services.registration.guardians.rules import GuardianUnclear, Link, Showing, check_guardian, check_shown
from shared.contracts import registration as r
from shared.contracts.registration import Relation
from tests.registration.story import AU, CO, PR, RO, TO, Case, family_body, person, register
from tests.registration.test_children_alone import girl_with_uncle, missing
from tests.registration.test_corrections import correct
from tests.world import World, contents

UNCLE = person("uncle", "principal_applicant", "Kawa", "1979-01-02", "male")
ORDER = {"showing": "appointment_of_guardian", "reference": "G-17"}


def shown(case: Case, **changes: Any) -> dict[str, Any]:
    return {"individual_id": str(case.ids["girl"]), "guardian_id": str(case.ids["uncle"]), **ORDER, **changes}


async def pending(case: Case, ref: str = "girl") -> bool:
    (found,) = [each for each in (await case.read())["members"] if each["individual_id"] == str(case.ids[ref])]
    return bool(found["protection_pending"])


def test_a_parent_is_one_by_the_relations_to_the_principal_applicant() -> None:
    pairs = {(adult, child) for adult in Relation for child in Relation if is_parent(adult, child)}
    assert pairs == {
        (Relation.PRINCIPAL, Relation.CHILD),
        (Relation.SPOUSE, Relation.CHILD),
        (Relation.PARENT, Relation.SIBLING),
        (Relation.PARENT, Relation.PRINCIPAL),
    }


@pytest.mark.parametrize(
    ("child", "adults", "how"),
    [
        (Relation.PRINCIPAL, [], Alone.UNACCOMPANIED),
        (Relation.SIBLING, [], Alone.UNACCOMPANIED),
        (Relation.NOT_RELATED, [Relation.PRINCIPAL, Relation.SPOUSE], Alone.UNACCOMPANIED),
        (Relation.OTHER_RELATIVE, [Relation.PRINCIPAL], Alone.SEPARATED),
        (Relation.SIBLING, [Relation.NOT_RELATED, Relation.PRINCIPAL], Alone.SEPARATED),
        (Relation.SIBLING, [Relation.NOT_RELATED], Alone.UNACCOMPANIED),
    ],
)
def test_a_child_alone_is_separated_with_an_adult_relative_and_else_unaccompanied(
    child: Relation, adults: list[Relation], how: Alone
) -> None:
    assert how_alone(child, adults) is how


def test_a_guardian_is_an_adult_and_an_interview_shows_a_parent_alone() -> None:
    uncle = Link(uuid4(), Relation.OTHER_RELATIVE, uuid4(), Relation.PRINCIPAL)
    father = Link(uuid4(), Relation.CHILD, uuid4(), Relation.PRINCIPAL)
    check_guardian(Showing.COURT_ORDER, uncle, child_is_adult=False, adult_is_adult=True)
    check_guardian(Showing.INTERVIEW, father, child_is_adult=False, adult_is_adult=True)
    for showing, link, grown, adult in (
        (Showing.INTERVIEW, uncle, False, True),
        (Showing.COURT_ORDER, uncle, True, True),
        (Showing.COURT_ORDER, uncle, False, False),
    ):
        with pytest.raises(GuardianUnclear):
            check_guardian(showing, link, child_is_adult=grown, adult_is_adult=adult)


def test_of_a_child_that_was_alone_only_the_record_of_protection_says_who_is_responsible() -> None:
    father = Link(uuid4(), Relation.CHILD, uuid4(), Relation.PRINCIPAL)
    check_shown([father], set(), ())
    check_shown([father], {(father.child, father.adult)}, [father.child])
    with pytest.raises(ResponsibilityNotShown):
        check_shown([father], set(), [father.child])


def test_whoever_is_no_parent_is_not_named_responsible_at_the_desk() -> None:
    body = family_body()["members"]
    family = [Person(m["ref"], Relation(m["relation"]), m["birth_date"], m.get("responsible", ())) for m in body]
    check_parents(family)


@pytest.mark.parametrize("relation", ["other_relative", "not_related", "sibling"])
async def test_an_uncle_named_responsible_at_the_desk_is_refused(world: World, relation: str) -> None:
    girl = person("girl", relation, "Lana", "2010-03-04", "female", responsible=["uncle"])
    before = await contents(world)
    refused = await world.post("/cases", family_body(members=[UNCLE, girl]), role=RO, expect=422)
    assert (refused["type"], refused["member"]) == ("/problems/responsibility-not-shown", 2)
    assert "protection" in refused["remedy"]
    assert await contents(world) == before


async def test_no_correction_of_the_desk_makes_an_uncle_responsible_or_the_girl_grown_up(world: World) -> None:
    case = await girl_with_uncle(world)
    uncle = {"responsible": [str(case.ids["uncle"])]}
    await correct(case, "girl", {"reason": "told_otherwise", **uncle}, expect=422)
    await correct(case, "girl", {"reason": "told_otherwise", "relation": "child", **uncle}, expect=422)
    await correct(case, "girl", {"reason": "told_otherwise", "relation": "child"})
    refused = await correct(case, "girl", {"reason": "told_otherwise", **uncle}, expect=422)
    assert refused["type"] == "/problems/responsibility-not-shown"
    await correct(case, "girl", {"birth_date": "2001-03-04"})
    (girl,) = (await world.get(f"{case.path}/protection", role=PR))["children"]
    assert (girl["age_disputed"], girl["protection_pending"], girl["alone"]) == (True, True, "separated")
    assert await world.told(r.ProtectionCleared) == []
    settled = {"basis": "document"}
    await world.post(f"{case.path}/members/{case.ids['girl']}/age-dispute/settlement", settled, role=PR)
    assert len(await world.told(r.ProtectionCleared)) == 1, "protection saw the paper"


async def test_with_a_guardians_paper_recorded_by_protection_the_child_is_not_alone(world: World) -> None:
    case = await girl_with_uncle(world)
    await case.counsel()
    await case.sign("girl", "uncle", expect=422)
    for role in (CO, RO, TO, AU):
        await world.post(f"{case.path}/guardians", shown(case), role=role, expect=403)
    made = await world.post(f"{case.path}/guardians", shown(case), role=PR)
    assert (made["status"], made["protection_pending"]) == ("stands", False)
    (told,) = await world.told(r.CaseCorrected)
    assert told.data["members"][1]["responsible"] == [str(case.ids["uncle"])]
    assert "G-17" not in str(told.data)
    await case.sign("girl", "uncle")
    assert (await world.get(f"{case.path}/protection", role=PR))["children"] == []
    await correct(case, "girl", {"relation": "not_related"})
    ended = await world.post(f"{case.path}/guardians/{made['id']}/end", role=PR)
    assert (ended["status"], ended["protection_pending"]) == ("ended", True)
    assert (await case.statuses())["girl"] == "counselled" or (await case.statuses())["girl"] == "open"
    assert len(await missing(case)) == 8
    listed = await world.get(f"{case.path}/guardians", role=PR)
    assert [each["status"] for each in listed["items"]] == ["ended"]


async def test_a_guardian_that_cannot_be_is_refused_and_changes_nothing(world: World) -> None:
    case = await girl_with_uncle(world)
    made = await world.post(f"{case.path}/guardians", shown(case), role=PR)
    before = await contents(world)
    for body, status, kind in (
        (shown(case), 409, "guardian-stands"),
        (shown(case, individual_id=str(case.ids["uncle"])), 422, "guardian-unclear"),
        (shown(case, guardian_id=str(case.ids["girl"])), 422, "guardian-unclear"),
        (shown(case, guardian_id=str(uuid4())), 422, "not-a-member"),
        (shown(case, showing="interview_by_protection"), 422, "guardian-unclear"),
        (shown(case, reference="\x00"), 422, "invalid-body"),
    ):
        answer = await world.call("POST", f"{case.path}/guardians", body, role=PR)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    await world.post(f"{case.path}/guardians/{uuid4()}/end", role=PR, expect=404)
    assert await contents(world) == before
    await world.post(f"{case.path}/guardians/{made['id']}/end", role=PR)
    await world.post(f"{case.path}/guardians/{made['id']}/end", role=PR, expect=409)


async def test_the_case_says_to_who_works_with_the_people_how_a_child_is_alone(world: World) -> None:
    case = await girl_with_uncle(world)
    for role, seen in ((RO, "separated"), (CO, "separated"), (PR, "separated"), (TO, None), (AU, None)):
        assert [each["alone"] for each in (await case.read(role))["members"]] == [None, seen]
    family = await register(world)
    assert {each["alone"] for each in (await family.read(PR))["members"]} == {None}
    assert await pending(case)
