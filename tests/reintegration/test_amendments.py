"""Changes to a plan that is approved: proposed, approved by somebody else, and only then made."""

from datetime import UTC, datetime
from typing import Any

from shared.contracts.reintegration import PlanChanged
from tests.reintegration.refusals import refused
from tests.reintegration.story import (
    AP,
    FI,
    PO,
    RE,
    approved,
    at_home,
    cheaper_rent,
    closure_body,
    delivery_body,
    drafted,
    etag_of,
    line_of,
    payment_body,
    plan_body,
    project_body,
)
from tests.world import World

JANUARY = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)


def wish(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"reason": "The place costs less", "lines": list(lines), **changes}


async def propose(world: World, plan: Any, body: dict[str, Any]) -> Any:
    return await world.post(f"/plans/{plan['plan_id']}/amendments", body, role=RE, subject="author")


async def approve(world: World, made: Any) -> Any:
    path = f"/amendments/{made['amendment_id']}/approval"
    return await world.post(path, role=AP, subject="approver", etag=etag_of(made))


async def test_a_change_is_made_when_it_is_approved_and_not_before(world: World) -> None:
    family = await at_home(world)
    account = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR"}
    budget = await world.post("/budgets", {**account, "donor": "ours", "amount": "5000.00"}, role=PO)
    plan = await approved(world, family)
    made = await propose(world, plan, wish(cheaper_rent(), goals=["A smaller restaurant"]))
    assert (made["status"], made["total"], made["approvals_needed"]) == ("proposed", "2300.00", 1)
    assert (await world.get(f"/plans/{plan['plan_id']}", role=RE))["total"] == "2400.00"
    done = await approve(world, made)
    assert (done["status"], done["decided_by"]) == ("approved", "approver")
    plan = await world.get(f"/plans/{plan['plan_id']}", role=RE)
    assert (plan["total"], plan["revision"], plan["status"]) == ("2300.00", 2, "approved")
    assert plan["goals"] == ["A smaller restaurant"]
    (told,) = await world.told(PlanChanged, family.case)
    assert (told.data["total"], told.data["revision"]) == ("2300.00", 2)
    held = await world.get(f"/budgets/{budget['budget_id']}", role=PO)
    assert (held["committed"], held["left"]) == ("2300.00", "2700.00")
    listed = (await world.get(f"/plans/{plan['plan_id']}/amendments", role=RE))["items"]
    assert [each["status"] for each in listed] == ["approved"]


