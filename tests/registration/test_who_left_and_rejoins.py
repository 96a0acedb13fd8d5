"""Leaving a case ends no parental responsibility, and coming back brings nobody past protection."""

import pytest

from shared.contracts import registration as r
from shared.contracts import travel
from shared.contracts.registration import DocumentKind
from tests.registration.story import CO, PR, RO, Case, family_body, person, register
from tests.registration.test_children_alone import all_items, girl_with_uncle
from tests.registration.test_guardians import shown
from tests.registration.test_memberships import join, leave, newborn, rejoin
from tests.registration.test_passages import incidents, tell, willing
from tests.world import World, contents

BROTHER = person("brother", "sibling", "Kawa", "1999-01-01", "male")


async def responsible(case: Case) -> dict[str, list[str]]:
    refs = {str(one): ref for ref, one in case.ids.items()}
    members = (await case.read())["members"]
    return {
        refs[each["individual_id"]]: sorted(refs[one] for one in each["responsible"])
        for each in members
        if each["responsible"]
    }


async def with_a_brother(world: World) -> Case:
    return await register(world, family_body(members=[*family_body()["members"], BROTHER]))


@pytest.mark.parametrize("how", ["gone", "another_case", "entered_by_mistake"])
async def test_a_mother_who_said_no_is_not_taken_out_so_that_the_father_signs_alone(world: World, how: str) -> None:
    family = await (await register(world)).declare()
    await tell(family, willing(family, "mother", "no"), "mother")
    before = await contents(world)
    for role in (RO, CO):
        refused = await leave(family, "mother", expect=409, role=role, how=how)
        assert refused["type"].endswith("parent-leaves-with-protection")
    assert await contents(world) == before
    alone = family.declaration("son", "father")
    unsigned = await world.post(f"{family.path}/declarations", alone, role=CO, expect=422)
    assert unsigned["type"].endswith("signature-missing")


async def test_a_mother_who_died_is_taken_out_at_the_desk(world: World) -> None:
    family = await register(world)
    await leave(family, "mother", how="died")
    assert await responsible(family) == {"daughter": ["father"], "son": ["father"]}


async def test_a_leaving_undone_makes_her_their_mother_again_and_what_he_signed_alone_lapses(world: World) -> None:
    family = await (await register(world)).declare()
    await leave(family, "mother", role=PR, how="entered_by_mistake")
    await family.sign("son", "father")
    away = {"mother": family.ids.pop("mother")}
    assert (await family.statuses())["son"] == "declared"
    family.ids |= away
    await rejoin(family, "mother", "spouse")
    assert await responsible(family) == {"daughter": ["father", "mother"], "son": ["father", "mother"]}
    assert (await family.statuses())["son"] == "counselled"
    told = (await world.told(r.MemberJoined, family.id))[-1]
    assert [len(each["responsible"]) for each in told.data["members"] if each["responsible"]] == [2, 2]
    other = await leave(family, "mother", role=PR)
    assert other["protection_pending"] == []
    refused = await rejoin(family, "mother", "other_relative", expect=422)
    assert refused["type"].endswith("responsibility-not-shown"), "and is not made an aunt on the way back"


async def test_a_child_left_alone_gets_the_parent_back_by_protection_and_not_at_the_desk(world: World) -> None:
    mother = person("mother", "principal_applicant", "شیلان", "1988-07-04", "female")
    son = person("son", "child", "Zanyar", "2015-11-30", "male", responsible=["mother"])
    uncle = person("uncle", "other_relative", "Kawa", "1979-01-02", "male")
    family = await register(world, family_body(members=[mother, son, uncle]))
    his = [{"individual_id": str(family.ids["uncle"]), "relation": "principal_applicant"}]
    his += [{"individual_id": str(family.ids["son"]), "relation": "not_related"}]
    left = await leave(family, "mother", role=PR, relations=his)
    assert left["protection_pending"] == [str(family.ids["son"])]
    refused = await rejoin(family, "mother", "spouse", expect=422, role=PR)
    assert refused["type"].endswith("responsibility-not-shown"), "as he is now, she is no parent of his by relation"
    await rejoin(family, "mother", "spouse")
    assert await responsible(family) == {}
    assert await world.told(r.ProtectionCleared, family.id) == []


