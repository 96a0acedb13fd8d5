"""Cases over HTTP: where they stand, what officers answer, deciding one by a programme and as of a date."""

from typing import Any

import pytest

from shared.auth import Role
from shared.contracts.eligibility import EligibilityDecided
from shared.database import new_id
from tests.eligibility.story import NO, PO, RO, YES, Family, found, version
from tests.world import World


async def test_without_a_programme_a_case_stays_undecided(world: World) -> None:
    family = await Family(world).register()
    standing = await family.standing()
    assert (standing["status"], standing["decision"], standing["programmes"]) == ("undecided", None, [])
    assert standing["undecided_because"].startswith("No programme is in force for a return from BLR to IRQ.")
    assert "`POST /programmes`" in standing["undecided_because"]
    assert [a["action"] for a in standing["actions"]] == ["decide_case"]
    refused = await family.decide(expect=409)
    assert refused["type"] == "/problems/programme-to-choose"
    refused = await family.answer(YES, expect=409)
    assert refused["type"] == "/problems/programme-to-choose"


async def test_a_case_without_a_programme_is_decided_by_itself_once_there_is_one(world: World) -> None:
    family = await Family(world).register()
    await found(world, code="elsewhere", host_countries=["LTU"])
    assert (await family.standing())["undecided_because"]
    await found(world)
    standing = await family.standing()
    assert (standing["status"], standing["undecided_because"]) == ("needs_information", None)


async def test_nothing_is_asked_for_a_case_that_ended_undecided(world: World) -> None:
    family = await Family(world).register()
    await family.withdraw(*(member.individual for member in family.members))
    standing = await family.standing()
    assert (standing["ended"], standing["undecided_because"]) == ("withdrawn", None)


async def test_between_two_programmes_an_officer_chooses(world: World) -> None:
    await found(world)
    await found(world, code="second")
    family = await Family(world).register()
    standing = await family.standing()
    assert (standing["status"], standing["programmes"]) == ("undecided", ["avrr_belarus_2021", "second"])
    assert standing["undecided_because"].startswith("More than one programme is in force: name one")
    refused = await family.decide(expect=409)
    assert refused["programmes"] == ["avrr_belarus_2021", "second"]

    decision = await family.decide({"programme_code": "second"})
    assert (decision["programme"], decision["because"]) == ("second", "officer_asked")
    standing = await family.standing()
    assert (standing["status"], standing["undecided_because"]) == ("needs_information", None)


async def test_a_programme_for_other_countries_is_not_chosen_for_a_case(world: World) -> None:
    await found(world, code="elsewhere", host_countries=["LTU"])
    await found(world, code="lebanon", destination_countries=["LBN"])
    family = await Family(world).register()
    assert (await family.standing())["programmes"] == []
    decision = await family.decide({"programme_code": "elsewhere"})
    assert decision["outcome"] == "ineligible"


async def test_a_corrected_host_country_moves_a_case_to_the_programme_for_it(world: World) -> None:
    await found(world)
    await found(world, code="lithuania", host_countries=["LTU"])
    family = await Family(world).register()
    await family.correct(host_country="LTU")
    assert (await family.standing())["decision"]["programme"] == "lithuania"