async def test_a_change_adds_a_line_within_the_package_only(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    tools = plan_body()["lines"][0] | {"code": "tools", "package_line": "rent:case", "amount": "100.00"}
    tools["instalments"] = [tools["instalments"][0] | {"amount": "100.00"}]
    over = await propose(world, plan, wish(tools))
    path = f"/amendments/{over['amendment_id']}/approval"
    await refused(world, path, {}, 409, "more-than-package", role=AP, etag=etag_of(over))
    await world.post(f"/amendments/{over['amendment_id']}/taking-back", role=RE, subject="author")
    await approve(world, await propose(world, plan, wish(cheaper_rent(), tools)))
    plan = await world.get(f"/plans/{plan['plan_id']}", role=RE)
    assert {line["code"]: line["amount"] for line in plan["lines"]} == {
        "equipment": "1500.00",
        "rent": "800.00",
        "tools": "100.00",
    }


async def test_a_line_stays_as_large_as_what_moved_or_is_bound_on_it(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = JANUARY
    await world.post(f"/plans/{plan['plan_id']}/payments", payment_body(plan), role=FI)
    await world.post(f"/plans/{plan['plan_id']}/deliveries", delivery_body(plan, "900.00"), role=RE)
    rent, equipment = plan_body()["lines"][1], plan_body()["lines"][0]
    first, second, third = rent["instalments"]
    less = rent | {"amount": "700.00", "instalments": [first | {"amount": "100.00"}, second, third]}
    few = equipment | {"amount": "800.00", "instalments": [equipment["instalments"][0] | {"amount": "800.00"}]}
    for line in (less, few):
        made = await propose(world, plan, wish(line))
        path = f"/amendments/{made['amendment_id']}/approval"
        await refused(world, path, {}, 409, "less-than-moved", role=AP, etag=etag_of(made))
        await world.post(f"/amendments/{made['amendment_id']}/taking-back", role=RE, subject="author")
    await world.post("/community-projects", project_body(), role=PO)
    (project,) = (await world.get("/community-projects", role=RE))["items"]
    part = {"plan_id": plan["plan_id"], "line_id": line_of(plan, "equipment"), "amount": "1200.00"}
    await world.post(f"/community-projects/{project['project_id']}/shares", part, role=RE)
    bound = equipment | {"amount": "1100.00", "instalments": [equipment["instalments"][0] | {"amount": "1100.00"}]}
    made = await propose(world, plan, wish(bound))
    path = f"/amendments/{made['amendment_id']}/approval"
    document = await refused(world, path, {}, 409, "less-than-moved", role=AP, etag=etag_of(made))
    assert document["at_least"] == "1200.00"


async def test_a_line_keeps_its_account_and_its_way_of_helping(world: World) -> None:
    plan = await approved(world, await at_home(world))
    for change in ({"budget_line": "2.2"}, {"project_code": "RT.9"}, {"modality": "service"}):
        made = await propose(world, plan, wish(cheaper_rent() | change))
        path = f"/amendments/{made['amendment_id']}/approval"
        await refused(world, path, {}, 422, "line-keeps-its-account", role=AP, etag=etag_of(made))
        await world.post(f"/amendments/{made['amendment_id']}/taking-back", role=RE, subject="author")


async def test_one_change_waits_at_a_time_and_four_eyes_look_at_it(world: World) -> None:
    family = await at_home(world)
    waiting = await drafted(world, family)
    path = f"/plans/{waiting['plan_id']}/amendments"
    await refused(world, path, wish(cheaper_rent()), 409, "not-possible-now", role=RE)
    await world.post(f"/plans/{waiting['plan_id']}/submission", role=RE, subject="author")
    plan = await world.get(f"/plans/{waiting['plan_id']}", role=AP)
    plan = await world.post(f"/plans/{plan['plan_id']}/approval", role=AP, subject="approver", etag=etag_of(plan))
    made = await world.post(path, wish(cheaper_rent()), role=RE, subject="colleague")
    await refused(world, path, wish(cheaper_rent()), 409, "amendment-waiting", role=RE)
    await refused(world, path, {"reason": "Nothing"}, 422, "invalid-body", role=RE)
    one = f"/amendments/{made['amendment_id']}"
    for who in ("author", "colleague"):
        await refused(world, f"{one}/approval", {}, 403, "own-plan", role=AP, subject=who, etag=etag_of(made))
    await refused(world, f"{one}/approval", {}, 412, "stale-version", role=AP, etag='"77"')
    await refused(world, f"{one}/taking-back", {}, 403, "not-your-amendment", role=RE, subject="author")
    world.now = JANUARY
    closing = await refused(
        world,
        f"/cases/{family.case}/closure",
        closure_body("died", late_reason="paper_form"),
        409,
        "closure-incomplete",
        role=RE,
    )
    assert {"code": "amendment_waiting"} in closing["missing"]
    back = await world.post(f"{one}/return", {"reason": "Why?"}, role=AP, subject="approver", etag=etag_of(made))
    assert (back["status"], back["comment"]) == ("returned", "Why?")
    await refused(world, f"{one}/return", {"reason": "Again"}, 409, "not-possible-now", role=AP, etag=etag_of(back))
    assert (await world.get(f"/plans/{plan['plan_id']}", role=RE))["revision"] == 1


async def test_a_budget_holds_against_a_change_that_asks_for_more(world: World) -> None:
    account = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR"}
    await world.post("/budgets", {**account, "donor": "ours", "amount": "2350.00"}, role=PO)
    family = await at_home(world)
    small = plan_body() | {"lines": [plan_body()["lines"][0], cheaper_rent()]}
    plan = await world.post(f"/cases/{family.case}/plans", small, role=RE, subject="author")
    plan = await world.post(f"/plans/{plan['plan_id']}/submission", role=RE, subject="author")
    plan = await world.post(f"/plans/{plan['plan_id']}/approval", role=AP, subject="approver", etag=etag_of(plan))
    made = await propose(world, plan, wish(plan_body()["lines"][1]))
    path = f"/amendments/{made['amendment_id']}/approval"
    document = await refused(world, path, {}, 409, "budget-exceeded", role=AP, etag=etag_of(made))
    assert document["left"] == "50.00"
