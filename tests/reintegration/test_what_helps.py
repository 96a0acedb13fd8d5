"""Skills and needs, the feasibility grid, and help right after the arrival."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reintegration.feasibility.rules import GRID, Finding, Option, Verdict, check_findings, verdict_of
from services.reintegration.postarrival.rules import WINDOW, last_day
from shared.auth import Role
from shared.database import new_id
from tests.reintegration.refusals import refused
from tests.reintegration.story import RE, at_home, drafted, expected, feasibility_body, plan_body
from tests.world import World

FINDINGS = st.sampled_from(list(Finding))


@given(st.sampled_from(GRID.options), st.data())
def test_a_verdict_follows_from_reasons_and_conditions(option: Option, data: st.DataObject) -> None:
    found = {name: data.draw(FINDINGS) for name in option.criteria}
    verdict = verdict_of(check_findings(option.code, found), found)
    useful = [found[each] for each in option.useful_when]
    provided = [found[each] for each in option.provided]
    if verdict is Verdict.SUITABLE:
        assert Finding.MET in useful
        assert set(provided) <= {Finding.MET, Finding.NOT_APPLICABLE}
    elif verdict is Verdict.OPEN:
        assert Finding.UNKNOWN in useful + provided
        assert Finding.NOT_MET not in provided
    else:
        assert Finding.NOT_MET in provided or not {Finding.MET, Finding.UNKNOWN} & set(useful)


async def test_a_plan_whose_way_of_helping_does_not_suit_is_not_submitted(world: World) -> None:
    family = await at_home(world)
    plan = await drafted(world, family)
    path, submit = f"/cases/{family.case}/feasibility-checks", f"/plans/{plan['plan_id']}/submission"
    unsafe = await world.post(path, feasibility_body("cash", safe_delivery_channel="not_met"), role=RE)
    assert (unsafe["verdict"], unsafe["grid_version"], unsafe["provisional"]) == ("not_suitable", 2, True)
    document = await refused(world, submit, {}, 409, "modality-not-feasible", role=RE, subject="author")
    assert document["modality"] == "cash"
    world.now += timedelta(hours=1)
    await world.post(path, feasibility_body("cash"), role=RE)
    assert (await world.post(submit, role=RE, subject="author"))["status"] == "submitted"
    assert [each["verdict"] for each in (await world.get(path, role=RE))["items"]] == ["not_suitable", "suitable"]


async def test_lines_as_a_service_or_by_voucher_are_held_against_the_grid_too(world: World) -> None:
    for modality, fails in (("service", "qualified_provider"), ("voucher", "shops_accept_it")):
        family = await at_home(world)
        body = plan_body()
        body["lines"][0]["modality"] = modality
        plan = await world.post(f"/cases/{family.case}/plans", body, role=RE, subject="author")
        row = GRID.option(modality)
        assert row is not None
        found = dict.fromkeys(row.criteria, "met")
        checked = {"aspect": "business", "option": modality, "checked_on": "2021-12-20"}
        path, submit = f"/cases/{family.case}/feasibility-checks", f"/plans/{plan['plan_id']}/submission"
        await world.post(path, checked | {"findings": found | {fails: "not_met"}}, role=RE)
        document = await refused(world, submit, {}, 409, "modality-not-feasible", role=RE, subject="author")
        assert document["modality"] == modality
        world.now += timedelta(hours=1)
        await world.post(path, checked | {"findings": found}, role=RE)
        await world.post(submit, role=RE, subject="author")


async def test_findings_that_do_not_fit_the_grid_are_refused(world: World) -> None:
    family = await at_home(world)
    path = f"/cases/{family.case}/feasibility-checks"
    await refused(world, path, feasibility_body("cash", luck="met"), 422, "grid-does-not-fit", role=RE)
    await refused(world, path, feasibility_body("voucher"), 422, "grid-does-not-fit", role=RE)
    await refused(world, path, feasibility_body("cash", no_income="perhaps"), 422, "invalid-body", role=RE)
    grid = await world.get("/feasibility-grid", role=Role.COUNSELLOR)
    assert [each["option"] for each in grid["options"]] == ["cash", "in_kind", "service", "voucher"]


async def test_skills_and_needs_are_codes_and_no_names(world: World) -> None:
    family = await expected(world)
    path = f"/cases/{family.case}/assessments"
    body: dict[str, Any] = {
        "individual_id": str(family.father),
        "skills": [{"code": "cooking", "level": "professional", "years": 12}],
        "needs": [{"code": "start_capital", "dimension": "economic", "urgency": "high"}],
        "assessed_on": "2021-12-09",
    }
    made = await world.post(path, body, role=RE)
    assert (await world.get(path, role=Role.COUNSELLOR))["items"] == [made]
    await world.get(path, role=Role.AUDITOR, expect=403)
    await refused(world, path, body | {"individual_id": str(new_id())}, 422, "individual-not-of-this-case", role=RE)
    await refused(world, path, body | {"skills": [], "needs": []}, 422, "invalid-body", role=RE)
    await refused(world, path, body | {"skills": body["skills"] * 2}, 422, "invalid-body", role=RE)
    named = [{"code": "Mr. Smith", "level": "basic"}]
    await refused(world, path, body | {"skills": named}, 422, "invalid-body", role=RE)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)), st.sampled_from(["IRQ", "LKA", None]))
def test_the_window_has_fourteen_working_days_of_the_country(arrived: date, country: str | None) -> None:
    until = last_day(arrived, country)
    weekend = WINDOW.weekend_in(country)
    days = [arrived + timedelta(days=n) for n in range(1, (until - arrived).days + 1)]
    assert sum(day.weekday() not in weekend for day in days) == WINDOW.working_days
    assert until.weekday() not in weekend


async def test_help_after_the_arrival_ends_with_its_window(world: World) -> None:
    family = await at_home(world)
    path = f"/cases/{family.case}/post-arrival-help"
    body = {"individual_id": str(family.mother), "help": "onward_transport", "given_on": "2021-12-20"}
    given_ = await world.post(path, body, role=RE)
    assert (await world.get(path, role=RE))["items"] == [given_]
    windows = (await world.get(f"/cases/{family.case}/post-arrival-windows", role=RE))["items"]
    assert {(each["until"], each["open"], each["working_days"]) for each in windows} == {("2022-01-03", True, 14)}
    world.now = world.now.replace(year=2022, month=1, day=5)
    late = body | {"given_on": "2022-01-04", "late_reason": "told_later"}
    document = await refused(world, path, late, 409, "post-arrival-window-over", role=RE)
    assert document["until"] == "2022-01-03"
    await world.post(path, body | {"given_on": "2022-01-03", "late_reason": "told_later"}, role=RE)


@pytest.mark.parametrize("day", ["2021-12-12", "2021-12-25"])
async def test_nobody_is_helped_before_they_came_or_in_days_to_come(world: World, day: str) -> None:
    family = await at_home(world)
    body = {"individual_id": str(family.mother), "help": "reception", "given_on": day, "late_reason": "paper_form"}
    slug = "before-the-arrival" if day < "2021-12-14" else "in-the-future"
    await refused(world, f"/cases/{family.case}/post-arrival-help", body | {"evidence": "F-1"}, 422, slug, role=RE)
