"""Visits and survey rounds that a plan is to have: planned, due, overdue, lost, made."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reintegration.followups.rules import (
    SCHEDULE,
    Kind,
    Standing,
    counts_for,
    days_of,
    missing_on,
    months_after,
    planned_for,
    standing_of,
)
from tests.reintegration.refusals import refused
from tests.reintegration.story import (
    FI,
    PO,
    RE,
    SCHEME,
    approved,
    at_home,
    closure_body,
    delivery_body,
    line_of,
    payment_body,
    survey_body,
)
from tests.reintegration.test_closure import visit_body
from tests.world import World

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))
OPEN = [Standing.PLANNED, Standing.DUE, Standing.OVERDUE, Standing.LOST]


def test_the_schedule_counts_from_the_return_or_from_a_late_approval() -> None:
    days = {each.due_on for each in planned_for(date(2021, 12, 14), date(2021, 12, 29))}
    assert days == {date(2022, 3, 14), date(2022, 6, 14), date(2022, 12, 14)}
    late = {each.due_on for each in planned_for(date(2021, 12, 14), date(2022, 3, 1))}
    assert late == {date(2022, 6, 1), date(2022, 9, 1), date(2023, 3, 1)}
    assert months_after(date(2021, 11, 30), 3) == date(2022, 2, 28)
    assert SCHEDULE.provisional


@given(due=DAYS, away=st.integers(-200, 200))
def test_a_list_finds_exactly_what_stands_so(due: date, away: int) -> None:
    """The days that a list asks for are those on which the standing is the one asked for."""
    today = due + timedelta(days=away)
    standing = standing_of("open", due, today)
    for each in OPEN:
        since, until = days_of(each, today)
        assert (since <= due <= until) == (each is standing)


@given(made=DAYS, due=st.lists(DAYS, max_size=4, unique=True))
def test_a_visit_counts_for_at_most_one_and_the_earliest(made: date, due: list[date]) -> None:
    counted = counts_for(made, due)
    fits = sorted(day for day in due if made >= day - timedelta(days=SCHEDULE.early))
    assert counted == (fits[0] if fits else None)
    assert set(missing_on(made, due)) <= set(fits)


async def listed(world: World, standing: str, kind: str = "visit") -> list[Any]:
    path = f"/follow-ups?kind={kind}&standing={standing}"
    return list((await world.get(path, role=RE))["items"])


async def test_a_follow_up_becomes_due_then_overdue_then_lost(world: World) -> None:
    family = await at_home(world)
    await approved(world, family)
    for day, standing in (("2021-12-21", "planned"), ("2022-03-01", "due"), ("2022-04-20", "overdue")):
        world.now = datetime.fromisoformat(f"{day}T09:00:00+00:00")
        found = await listed(world, standing)
        assert (found[0]["due_on"], found[0]["standing"], found[0]["number"]) == ("2022-03-14", standing, 1)
    world.now = datetime(2022, 6, 30, 9, 0, tzinfo=UTC)
    assert [each["number"] for each in await listed(world, "lost")] == [1]
    assert [each["number"] for each in await listed(world, "due")] == [2]
    assert all(each["provisional"] for each in await listed(world, "planned"))


async def test_a_visit_makes_the_follow_up_it_is_not_too_early_for(world: World) -> None:
    family = await at_home(world)
    await approved(world, family)
    path = f"/cases/{family.case}"
    world.now = datetime(2022, 1, 3, 9, 0, tzinfo=UTC)
    await world.post(f"{path}/visits", visit_body(family), role=RE)
    assert await listed(world, "made") == []
    world.now = datetime(2022, 3, 16, 9, 0, tzinfo=UTC)
    visit = await world.post(f"{path}/visits", visit_body(family, made_on="2022-03-16"), role=RE)
    (made,) = await listed(world, "made")
    assert (made["made_by"], made["number"]) == (visit["visit_id"], 1)
    await refused(
        world, f"/follow-ups/{made['follow_up_id']}/loss", {"reason": "declined"}, 409, "follow-up-not-open", role=RE
    )


async def test_the_day_a_visitor_names_for_the_next_visit_is_a_follow_up_of_its_own(world: World) -> None:
    family = await at_home(world)
    await approved(world, family)
    path = f"/cases/{family.case}/visits"
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    for day in ("2022-03-14", "2022-01-10"):
        await world.post(path, visit_body(family, made_on="2022-01-03", next_due=day), role=RE)
    assert [each["number"] for each in await listed(world, "planned")] == [1, 2, 3], (
        "it was planned for that day already"
    )
    (due,) = await listed(world, "due")
    assert (due["due_on"], due["number"]) == ("2022-01-10", 4)
    world.now = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)
    visit = await world.post(path, visit_body(family, made_on="2022-01-10"), role=RE)
    (made,) = await listed(world, "made")
    assert (made["made_by"], made["number"]) == (visit["visit_id"], 4)
    late = visit_body(family, made_on="2022-01-10", next_due="9999-12-31")
    await refused(world, path, late, 422, "invalid-body", role=RE)


async def test_a_day_named_before_the_approval_is_followed_up_with_the_plan(world: World) -> None:
    family = await at_home(world)
    for day in ("2021-12-20", "2022-01-10"):
        visit = visit_body(family, made_on="2021-12-19", next_due=day, late_reason="paper_form")
        await world.post(f"/cases/{family.case}/visits", visit, role=RE)
    world.now = datetime(2021, 12, 22, 9, 0, tzinfo=UTC)
    await approved(world, family)
    assert [each["due_on"] for each in await listed(world, "due")] == ["2022-01-10"], "the other day is over"


async def test_a_case_is_not_completed_without_the_survey_round_that_was_due(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    case, one = f"/cases/{family.case}", f"/plans/{plan['plan_id']}"
    world.now = datetime(2022, 1, 3, 9, 0, tzinfo=UTC)
    await world.post("/survey-schemes", SCHEME, role=PO)
    await world.post(f"{case}/surveys", survey_body(family, 2), role=RE)
    await world.post(f"{case}/visits", visit_body(family), role=RE)
    await world.post(f"{one}/deliveries", delivery_body(plan), role=RE)
    await world.post(f"{one}/payments", payment_body(plan), role=FI)
    await world.post(f"{one}/lines/{line_of(plan, 'rent')}/release", {"reason": "cheaper_than_planned"}, role=RE)
    world.now = datetime(2022, 5, 2, 9, 0, tzinfo=UTC)
    closure = closure_body(closed_on="2022-05-02")
    document = await refused(world, f"{case}/closure", closure, 409, "closure-incomplete", role=RE)
    assert document["missing"] == [{"code": "survey_round_missing"}]
    (overdue,) = await listed(world, "overdue", "survey")
    lost = await world.post(f"/follow-ups/{overdue['follow_up_id']}/loss", {"reason": "not_safe_to_go"}, role=RE)
    assert (lost["standing"], lost["why_lost"]) == ("lost", "not_safe_to_go")
    await world.post(f"{case}/closure", closure, role=RE)
    of_case = (await world.get(f"{case}/follow-ups", role=RE))["items"]
    standings = {(each["kind"], each["number"]): each["standing"] for each in of_case}
    assert standings[Kind.SURVEY, 2] == "made"
    assert {standings[Kind.VISIT, n] for n in (1, 2, 3)} == {"ended"}


async def test_pages_of_follow_ups_go_on_where_the_one_before_ended(world: World) -> None:
    for _ in range(3):
        await approved(world, await at_home(world))
    found: list[str] = []
    path = "/follow-ups?standing=planned&limit=2"
    page = await world.get(path, role=RE)
    while page["next"]:
        found += [each["follow_up_id"] for each in page["items"]]
        page = await world.get(f"{path}&cursor={page['next']}", role=RE)
    found += [each["follow_up_id"] for each in page["items"]]
    assert len(found) == len(set(found)) == 9
    await world.get("/follow-ups?cursor=made-up", role=RE, expect=400)


@pytest.mark.parametrize(("status", "standing"), [("made", "made"), ("lost", "lost"), ("ended", "ended")])
def test_what_was_settled_stands_as_settled_on_every_day(status: str, standing: str) -> None:
    assert standing_of(status, date(2022, 3, 14), date(2030, 1, 1)) == standing