async def test_an_answer_decides_again_and_its_history_is_kept(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    assert (await family.answer(NO))["status"] == "ineligible"
    assert (await family.answer(YES))["status"] == "eligible"

    items = (await world.get(f"{family.path}/answers", role=Role.AUDITOR))["items"]
    assert [item["value"] for item in items] == [False, True]
    assert {item["answered_by"] for item in items} == {"registration_officer"}
    decisions = await family.decisions()
    assert [d["outcome"] for d in decisions] == ["needs_information", "ineligible", "eligible"]
    assert [d["replaces"] for d in decisions] == [None, *(d["decision_id"] for d in decisions[:2])]


async def test_an_answer_given_earlier_and_entered_now_needs_a_reason(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    early = {**YES, "occurred_at": "2021-12-08T09:00:00Z"}
    refused = await family.answer(early, expect=422)
    assert refused["type"] == "/problems/late-reason-missing"
    await family.answer({**early, "late_reason": "paper_form"})
    item = (await world.get(f"{family.path}/answers", role=RO))["items"][0]
    assert item["answered_at"] == "2021-12-08T09:00:00.000000Z"
    assert item["recorded_at"] == "2021-12-09T09:00:00.000000Z"
    assert (item["late_reason"], item["evidence"]) == ("paper_form", None)


MEMBER_QUESTION = {"code": "detained", "text": "Is this person detained?", "about": "member", "kind": "boolean"}
NOBODY_DETAINED = {
    "code": "not_detained",
    "title": "Nobody is detained",
    "expression": {
        "op": "each_member",
        "where": {"op": "fact", "name": "member.adult"},
        "holds": {"op": "not", "of": {"op": "fact", "name": "member_answer.detained"}},
    },
    "passed": "No adult is detained.",
    "failed": "An adult is detained.",
    "missing": "It is not known whether every adult is free.",
    "source": "ours",
}


def asking_members() -> dict[str, Any]:
    return version(questions=[MEMBER_QUESTION], rules=[NOBODY_DETAINED])


async def test_a_question_about_each_person_is_answered_for_each(world: World) -> None:
    await found(world, asking_members())
    family = await Family(world).register()
    missing = (await family.standing())["missing"]
    assert {m["individual"] for m in missing} == {str(family.father), str(family.mother)}

    free = {"answers": {"detained": False}}
    await family.answer({**free, "individual_id": str(family.father)})
    assert [m["individual"] for m in (await family.standing())["missing"]] == [str(family.mother)]
    assert (await family.answer({**free, "individual_id": str(family.mother)}))["status"] == "eligible"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"answers": {"never_asked": True}}, "question-not-asked"),
        ({"answers": {"detained": False}}, "question-not-asked"),
        ({"answers": {"detained": False}, "individual_id": str(new_id())}, "question-not-asked"),
        ({"answers": {}}, "invalid-body"),
        ({"answers": {"detained": None}}, "invalid-body"),
        ({"answers": {"detained": 1.5}}, "invalid-body"),
        ({"answers": {"detained": False}, "note": "says so"}, "invalid-body"),
    ],
)
async def test_an_answer_nobody_asked_for_is_refused_and_changes_nothing(
    world: World, body: dict[str, Any], problem: str
) -> None:
    await found(world, asking_members())
    family = await Family(world).register()
    before = await family.standing()
    refused = await family.answer(body, expect=422)
    assert refused["type"] == f"/problems/{problem}"
    assert await family.standing() == before
    assert (await world.get(f"{family.path}/answers", role=RO))["items"] == []
    assert len(await world.told()) == 1


@pytest.mark.parametrize("value", ["yes", 1, "2021-12-09"])
async def test_an_answer_of_the_wrong_kind_is_refused_without_repeating_it(world: World, value: object) -> None:
    await found(world)
    family = await Family(world).register()
    refused = await family.answer({"answers": {"pending_procedure_withdrawn": value}}, expect=422)
    assert refused["type"] == "/problems/answer-unfit"
    assert refused["questions"] == ["pending_procedure_withdrawn"]


