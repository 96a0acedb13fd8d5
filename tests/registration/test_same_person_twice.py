"""The same person registered twice; and people who are home already."""

from typing import Any

import pytest

from services.registration.sweeps import actions
from shared.contracts import registration as r
from shared.runner import Runner
from tests.registration.story import CO, PASSPORT, PR, RE, RO, Case, family_body, person, register
from tests.world import World, contents


def man(**more: Any) -> dict[str, Any]:
    return person("man", "principal_applicant", "Hêmin", "1984-02-29", "male", **more)


async def twice(world: World) -> tuple[Case, Case, Any]:
    family = await register(world)
    again = await register(world, family_body(members=[man(documents=[PASSPORT])]))
    await world.post("/duplicate-reviews", {}, role=RO)
    (likeness,) = (await world.get("/possible-duplicates", role=RO))["items"]
    return family, again, likeness


async def test_candidates_are_shown_before_saving_by_document_or_by_name_and_birth_date(world: World) -> None:
    family = await register(world)
    named = {"given_name": "Barzinjî", "family_name": "HEMIN", "birth_date": "1984-02-29"}
    (found,) = (await world.post("/candidates", named, role=RO))["items"]
    assert found["likeness"] == ["same_name_and_birth_date"]
    number = {"number": "a 158 302 47", "issuing_country": "IRQ"}
    other = {"given_name": "Kawa", "family_name": None, "birth_date": "1980-01-01", "documents": [number]}
    (found,) = (await world.post("/candidates", other, role=CO))["items"]
    assert (found["likeness"], found["record"]["case_id"]) == (["same_document"], str(family.id))
    elsewhere = {**other, "documents": [{**number, "issuing_country": "SYR"}]}
    assert (await world.post("/candidates", elsewhere, role=CO))["items"] == []
    await world.post("/candidates", other, role=RE, expect=403)


async def test_who_registers_sees_the_candidates_before_saving_and_says_so(world: World) -> None:
    family = await register(world)
    before = await contents(world)
    for like in (man(documents=[PASSPORT], given_name="Kawa"), man()):
        body = family_body(members=[like], seen_alike=[])
        problem = await world.post("/cases", body, role=RO, expect=409)
        assert problem["type"] == "/problems/possible-duplicate"
        assert problem["candidates"] == [str(family.ids["father"])]
        assert not any(said in str(problem) for said in ("Hêmin", "Barzinjî", "1984", "A15830247"))
    assert await contents(world) == before
    confirmed = family_body(members=[man()], seen_alike=[str(family.ids["father"])])
    again = await world.post("/cases", confirmed, role=RO)
    await world.post("/duplicate-reviews", {}, role=RO)
    (likeness,) = (await world.get("/possible-duplicates", role=RO))["items"]
    assert likeness["other_id"] == again["members"][0]["individual_id"], "a person decides, and it counts once"
    nobody = man(given_name="Kawa", family_name="Ehmed")
    await world.post("/cases", family_body(members=[nobody], seen_alike=[]), role=RO)


async def test_each_of_a_household_and_each_of_their_documents_is_compared(world: World) -> None:
    family = await register(world)
    stranger = person("wife", "principal_applicant", "Şîlan", "1990-05-05", "female")
    brother = {**man(), "relation": "sibling"}
    other = {**PASSPORT, "number": "Z0000001"}
    for members in ([stranger, brother], [man(documents=[other, PASSPORT], given_name="Kawa")]):
        problem = await world.post("/cases", family_body(members=members, seen_alike=[]), role=RO, expect=409)
        assert (problem["candidates"], problem["count"]) == ([str(family.ids["father"])], 1)


async def test_a_number_that_many_have_elsewhere_hides_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.registration.duplicates.queries.MOST_ALIKE", 2)
    for number in range(3):
        many = man(
            given_name=f"Many{'abc'[number]}", documents=[{**PASSPORT, "number": "NONE", "issuing_country": "SYR"}]
        )
        await world.post("/cases", family_body(members=[many]), role=RO)
    family = await register(world)
    like = man(given_name="Kawa", family_name="Ehmed", documents=[{**PASSPORT, "number": "NONE"}, PASSPORT])
    problem = await world.post("/cases", family_body(members=[like], seen_alike=[]), role=RO, expect=409)
    assert problem["candidates"] == [str(family.ids["father"])]


async def test_nobody_can_skip_that_two_records_are_alike(world: World) -> None:
    family, again, likeness = await twice(world)
    assert set(likeness["likeness"]) == {"same_document", "same_name_and_birth_date"}
    assert {likeness["one_id"], likeness["other_id"]} == {str(family.ids["father"]), str(again.ids["man"])}
    answer = await world.post("/duplicate-reviews", {}, role=RO)
    assert answer == {"compared": 0, "found": 0, "more": False}
    assert len((await world.get("/possible-duplicates", role=PR))["items"]) == 1


async def test_a_link_holds_the_duplicate_and_can_be_undone(world: World) -> None:
    family, again, likeness = await twice(world)
    path = f"/possible-duplicates/{likeness['id']}/decision"
    stands = str(family.ids["father"])
    linked = await world.post(path, {"verdict": "same_person", "stands": stands}, role=RO)
    assert (linked["status"], linked["stands"]) == ("linked", stands)
    (told,) = await world.told(r.PeopleLinked)
    assert (told.key, told.data["duplicate"]) == (str(again.id), str(again.ids["man"]))
    assert (await again.read())["members"][0]["held"] is True
    refused = await world.post(path, {"verdict": "different_people"}, role=RO, expect=409)
    assert refused["type"] == "/problems/likeness-decided-already"
    undone = f"/people-links/{linked['link_id']}/undoing"
    await world.post(undone, role=RO)
    assert len(await world.told(r.PeopleUnlinked)) == 1
    assert (await again.read())["members"][0]["held"] is False
    assert (await world.post(undone, role=RO, expect=409))["type"] == "/problems/link-undone-already"