async def test_protection_undoes_the_leaving_of_an_only_parent(world: World) -> None:
    mother = person("mother", "spouse", "شیلان", "1988-07-04", "female")
    son = person("son", "child", "Zanyar", "2015-11-30", "male", responsible=["mother"])
    father = person("father", "principal_applicant", "Kawa", "1979-01-02", "male")
    family = await register(world, family_body(members=[father, mother, son]))
    await leave(family, "mother", role=PR)
    await rejoin(family, "mother", "spouse", role=PR)
    assert await responsible(family) == {"son": ["mother"]}
    assert len(await world.told(r.ProtectionCleared, family.id)) == 1


async def test_a_separated_girl_who_rejoins_is_no_daughter_by_being_called_one(world: World) -> None:
    girl = await girl_with_uncle(world)
    await leave(girl, "girl", role=PR)
    named = {"responsible": [str(girl.ids["uncle"])]}
    before = await contents(world)
    for relation in ("child", "other_relative"):
        refused = await rejoin(girl, "girl", relation, expect=422, **named)
        assert refused["type"].endswith("responsibility-not-shown")
    assert await contents(world) == before
    assert (await rejoin(girl, "girl", "child"))["protection_pending"]
    assert await world.told(r.ProtectionCleared, girl.id) == []


async def test_a_child_who_rejoins_has_both_parents_whoever_is_named(world: World) -> None:
    family = await register(world)
    await leave(family, "daughter", role=PR)
    back = await rejoin(family, "daughter", "child", responsible=[str(family.ids["father"])])
    assert not back["protection_pending"]
    assert (await responsible(family))["daughter"] == ["father", "mother"]


async def test_a_child_brought_back_after_one_parent_left_is_shown_to_protection(world: World) -> None:
    family = await register(world)
    for child in ("daughter", "son"):
        await leave(family, child, role=PR)
    await leave(family, "mother")
    named = {"responsible": [str(family.ids["father"])]}
    refused = await rejoin(family, "son", "child", expect=422, **named)
    assert refused["type"].endswith("responsibility-not-shown"), "the father alone would sign"
    assert (await rejoin(family, "son", "child"))["protection_pending"]
    assert not (await rejoin(family, "daughter", "child", role=PR))["protection_pending"]
    assert await responsible(family) == {"daughter": ["father"]}


@pytest.mark.parametrize("first", ["mother", "daughter"])
async def test_a_mother_and_a_child_who_both_left_are_so_to_each_other_again(world: World, first: str) -> None:
    family = await register(world)
    other = "daughter" if first == "mother" else "mother"
    for one in (first, other):
        await leave(family, one, role=PR)
    for one, relation in (("mother", "spouse"), ("daughter", "child")):
        await rejoin(family, one, relation)
    assert await responsible(family) == {"daughter": ["father", "mother"], "son": ["father", "mother"]}


async def test_a_mother_who_came_back_and_left_again_is_missed_when_the_child_comes_back(world: World) -> None:
    family = await register(world)
    await leave(family, "mother", role=PR)
    await leave(family, "daughter", role=PR)
    await rejoin(family, "mother", "spouse")
    await leave(family, "mother", role=PR)
    assert (await rejoin(family, "daughter", "child"))["protection_pending"], "the father alone would sign"


async def test_what_is_missing_for_a_child_who_rejoins_is_derived_anew(world: World) -> None:
    girl = await girl_with_uncle(world)
    guardian = await world.post(f"{girl.path}/guardians", shown(girl), role=PR)
    await leave(girl, "girl", role=PR)
    await world.post(f"{girl.path}/guardians/{guardian['id']}/end", role=PR)
    back = await rejoin(girl, "girl", "other_relative")
    assert back["protection_pending"], "what protection ended meanwhile does not come back"
    assert len(await world.told(r.ProtectionPending, girl.id)) == 2
    await all_items(girl, "girl")
    assert len(await world.told(r.ProtectionCleared, girl.id)) == 2


