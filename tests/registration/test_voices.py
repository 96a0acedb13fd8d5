"""What people ask and say: requests by week, the hotline log, sessions, and a channel for its focal points alone."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.enquiries.rules import Asked, by_week
from services.registration.feedback.rules import Category, may_read
from shared.auth import Role
from shared.database import new_id
from tests.registration.story import AD, ADM, AU, CO, ME, PR, RO
from tests.registration.test_sites import WAREHOUSE
from tests.world import World

FOCAL = Role.PSEA_FOCAL_POINT


async def ask(world: World, **more: Any) -> Any:
    body = {"channel": "phone", "language": "ar", "topic": "return", **more}
    return await world.post("/enquiries", body, role=CO, expect=201)


async def test_requests_for_return_are_told_by_week_and_channel_so_that_a_rise_is_seen(world: World) -> None:
    world.now = world.now.replace(month=8, day=2)
    for week in range(3):
        for channel in ["phone"] * (week + 1) + ["outreach_visit"] * week:
            await ask(world, channel=channel)
        await ask(world, topic="health")
        world.now += timedelta(days=7)
    said = await world.get("/reports/requests?since=2021-08-01&until=2021-08-31", role=AU)
    assert [(each["week"], each["count"]) for each in said["weeks"]] == [
        ("2021-W30", 0),
        ("2021-W31", 1),
        ("2021-W32", 3),
        ("2021-W33", 5),
        ("2021-W34", 0),
        ("2021-W35", 0),
    ], "a fall is seen as well"
    assert said["weeks"][1]["by_channel"] == {"outreach_visit": 0, "phone": 1}
    assert said["weeks"][3]["by_channel"] == {"outreach_visit": 2, "phone": 3}
    assert "not counted again" in said["definition"]
    turned = await world.get("/reports/requests?since=2021-08-02&until=2021-08-01", role=AU, expect=422)
    assert "`since` and `until`" in turned["remedy"], "the names this route takes"


async def test_somebody_in_distress_is_written_down_with_the_place_and_who_was_told(world: World) -> None:
    body = {"channel": "phone", "language": "ckb", "topic": "safety", "urgency": "distress"}
    problem = await world.post("/enquiries", body, role=CO, expect=422)
    assert problem["type"] == "/problems/distress-without-place"
    found = {"place": "In the forest, two kilometres north of Bruzgi", "referred_to": "Red Cross", "people": 4}
    made = await world.post("/enquiries", {**body, **found}, role=CO)
    assert (made["place"], made["referred_to"], made["people"]) == (found["place"], "Red Cross", 4)
    seen = await world.get("/enquiries", role=AU)
    assert seen["items"][0]["place"] is None, "where somebody hides is for those who help"


async def test_a_call_back_is_made_once_and_waits_until_then(world: World) -> None:
    made = await ask(world, call_back_wanted=True, contact="+375 29 000 00 00")
    await ask(world)
    waiting = await world.get("/enquiries?to_call_back=true", role=CO)
    assert [each["id"] for each in waiting["items"]] == [made["id"]]
    assert (await world.get("/enquiries?to_call_back=true", role=AD))["items"][0]["contact"] is None
    done = await world.post(f"/enquiries/{made['id']}/call-back", role=CO)
    assert done["called_back_at"]
    assert (await world.get("/enquiries?to_call_back=true", role=CO))["items"] == []
    problem = await world.post(f"/enquiries/{made['id']}/call-back", role=CO, expect=409)
    assert problem["type"] == "/problems/enquiry-answered-already"
    await world.post(f"/enquiries/{new_id()}/call-back", role=CO, expect=404)


async def test_a_session_has_its_language_topics_and_attendance_by_sex_and_age_group(world: World) -> None:
    site = await world.post("/sites", WAREHOUSE, role=RO)
    path = f"/sites/{site['id']}"
    groups = [
        {"sex": "male", "age_group": "adult", "people": 41},
        {"sex": "female", "age_group": "adult", "people": 17},
        {"sex": "female", "age_group": "under_18", "people": 9},
    ]
    body = {"language": "ckb", "interpreter": True, "topics": ["voluntariness", "asylum"], "attendance": groups}
    held = await world.post(f"{path}/information-sessions", body, role=CO)
    assert (held["attended"], held["attendance"]) == (67, groups)
    twice = {**body, "attendance": [groups[0], groups[0]]}
    await world.post(f"{path}/information-sessions", twice, role=CO, expect=422)
    visit = {"team": "T-1", "purpose": "counselling", "people_spoken_to": 30}
    await world.post(f"{path}/outreach-visits", visit, role=CO)
    assert (await world.get(f"{path}/outreach-visits", role=AU))["items"][0]["people_spoken_to"] == 30
    assert len((await world.get(f"{path}/information-sessions", role=AU))["items"]) == 1
    await world.get(f"/sites/{new_id()}/outreach-visits", role=AU, expect=404)


async def complain(world: World, category: str = "quality", role: Role = CO, **more: Any) -> Any:
    body = {"way": "in_person", "category": category, "said": "Somebody wanted money for a blanket.", **more}
    return await world.post("/feedback", body, role=role, expect=201)


async def test_exploitation_and_abuse_is_read_by_its_focal_points_and_by_nobody_else(world: World) -> None:
    given = await complain(world, "exploitation_and_abuse")
    assert set(given) == {"id", "recorded_at"}, "who writes it down is shown a number alone"
    for role in (RO, PR, Role.PROGRAMME_OFFICER):
        await world.get(f"/feedback/{given['id']}", role=role, expect=404)
        assert (await world.get("/feedback", role=role))["items"] == []
        assert (await world.get("/feedback?protected=true", role=role))["items"] == []
        await world.post(f"/feedback/{given['id']}/follow-up", {"note": "?"}, role=role, expect=404)
    for role in (AU, ADM, ME, AD):
        await world.get(f"/feedback/{given['id']}", role=role, expect=403)
    seen = await world.get(f"/feedback/{given['id']}", role=FOCAL)
    assert seen["said"].startswith("Somebody wanted money")
    assert [each["id"] for each in (await world.get("/feedback?protected=true", role=FOCAL))["items"]] == [given["id"]]


async def test_feedback_about_a_distribution_or_site_that_is_not_there_is_a_typing_error(world: World) -> None:
    body = {"way": "box", "category": "quality", "said": "The bread was old."}
    for about, kind in (("distribution_id", "distribution-unknown"), ("site_id", "site-unknown")):
        refused = await world.post("/feedback", {**body, about: str(new_id())}, role=CO, expect=422)
        assert refused["type"] == f"/problems/{kind}"
    assert (await world.get("/feedback", role=RO))["items"] == []


async def test_focal_points_read_nothing_else_by_that_role(world: World) -> None:
    given = await complain(world)
    await world.get(f"/feedback/{given['id']}", role=FOCAL, expect=404)
    assert (await world.get("/feedback", role=FOCAL))["items"] == []


async def test_a_complaint_is_followed_up_to_an_answer(world: World) -> None:
    given = await complain(world, contact="Hall 2, row 14")
    path = f"/feedback/{given['id']}"
    await world.post(f"{path}/follow-up", {"note": "The team leader was asked."}, role=PR)
    problem = await world.post(f"{path}/closure", {"note": "Done."}, role=PR, expect=409)
    assert problem["type"] == "/problems/feedback-answer-missing"
    assert "`contact`" in problem["remedy"], "nothing is made anonymous afterwards"
    await world.post(f"{path}/answer", {"note": "Nobody may ask for money; it was given back."}, role=PR)
    closed = await world.post(f"{path}/closure", {"note": "Done."}, role=PR)
    assert closed["status"] == "closed"
    assert [each["verb"] for each in closed["steps"]] == ["follow_up", "answer_feedback", "close_feedback"]
    assert closed["actions"] == []
    await world.post(f"{path}/answer", {"note": "Again."}, role=PR, expect=409)


async def test_what_is_anonymous_may_be_closed_without_anybody_to_answer(world: World) -> None:
    given = await complain(world)
    closed = await world.post(f"/feedback/{given['id']}/closure", {"note": "The price list hangs there now."}, role=PR)
    assert (closed["status"], closed["anonymous"]) == ("closed", True)


async def test_what_is_confidential_is_read_by_protection_and_others_see_that_it_is_there(world: World) -> None:
    path = f"/feedback/{(await complain(world, confidential=True, contact='Hall 2, row 14'))['id']}"
    await world.post(f"{path}/follow-up", {"note": "She was visited."}, role=PR)
    for role in (RO, Role.PROGRAMME_OFFICER):
        seen = await world.get(path, role=role)
        assert (seen["said"], seen["contact"], seen["steps"], seen["actions"]) == (None, None, [], [])
        assert (seen["status"], seen["confidential"], seen["anonymous"]) == ("followed_up", True, False)
        refused = await world.post(f"{path}/answer", {"note": "?"}, role=role, expect=403)
        assert refused["type"] == "/problems/feedback-confidential"
    read = await world.get(path, role=PR)
    assert (read["contact"], len(read["steps"])) == ("Hall 2, row 14", 1)
    assert read["said"].startswith("Somebody wanted money")
    await world.post(f"{path}/answer", {"note": "It was given back."}, role=PR)


@pytest.mark.parametrize("other", [each for each in Role if each not in (FOCAL, RO, PR, Role.PROGRAMME_OFFICER)])
async def test_a_focal_point_reads_nothing_else_by_a_role_that_reads_no_feedback(world: World, other: Role) -> None:
    given = await complain(world, "quality")
    abuse = await complain(world, "exploitation_and_abuse")
    roles = (FOCAL, other)
    assert (await world.get("/feedback", role=roles))["items"] == []
    await world.get(f"/feedback/{given['id']}", role=roles, expect=404)
    await world.post(f"/feedback/{given['id']}/answer", {"note": "?"}, role=roles, expect=404)
    assert [each["id"] for each in (await world.get("/feedback?protected=true", role=roles))["items"]] == [abuse["id"]]


@pytest.mark.parametrize("category", Category)
def test_each_category_is_read_by_one_side_alone(category: Category) -> None:
    protected = category is Category.EXPLOITATION_AND_ABUSE
    assert may_read(category, {FOCAL}) == protected
    assert may_read(category, {PR, ADM, AU}) != protected
    assert may_read(category, {PR, FOCAL})


days = st.dates(date(2020, 1, 1), date(2022, 12, 31))


@given(st.lists(st.builds(Asked, days, st.sampled_from(["phone", "online"]), st.integers(1, 9)), max_size=6))
def test_no_request_is_lost_or_counted_twice_between_weeks_and_no_week_is_left_out(asked: list[Asked]) -> None:
    weeks = by_week(asked, date(2020, 1, 1), date(2022, 12, 31))
    assert sum(week.count for week in weeks) == sum(each.count for each in asked)
    mondays = [week.first_day for week in weeks]
    assert (mondays[0], mondays[-1]) == (date(2019, 12, 30), date(2022, 12, 26))
    assert {after - before for before, after in pairwise(mondays)} == {timedelta(days=7)}
    assert len({tuple(week.by_channel) for week in weeks}) == 1
