"""Schemes as versioned data, surveys scored with the version they were taken with."""

from copy import deepcopy
from datetime import UTC, datetime

from shared.auth import Role
from shared.contracts.reintegration import SurveyScored
from shared.database import new_id
from tests.reintegration.refusals import refused
from tests.reintegration.story import PO, RE, SCHEME, Family, at_home, expected, survey_body
from tests.world import World


async def ready(world: World) -> Family:
    await world.post("/survey-schemes", SCHEME, role=PO)
    family = await at_home(world)
    world.now = datetime(2022, 1, 3, 9, 0, tzinfo=UTC)
    return family


async def test_the_scheme_that_comes_with_the_house_is_provisional(world: World) -> None:
    made = await world.post("/survey-schemes", SCHEME, role=PO)
    assert (made["status"], made["provisional"], len(made["questions"])) == ("provisional", True, 29)
    assert await world.get(f"/survey-schemes/{made['scheme_id']}", role=RE) == made
    assert (await world.get("/survey-schemes", role=RE))["items"] == [made]


async def test_a_version_of_a_scheme_never_changes(world: World) -> None:
    await world.post("/survey-schemes", SCHEME, role=PO)
    changed = deepcopy(SCHEME)
    changed["questions"][0]["weight"] = "2"
    await refused(world, "/survey-schemes", changed, 409, "scheme-version-exists", role=PO)
    changed["version"] = 2
    assert (await world.post("/survey-schemes", changed, role=PO))["version"] == 2
    unsound = {**deepcopy(SCHEME), "version": 3, "bands": [{"code": "only", "upper": "0.5"}]}
    await refused(world, "/survey-schemes", unsound, 422, "scheme-not-sound", role=PO)


async def test_an_all_best_survey_scores_one_and_says_it_is_provisional(world: World) -> None:
    family = await ready(world)
    survey = await world.post(f"/cases/{family.case}/surveys", survey_body(family), role=RE)
    whole = {"status": "scored", "value": "1.0000", "answered_weight_share": "1.0000"}
    assert [survey["scores"][name] for name in ("economic", "social", "psychosocial", "composite")] == [whole] * 4
    assert (survey["provisional"], survey["scores"]["band"]) == (True, "low_intensity")
    (told,) = await world.told(SurveyScored, family.case)
    assert told.data == {
        "survey": survey["survey_id"],
        "round": 1,
        "scheme": "RSS",
        "scheme_version": 1,
        "provisional": True,
        "band": "low_intensity",
    }


async def test_a_later_version_leaves_the_scores_of_earlier_surveys(world: World) -> None:
    family = await ready(world)
    body = survey_body(family)
    body["answers"] |= {"E1": "neither", "E2": "refused"}
    survey = await world.post(f"/cases/{family.case}/surveys", body, role=RE)
    other = {**deepcopy(SCHEME), "version": 2}
    other["questions"][0]["weight"] = "9"
    await world.post("/survey-schemes", other, role=PO)
    again = await world.get(f"/surveys/{survey['survey_id']}/recomputation", role=RE)
    assert again["identical"] is True
    assert again["recomputed"] == again["stored"] == survey["scores"]
    second = survey_body(family, 2, scheme_version=2) | {"answers": body["answers"]}
    later = await world.post(f"/cases/{family.case}/surveys", second, role=RE)
    assert later["scores"]["economic"]["value"] < survey["scores"]["economic"]["value"]
    listed = (await world.get(f"/cases/{family.case}/surveys", role=RE))["items"]
    assert [(each["round"], each["scheme_version"]) for each in listed] == [(1, 1), (2, 2)]


async def test_an_individual_is_surveyed_once_a_round(world: World) -> None:
    family = await ready(world)
    path = f"/cases/{family.case}/surveys"
    await world.post(path, survey_body(family), role=RE)
    await refused(world, path, survey_body(family), 409, "survey-round-taken", role=RE)
    await world.post(path, survey_body(family, individual_id=str(family.mother)), role=RE)


async def test_a_survey_that_does_not_fit_is_refused(world: World) -> None:
    family = await ready(world)
    path = f"/cases/{family.case}/surveys"
    await refused(world, path, survey_body(family, scheme_version=9), 422, "unknown-survey-scheme", role=RE)
    body = survey_body(family)
    del body["answers"]["P7"]
    document = await refused(world, path, body, 422, "answers-do-not-fit", role=RE)
    assert document["errors"] == [{"question": "P7", "message": "is not answered"}]
    stranger = survey_body(family, individual_id=str(new_id()))
    await refused(world, path, stranger, 422, "individual-not-of-this-case", role=RE)
    early = survey_body(family, interviewed_on="2021-12-01", late_reason="paper_form", evidence="F-1")
    await refused(world, path, early, 422, "before-the-arrival", role=RE)
    old = survey_body(family, interviewed_on="2021-12-20")
    await refused(world, path, old, 422, "late-reason-missing", role=RE)
    await refused(world, path, old | {"late_reason": "paper_form"}, 422, "evidence-missing", role=RE)
    await world.post(path, old | {"late_reason": "paper_form", "evidence": "F-1"}, role=RE)


async def test_nobody_is_surveyed_before_the_arrival(world: World) -> None:
    await world.post("/survey-schemes", SCHEME, role=PO)
    family = await expected(world)
    body = survey_body(family, interviewed_on="2021-12-09")
    await refused(world, f"/cases/{family.case}/surveys", body, 409, "not-possible-now", role=RE)


async def test_single_answers_are_for_those_who_work_with_the_case(world: World) -> None:
    family = await ready(world)
    survey = await world.post(f"/cases/{family.case}/surveys", survey_body(family), role=RE)
    path = f"/surveys/{survey['survey_id']}"
    assert (await world.get(path, role=RE))["answers"] == survey["answers"]
    seen = await world.get(path, role=Role.AUDITOR)
    assert seen["answers"] is None
    assert seen["scores"] == survey["scores"]