async def test_who_leaves_takes_no_child_from_its_parents_by_what_the_others_are_said_to_be(world: World) -> None:
    family = await with_a_brother(world)
    aside = [{"individual_id": str(family.ids["son"]), "relation": "not_related"}]
    before = await contents(world)
    refused = await leave(family, "brother", expect=422, relations=aside)
    assert refused["type"].endswith("responsibility-not-shown")
    assert await contents(world) == before


@pytest.mark.parametrize(("answer", "kind"), [("pressed", "pressed_at_desk"), ("not_sure", "not_sure_at_desk")])
async def test_who_has_left_and_is_pressed_at_the_desk_is_an_incident_and_held_on_coming_back(
    world: World, answer: str, kind: str
) -> None:
    family = await (await with_a_brother(world)).declare()
    await leave(family, "brother")
    await tell(family, willing(family, "brother", answer), "brother")
    await tell(family, willing(family, "father", "yes"), "father")
    assert await incidents(world) == [(kind, str(family.ids["brother"]))]
    assert await world.told(r.CaseHeld, family.id) == []
    await rejoin(family, "brother", "sibling")
    (held,) = await world.told(r.CaseHeld, family.id)
    assert held.data["individuals"] == [str(family.ids["brother"])]
    assert await incidents(world) == [(kind, str(family.ids["brother"]))]


async def test_who_was_spoken_with_while_out_of_the_case_is_held_for_the_other_statement_alone(world: World) -> None:
    family = await with_a_brother(world)
    await leave(family, "brother")
    for answer in ("pressed", "not_sure"):
        await tell(family, willing(family, "brother", answer), "brother")
    other, first = (await world.get("/incidents", role=PR))["items"]
    await world.post(f"/incidents/{first['id']}/resolution", {"resolution": "spoken_with"}, role=PR)
    await rejoin(family, "brother", "sibling")
    (held,) = await world.told(r.CaseHeld, family.id)
    assert (first["kind"], other["kind"]) == ("pressed_at_desk", "not_sure_at_desk")
    assert held.data["individuals"] == [str(family.ids["brother"])]


async def test_who_has_left_and_is_turned_back_at_the_border_is_an_incident(world: World) -> None:
    family = await with_a_brother(world)
    await leave(family, "brother")
    back = family.passage(travel.PassengerNotAdmitted, "brother", country="IRQ", kind="refused_entry")
    await tell(family, back, "brother", attempt=2)
    assert await incidents(world) == [], "of another attempt"
    await tell(family, back, "brother")
    assert await incidents(world) == [("not_admitted", str(family.ids["brother"]))]


async def test_what_was_told_of_who_had_left_follows_once_they_are_back(world: World) -> None:
    family = await with_a_brother(world)
    await leave(family, "brother")
    await tell(family, willing(family, "brother", "no"), "brother")
    assert await world.told(r.MemberWithdrawn, family.id) == []
    await rejoin(family, "brother", "sibling")
    assert (await family.statuses())["brother"] == "withdrawn"


async def test_the_same_baby_joins_once_and_her_twin_beside_her(world: World) -> None:
    family = await register(world)
    made = await join(family, newborn(family))
    before = await contents(world)
    again = await join(family, newborn(family), expect=409)
    assert again["candidates"] == [made["individual_id"]]
    assert await contents(world) == before
    await join(family, newborn(family, given_name="Rojda"), ref="twin")
    await join(family, newborn(family, seen_alike=again["candidates"]), ref="third")


