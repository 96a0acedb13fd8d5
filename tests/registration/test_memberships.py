"""Who joins a case that is there already, and who leaves it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.registration.cases.rules import DatesImpossible
from services.registration.memberships.rules import (
    CaseOnTheWay,
    ChildLeavesWithProtection,
    ComesBy,
    NobodyWouldStay,
    ParentLeavesWithProtection,
    check_born,
    check_left_since,
    check_may_leave,
    check_on_the_ground,
)
from shared.contracts import registration as r
from shared.contracts.registration import Left
from tests.registration.story import AU, CO, PR, RO, TO, Case, family_body, person, register
from tests.registration.test_children_alone import girl_with_uncle
from tests.registration.test_guardians import shown
from tests.world import World, contents

GONE = {"how": "gone"}


def newborn(case: Case, **changes: Any) -> dict[str, Any]:
    body = person("baby", "child", "Hêvî", "2021-12-08", "female")
    del body["ref"]
    return {**body, "how": "born", "responsible": [str(case.ids[one]) for one in ("father", "mother")], **changes}


async def join(case: Case, body: dict[str, Any], expect: int = 201, ref: str = "baby") -> Any:
    etag = await case.etag()
    answer = await case.world.call("POST", f"{case.path}/members", body, role=RO, etag=etag)
    assert answer.status_code == expect, answer.text
    if expect == 201:
        case.ids[ref] = type(case.id)(answer.json()["individual_id"])
    return answer.json()


async def leave(case: Case, ref: str, expect: int = 200, role: Any = RO, **changes: Any) -> Any:
    path = f"{case.path}/members/{case.ids[ref]}/leaving"
    answer = await case.world.call("POST", path, {**GONE, **changes}, role=role, etag=await case.etag())
    assert answer.status_code == expect, answer.text
    return answer.json()


async def rejoin(case: Case, ref: str, relation: str, expect: int = 200, role: Any = RO, **changes: Any) -> Any:
    path = f"{case.path}/members/{case.ids[ref]}/rejoining"
    body = {"relation": relation, **changes}
    answer = await case.world.call("POST", path, body, role=role, etag=await case.etag())
    assert answer.status_code == expect, answer.text
    return answer.json()


def names_of(told: Any) -> set[str]:
    return {each["individual"] for each in told.data["members"]}


async def membership(case: Case, role: Any = RO) -> Any:
    return (await case.world.get(f"{case.path}/membership", role=role))["items"]


async def test_a_child_is_born_and_told_with_the_whole_case_and_no_name(world: World) -> None:
    family = await (await register(world)).declare()
    before = set(family.ids.values())
    made = await join(family, newborn(family))
    assert (made["age_band"], made["protection_pending"], made["status"]) == ("under_2", False, "open")
    (told,) = await world.told(r.MemberJoined, family.id)
    assert (told.subject, told.data["how"], told.attempt) == (made["individual_id"], "born", 1)
    assert names_of(told) == {str(one) for one in before} | {made["individual_id"]}
    assert "Hêvî" not in str(told.data)
    assert "2021-12-08" not in str(told.data["members"])
    statuses = await family.statuses()
    assert statuses["baby"] == "open", "who joins has declared nothing"
    assert {statuses[one] for one in ("father", "mother", "daughter", "son")} == {"declared"}
    await family.sign("baby", "father", "mother")
    assert (await family.read())["status"] == "declared"
    (kept,) = await membership(family)
    assert (kept["change"], kept["how"], kept["given_name"]) == ("joined", "born", "Hêvî")
    (seen,) = await membership(family, AU)
    assert (seen["given_name"], seen["family_name"]) == (None, None)
    await world.get(f"{family.path}/membership", role=TO, expect=403)


async def test_a_husband_found_later_is_counselled_and_signs_for_himself(world: World) -> None:
    mother = person("mother", "principal_applicant", "شیلان", "1988-07-04", "female")
    son = person("son", "child", "Zanyar", "2015-11-30", "male", responsible=["mother"])
    family = await register(world, family_body(members=[mother, son]))
    await family.counsel()
    await family.sign("mother")
    await family.sign("son", "mother")
    him = person("father", "spouse", "Hêmin", "1984-02-29", "male", how="found")
    del him["ref"]
    await join(family, him, ref="father")
    unheard = await world.post(f"{family.path}/declarations", family.declaration("father"), role=CO, expect=409)
    assert unheard["type"].endswith("counselling-missing")
    await family.counsel("father")
    await family.sign("father")
    assert set((await family.statuses()).values()) == {"declared"}


async def test_a_child_who_joins_without_parents_here_waits_for_protection(world: World) -> None:
    family = await register(world)
    nephew = person("nephew", "other_relative", "Aram", "2010-06-01", "male", how="found")
    del nephew["ref"]
    made = await join(family, nephew)
    assert made["protection_pending"]
    (told,) = await world.told(r.ProtectionPending, family.id)
    assert told.data["individual"] == made["individual_id"]
    uncle = {**nephew, "given_name": "Other", "responsible": [str(family.ids["father"])]}
    assert (await join(family, uncle, expect=422))["type"].endswith("responsibility-not-shown")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"birth_date": "2022-01-15"}, "validation"),
        ({"birth_date": "2019-01-15"}, "dates-impossible"),
        ({"how": "came_back"}, "validation"),
        ({"relation": "principal_applicant"}, "members-unclear"),
        ({"responsible": [str(uuid4())]}, "not-a-member"),
        ({"given_name": "a\x00b"}, "validation"),
    ],
)
async def test_what_cannot_be_joins_nobody(world: World, change: dict[str, Any], why: str) -> None:
    family = await register(world)
    before = await contents(world)
    answer = await join(family, newborn(family, **change), expect=422)
    assert answer["type"].endswith(why) or why == "validation"
    assert await contents(world) == before


async def test_joining_and_leaving_need_the_version_that_was_read_and_a_role(world: World) -> None:
    family = await register(world)
    path, body = f"{family.path}/members", newborn(family)
    assert (await world.call("POST", path, body, role=RO)).status_code == 428
    assert (await world.call("POST", path, body, role=RO, etag='"9"')).status_code == 412
    assert (await world.call("POST", path, body, role=TO, etag=await family.etag())).status_code == 403
    leaving = f"{path}/{family.ids['mother']}/leaving"
    assert (await world.call("POST", leaving, GONE, role=RO)).status_code == 428
    strange = f"{path}/{uuid4()}/leaving"
    assert (await world.call("POST", strange, GONE, role=RO, etag=await family.etag())).status_code == 404


async def test_who_joins_and_looks_like_somebody_registered_is_shown_before_saving(world: World) -> None:
    other = await register(
        world, family_body(members=[person("him", "principal_applicant", "Kawa", "1990-01-01", "male")])
    )
    family = await register(world)
    brother = person("brother", "sibling", "Kawa", "1990-01-01", "male", how="found")
    del brother["ref"]
    problem = await join(family, brother, expect=409)
    assert problem["candidates"] == [str(other.ids["him"])]
    await join(family, {**brother, "seen_alike": problem["candidates"]})


async def test_a_son_goes_his_own_way_and_the_rest_goes_on(world: World) -> None:
    grown = person("brother", "sibling", "Kawa", "1999-01-01", "male")
    family = await register(world, family_body(members=[*family_body()["members"], grown]))
    await family.declare()
    await family.sign("brother")
    left = await leave(family, "brother", how="another_case")
    assert (left["status"], left["protection_pending"]) == ("declared", [])
    (told,) = await world.told(r.MemberLeft, family.id)
    assert (told.data["individual"], told.data["how"]) == (str(family.ids["brother"]), "another_case")
    assert told.data["member"]["relation"] == "sibling"
    assert str(family.ids["brother"]) not in names_of(told)
    (lapsed,) = await world.told(r.DeclarationLapsed, family.id)
    assert lapsed.data["individual"] == str(family.ids["brother"]), "and nobody else's falls"
    shown_now = await family.read()
    assert str(family.ids["brother"]) not in str(shown_now["members"])
    (listed,) = (await world.get("/cases", role=RO))["items"]
    assert str(family.ids["brother"]) not in str(listed)
    (kept,) = await membership(family)
    assert (kept["change"], kept["given_name"]) == ("left", "Kawa"), "he stays in the record"
    assert (await leave(family, "brother", expect=409))["type"].endswith("left-case-already")
    withdrawing = {"individuals": [str(family.ids["brother"])], "channel": "in_person"}
    answer = await world.post(f"{family.path}/withdrawal", withdrawing, role=CO, expect=422)
    assert answer["type"].endswith("not-a-member")


async def test_who_left_is_registered_in_a_case_of_their_own_and_linked_with_the_old_record(world: World) -> None:
    grown = person("brother", "sibling", "Kawa", "1999-01-01", "male")
    family = await register(world, family_body(members=[*family_body()["members"], grown]))
    await leave(family, "brother", how="another_case")
    alone = {**grown, "relation": "principal_applicant"}
    own = family_body(members=[alone], contact={}, seen_alike=[])
    shown_first = await world.post("/cases", own, role=RO, expect=409)
    assert shown_first["candidates"] == [str(family.ids["brother"])]
    his = await register(world, {**own, "seen_alike": shown_first["candidates"]})
    await world.post("/duplicate-reviews", {}, role=RO)
    (likeness,) = (await world.get("/possible-duplicates", role=RO))["items"]
    same = {"verdict": "same_person", "stands": str(his.ids["brother"])}
    await world.post(f"/possible-duplicates/{likeness['id']}/decision", same, role=RO)
    (linked,) = await world.told(r.PeopleLinked, family.id)
    assert (linked.data["duplicate"], linked.data["standing_case"]) == (str(family.ids["brother"]), str(his.id))
    refused = await rejoin(family, "brother", "sibling", expect=409)
    assert refused["type"].endswith("other-record-goes-on")


async def test_a_father_leaves_and_what_he_signed_for_the_children_lapses(world: World) -> None:
    family = await (await register(world)).declare()
    unclear = await leave(family, "father", expect=422, role=PR)
    assert unclear["type"].endswith("members-unclear"), "somebody is the principal applicant"
    mother = [{"individual_id": str(family.ids["mother"]), "relation": "principal_applicant"}]
    left = await leave(family, "father", role=PR, relations=mother)
    assert left["protection_pending"] == [], "the mother is responsible for them"
    del family.ids["father"]
    assert await family.statuses() == {"mother": "declared", "daughter": "counselled", "son": "counselled"}
    (told,) = await world.told(r.MemberLeft, family.id)
    assert {tuple(each["responsible"]) for each in told.data["members"]} == {(), (str(family.ids["mother"]),)}
    await family.sign("son", "mother")


async def test_a_child_left_without_those_responsible_waits_for_protection(world: World) -> None:
    girl = await girl_with_uncle(world)
    await world.post(f"{girl.path}/guardians", shown(girl), role=PR)
    aunt = person("aunt", "spouse", "Rêzan", "1981-01-02", "female", how="found")
    del aunt["ref"]
    await join(girl, aunt, ref="aunt")
    hers = [{"individual_id": str(girl.ids["aunt"]), "relation": "principal_applicant"}]
    left = await leave(girl, "uncle", role=PR, relations=hers)
    assert left["protection_pending"] == [str(girl.ids["girl"])]
    assert len(await world.told(r.ProtectionPending, girl.id)) == 2, "at first, and again"
    (guardian,) = (await world.get(f"{girl.path}/guardians", role=PR))["items"]
    assert guardian["status"] == "rests"


async def test_a_child_leaves_by_protections_record_alone(world: World) -> None:
    family = await register(world)
    assert (await leave(family, "daughter", expect=409))["type"].endswith("child-leaves-with-protection")
    await leave(family, "daughter", role=PR)
    assert "daughter" not in str(await membership(family))
    assert [each["change"] for each in await membership(family)] == ["left"]


async def test_nobody_joins_or_leaves_while_the_doors_are_closed_or_after_somebody_left(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    for _ in ("cleared", "departed"):
        before = await contents(world)
        assert (await join(family, newborn(family), expect=409))["type"].endswith("case-on-the-way")
        assert (await leave(family, "mother", expect=409))["type"].endswith("case-on-the-way")
        assert await contents(world) == before
        await family.depart("father", "son")


async def test_who_left_by_mistake_rejoins_where_they_stood_and_signs_anew(world: World) -> None:
    family = await (await register(world)).declare()
    await leave(family, "mother", role=PR)
    assert (await rejoin(family, "father", "spouse", expect=409))["type"].endswith("in-the-case-already")
    back = await rejoin(family, "mother", "spouse")
    assert back["individual_id"] == str(family.ids["mother"])
    assert (await family.statuses())["mother"] == "counselled"
    (told,) = await world.told(r.MemberJoined, family.id)
    assert told.data["how"] == "came_back"
    assert [each["change"] for each in await membership(family)] == ["left", "joined"]
    assert (await rejoin(family, "mother", "spouse", expect=409))["type"].endswith("in-the-case-already")
    await leave(family, "daughter", role=PR)
    assert (await rejoin(family, "daughter", "child", responsible=[str(family.ids["father"])]))[
        "protection_pending"
    ] is False


async def test_a_flight_that_left_with_who_had_left_the_case_is_an_incident_that_a_person_resolves(
    world: World,
) -> None:
    family = await (await register(world)).declare()
    await leave(family, "mother", role=PR)
    for _ in range(2):
        await family.hear(family.departed("mother", on_paper=True), subject=family.ids["mother"], attempt=1)
    (incident,) = (await world.get("/incidents", role=PR))["items"]
    assert (incident["kind"], incident["individual_id"]) == ("departed_uncleared", str(family.ids["mother"]))
    path, confirmed = f"/incidents/{incident['id']}/resolution", {"resolution": "departure_confirmed"}
    refused = await world.post(path, confirmed, role=PR, expect=422)
    assert refused["type"].endswith("not-a-member"), "she is of the case again first"
    await rejoin(family, "mother", "spouse")
    await world.post(path, confirmed, role=PR)
    assert (await family.statuses())["mother"] == "departed"


async def test_the_last_one_does_not_leave_but_the_case_is_closed(world: World) -> None:
    alone = await register(
        world, family_body(members=[person("man", "principal_applicant", "A", "1990-01-01", "male")])
    )
    assert (await leave(alone, "man", expect=409))["type"].endswith("nobody-would-stay")


def test_somebody_cleared_or_gone_closes_a_case_to_comers_and_goers() -> None:
    check_on_the_ground(["open", "counselled", "declared", "withdrawn"], departed=False)
    for statuses, departed in ((["open", "cleared"], False), (["departed"], False), (["declared"], True)):
        with pytest.raises(CaseOnTheWay):
            check_on_the_ground(statuses, departed=departed)
    with pytest.raises(CaseOnTheWay):
        check_on_the_ground(["not_admitted"], departed=False)


def test_who_is_born_into_a_case_is_an_infant_and_born_by_then() -> None:
    noon = datetime(2021, 12, 9, 12, tzinfo=UTC)
    check_born(ComesBy.BORN, date(2021, 12, 10), noon)  # where the day begins earlier
    check_born(ComesBy.BORN, date(2019, 12, 10), noon)
    check_born(ComesBy.FOUND, date(1990, 1, 1), noon)
    for how, born, why in (
        (ComesBy.BORN, date(2019, 12, 9), "under two years"),
        (ComesBy.OTHER, date(2021, 12, 11), "before being born"),
    ):
        with pytest.raises(DatesImpossible) as refusal:
            check_born(how, born, noon)
        assert why in refusal.value.members["why"]


def test_a_child_and_who_is_responsible_for_one_leave_with_protection_and_nobody_leaves_nobody() -> None:
    grown: dict[str, Any] = {
        "is_adult": True,
        "staying": 1,
        "a_child_stays": False,
        "how": Left.GONE,
        "by_protection": False,
    }
    check_may_leave(**grown)
    check_may_leave(**{**grown, "is_adult": False, "by_protection": True})
    check_may_leave(**{**grown, "a_child_stays": True, "by_protection": True})
    check_may_leave(**{**grown, "a_child_stays": True, "how": Left.DIED})
    with pytest.raises(ChildLeavesWithProtection):
        check_may_leave(**{**grown, "is_adult": False})
    for how in set(Left) - {Left.DIED}:
        with pytest.raises(ParentLeavesWithProtection):
            check_may_leave(**{**grown, "a_child_stays": True, "how": how})
    with pytest.raises(NobodyWouldStay):
        check_may_leave(**{**grown, "staying": 0, "by_protection": True})


def test_nobody_leaves_a_case_before_it_was_registered() -> None:
    noon = datetime(2021, 12, 9, 12, tzinfo=UTC)
    check_left_since(noon, noon)
    with pytest.raises(DatesImpossible) as refusal:
        check_left_since(noon, noon - timedelta(seconds=1))
    assert "before it was registered" in refusal.value.members["why"]