async def test_a_case_is_decided_as_of_the_date_that_is_asked_for(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer(YES)
    decision = await family.decide({"evaluated_on": "2021-11-10"})
    assert (decision["evaluated_on"], decision["good_until"]) == ("2021-11-10", "2022-02-08")
    trace = {rule["code"]: rule for rule in (await family.decision())["trace"]}
    assert trace["stay"]["sentence"] == "In the country for 21 days."


@pytest.mark.parametrize("on", ["2021-10-19", "2021-12-10"])
async def test_no_case_is_decided_before_its_arrival_or_after_today(world: World, on: str) -> None:
    await found(world)
    family = await Family(world).register()
    refused = await family.decide({"evaluated_on": on}, expect=422)
    assert refused["type"] == "/problems/evaluation-date-impossible"
    assert (refused["earliest"], refused["latest"]) == ("2021-10-20", "2021-12-09")
    assert len(await family.decisions()) == 1


async def test_the_version_in_force_on_the_date_decides_and_none_is_said(world: World) -> None:
    early = version(valid_from="2021-10-01", valid_until="2021-10-31", decision_valid_days=10)
    programme = await found(world, early)
    await world.post(f"/programmes/{programme}/versions", version(valid_from="2021-12-01"), role=PO)
    family = await Family(world).register()
    decision = await family.decide({"evaluated_on": "2021-10-25"})
    assert decision["programme_version"] == 1
    refused = await family.decide({"evaluated_on": "2021-11-15"}, expect=409)
    assert refused["type"] == "/problems/no-version-in-force"
    refused = await family.decide({"programme_code": "nowhere"}, expect=422)
    assert refused["type"] == "/problems/unknown-programme"


async def test_asked_again_with_nothing_new_the_current_decision_is_given(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    one = await world.call("POST", f"{family.path}/decisions", {}, role=RO)
    two = await world.call("POST", f"{family.path}/decisions", {}, role=RO)
    assert (one.status_code, two.status_code) == (200, 200)
    assert one.content == two.content
    assert len(await world.told(EligibilityDecided)) == 1
    world.now = world.now.replace(day=11)
    later = await world.call("POST", f"{family.path}/decisions", {}, role=RO)
    assert later.status_code == 201
    assert later.headers["location"] == f"/decisions/{later.json()['decision_id']}"


async def test_a_change_made_from_a_stale_reading_is_refused(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    tag = (await world.call("GET", family.path, role=RO)).headers["etag"]
    await family.answer(NO, etag=tag)
    stale = await family.answer(YES, etag=tag, expect=412)
    assert stale["type"] == "/problems/stale-version"
    assert (await family.standing())["status"] == "ineligible"


async def test_a_repeated_answer_with_the_same_key_is_kept_once(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    one = await world.call("POST", f"{family.path}/answers", YES, role=RO, key="answer-once-only")
    two = await world.call("POST", f"{family.path}/answers", YES, role=RO, key="answer-once-only")
    assert (one.status_code, one.content) == (two.status_code, two.content)
    assert len((await world.get(f"{family.path}/answers", role=RO))["items"]) == 1


async def test_cases_are_listed_by_status_the_open_ones_first_asked(world: World) -> None:
    await found(world)
    families = [await Family(world).register() for _ in range(3)]
    await families[0].answer(YES)
    await families[1].withdraw(*(m.individual for m in families[1].members))

    async def listed(query: str) -> list[str]:
        return [item["case_id"] for item in (await world.get(f"/cases?{query}", role=RO))["items"]]

    assert await listed("") == [str(families[0].case), str(families[2].case)]
    assert await listed("status=eligible") == [str(families[0].case)]
    assert await listed("ended=true") == [str(families[1].case)]
    page = await world.get("/cases?limit=1", role=RO)
    assert [i["case_id"] for i in page["items"]] == [str(families[0].case)]
    rest = await world.get(f"/cases?limit=1&cursor={page['next']}", role=RO)
    assert [i["case_id"] for i in rest["items"]] == [str(families[2].case)]


async def test_a_case_nobody_told_is_not_found(world: World) -> None:
    for path in (f"/cases/{new_id()}", f"/decisions/{new_id()}", f"/programmes/{new_id()}"):
        assert (await world.get(path, role=RO, expect=404))["type"] == "/problems/not-found"
    await world.post(f"/cases/{new_id()}/answers", YES, role=RO, expect=404)