async def test_who_rejoins_and_is_registered_elsewhere_meanwhile_is_shown_before_saving(world: World) -> None:
    family = await with_a_brother(world)
    await leave(family, "brother", how="another_case")
    own = {**BROTHER, "relation": "principal_applicant"}
    his = await register(world, family_body(members=[own], contact={}, seen_alike=[str(family.ids["brother"])]))
    before = await contents(world)
    problem = await rejoin(family, "brother", "sibling", expect=409)
    assert problem["candidates"] == [str(his.ids["brother"])]
    assert await contents(world) == before
    await rejoin(family, "brother", "sibling", seen_alike=problem["candidates"])


async def test_who_rejoins_beside_a_second_record_of_theirs_in_the_same_case_is_shown_it(world: World) -> None:
    family = await with_a_brother(world)
    await leave(family, "brother", how="entered_by_mistake")
    again = {key: value for key, value in {**BROTHER, "how": "found"}.items() if key != "ref"}
    shown_first = await join(family, again, expect=409)
    assert shown_first["candidates"] == [str(family.ids["brother"])]
    twice = await join(family, {**again, "seen_alike": shown_first["candidates"]}, ref="again")
    problem = await rejoin(family, "brother", "sibling", expect=409)
    assert problem["candidates"] == [twice["individual_id"]]


async def test_a_paper_of_who_joins_is_told_and_may_be_a_parents(world: World) -> None:
    paper = {"kind": "passport", "number": "A 77", "issuing_country": "IRQ"}
    paper |= {"valid_from": "2020-01-01", "valid_until": "2028-01-01"}
    father, *others = family_body()["members"]
    family = await register(world, family_body(members=[{**father, "documents": [paper]}, *others]))
    before = len(await world.told(r.DocumentRecorded, family.id))
    made = await join(family, newborn(family, documents=[paper]))
    told = await world.told(r.DocumentRecorded, family.id)
    assert len(told) == before + 1
    assert told[-1].data["individual"] == made["individual_id"]
    assert told[-1].data["kind"] == DocumentKind.PASSPORT


async def test_who_joins_stands_behind_everybody_who_is_or_was_in_the_case(world: World) -> None:
    family = await with_a_brother(world)
    await leave(family, "brother")
    baby = (await join(family, newborn(family)))["individual_id"]
    await rejoin(family, "brother", "sibling")
    order = [each["individual_id"] for each in (await family.read())["members"]]
    assert order[-2:] == [str(family.ids["brother"]), baby]


async def test_nobody_rejoins_while_the_doors_are_closed_or_after_somebody_left(world: World) -> None:
    family = await with_a_brother(world)
    await leave(family, "brother")
    away = {"brother": family.ids.pop("brother")}
    await family.declare()
    await family.clear()
    for _ in ("cleared", "departed"):
        before = await contents(world)
        family.ids |= away
        assert (await rejoin(family, "brother", "sibling", expect=409))["type"].endswith("case-on-the-way")
        assert await contents(world) == before
        del family.ids["brother"]
        await family.depart("father", "son")


async def test_who_rejoins_is_no_second_principal_applicant(world: World) -> None:
    family = await with_a_brother(world)
    await leave(family, "brother")
    before = await contents(world)
    refused = await rejoin(family, "brother", "principal_applicant", expect=422)
    assert refused["type"].endswith("members-unclear")
    assert await contents(world) == before


async def test_nobody_joins_leaves_or_rejoins_a_closed_case(world: World) -> None:
    family = await with_a_brother(world)
    await leave(family, "brother")
    await world.post(f"{family.path}/closure", {"reason": "lost_contact"}, role=RO)
    before = await contents(world)
    refusals = [
        await join(family, newborn(family), expect=409),
        await leave(family, "mother", expect=409, role=PR),
        await rejoin(family, "brother", "sibling", expect=409),
    ]
    assert {each["type"] for each in refusals} == {"/problems/case-closed"}
    assert await contents(world) == before


async def test_a_leaving_is_not_dated_before_the_case(world: World) -> None:
    family = await with_a_brother(world)
    early = {"occurred_at": "1900-01-01T00:00:00Z", "late_reason": "told_later", "evidence": "L-1"}
    refused = await leave(family, "brother", expect=422, **early)
    assert refused["type"].endswith("dates-impossible")