async def test_a_case_of_duplicates_alone_is_closed_as_one(world: World) -> None:
    family, again, likeness = await twice(world)
    closure = {"reason": "duplicate"}
    assert (await world.post(f"{again.path}/closure", closure, role=RO, expect=409))["type"].endswith("does-not-fit")
    body = {"verdict": "same_person", "stands": str(family.ids["father"])}
    await world.post(f"/possible-duplicates/{likeness['id']}/decision", body, role=RO)
    assert (await world.post(f"{again.path}/closure", closure, role=RO))["status"] == "closed"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"verdict": "same_person"}, "stands-unclear"),
        ({"verdict": "same_person", "stands": "00000000-0000-4000-8000-000000000000"}, "stands-unclear"),
        ({"verdict": "different_people", "stands": "00000000-0000-4000-8000-000000000000"}, "stands-unclear"),
    ],
)
async def test_a_decision_says_which_record_stands(world: World, body: dict[str, Any], kind: str) -> None:
    _, _, likeness = await twice(world)
    before = await contents(world)
    answer = await world.post(f"/possible-duplicates/{likeness['id']}/decision", body, role=RO, expect=422)
    assert answer["type"] == f"/problems/{kind}"
    assert await contents(world) == before


async def test_who_departed_stands_and_a_duplicate_is_nobodys_original(world: World) -> None:
    family, again, likeness = await twice(world)
    await family.declare()
    await family.clear()
    path = f"/possible-duplicates/{likeness['id']}/decision"
    wrong = {"verdict": "same_person", "stands": str(again.ids["man"])}
    assert (await world.post(path, wrong, role=RO, expect=409))["type"] == "/problems/duplicate-on-the-way"
    await world.post(path, {"verdict": "same_person", "stands": str(family.ids["father"])}, role=RO)
    await register(world, family_body(members=[man(documents=[PASSPORT])]))
    await world.post("/duplicate-reviews", {}, role=RO)
    items = (await world.get("/possible-duplicates", role=RO))["items"]
    (chained,) = [each for each in items if str(again.ids["man"]) in (each["one_id"], each["other_id"])]
    body = {"verdict": "same_person", "stands": str(again.ids["man"])}
    answer = await world.post(f"/possible-duplicates/{chained['id']}/decision", body, role=RO, expect=409)
    assert answer["type"] == "/problems/link-makes-a-chain"


def home(**changes: Any) -> dict[str, Any]:
    given = {"kind": "own_government", "country": "IRQ", "returned_on": "2021-12-05"}
    return {**given, "late_reason": "told_later", **changes}


async def test_home_already_with_their_government_is_no_departure_of_ours(world: World) -> None:
    family = await (await register(world)).declare()
    answer = await world.post(f"{family.path}/returns", home(), role=RO)
    assert {each["kind"] for each in answer["returns"]} == {"own_government"}
    assert set((await family.statuses()).values()) == {"departed"}
    (told,) = await world.told(r.ReturnRecorded)
    assert set(told.data["individuals"]) == {str(one) for one in family.ids.values()}
    await world.post(f"{family.path}/returns", home(), role=RO, expect=409)
    assert (await family.clear())["cleared"] == []
    await case_is_left(family)


async def case_is_left(family: Case) -> None:
    assert (await family.withdraw("father"))["outcome"] == "too_late_to_undo"


async def test_back_home_before_anyone_knew_of_her_is_a_retroactive_case(world: World) -> None:
    woman = person("woman", "principal_applicant", "Shilan", "1988-07-04", "female")
    case = await register(world, family_body(members=[woman]))
    answer = await world.post(f"{case.path}/returns", home(kind="retroactive"), role=RE)
    assert answer["status"] == "departed"
    assert (await world.get(f"{case.path}/returns", role=PR))["returns"] == answer["returns"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"returned_on": "2021-12-20"}, "in-the-future"),
        ({"returned_on": "2021-10-01", "evidence": "stamp"}, "dates-impossible"),
        ({"late_reason": None}, "late-reason-missing"),
    ],
)
async def test_a_return_that_cannot_be_is_refused(world: World, change: dict[str, Any], kind: str) -> None:
    case = await register(world)
    before = await contents(world)
    answer = await world.post(f"{case.path}/returns", home(**change), role=RO, expect=422)
    assert answer["type"] == f"/problems/{kind}"
    assert await contents(world) == before


async def test_the_worker_compares_records_until_none_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    await register(world)
    again = await register(world, family_body(members=[man(documents=[PASSPORT])]))
    until = {"reason": "other", "until": "2021-12-10"}
    await world.post(f"{again.path}/holds", until, role=PR)
    runner = Runner("registration", world.runtime.database, world.runtime.others, [actions.COMPARE, actions.END_HOLDS])
    while await runner.turn():
        pass
    assert len((await world.get("/possible-duplicates", role=RO))["items"]) == 1
    assert (await again.read())["members"][0]["held"] is False
