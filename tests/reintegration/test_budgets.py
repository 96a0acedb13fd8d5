"""Budgets hold: what is committed never passes what a project has, and what moved can be told again as it was known."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reintegration.budgets.rules import BudgetExceeded, Entry, Holding, Movement, after
from shared.auth import Role
from shared.relay import place
from tests.reintegration.refusals import nothing_changes
from tests.reintegration.story import (
    AP,
    FI,
    PO,
    RE,
    approved,
    at_home,
    delivery_body,
    etag_of,
    line_of,
    payment_body,
    submitted,
)
from tests.world import World

ACCOUNT = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR"}
AU = Role.AUDITOR
YEAR = "project=RT.0123&since=2021-01-01&until=2022-12-31"


async def budget(world: World, amount: str = "5000.00") -> Any:
    return await world.post("/budgets", {**ACCOUNT, "donor": "ours", "amount": amount}, role=PO)


async def holds(world: World, made: Any) -> tuple[str, ...]:
    """Planned, committed, paid, left."""
    shown = await world.get(f"/budgets/{made['budget_id']}", role=AU)
    return tuple(shown[name] for name in ("planned", "committed", "paid", "left"))


async def told(world: World) -> None:
    """As the relay does first: what has no position yet is in no report."""
    async with world.runtime.database.transaction() as session:
        await place(session)


async def report(world: World, more: str = "") -> Any:
    return await world.get(f"/reports/donor?{YEAR}{more}", role=AU)


async def test_a_budget_shows_what_is_planned_committed_paid_and_left(world: World) -> None:
    made = await budget(world)
    family = await at_home(world)
    await submitted(world, family)
    assert await holds(world, made) == ("2400.00", "0.00", "0.00", "5000.00")
    plan = (await world.get(f"/cases/{family.case}", role=RE))["plan_id"]
    shown = await world.get(f"/plans/{plan}", role=RE)
    await world.post(f"/plans/{plan}/approval", role=AP, subject="approver", etag=etag_of(shown))
    assert await holds(world, made) == ("0.00", "2400.00", "0.00", "2600.00")
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    paid = await world.post(f"/plans/{plan}/payments", payment_body(shown), role=FI)
    assert await holds(world, made) == ("0.00", "2400.00", "300.00", "2600.00")
    path = f"/payments/{paid['payment_id']}/reversal"
    await world.post(path, {"reason": "wrong_amount"}, role=FI, subject="other")
    assert await holds(world, made) == ("0.00", "2400.00", "0.00", "2600.00")
    release = f"/plans/{plan}/lines/{line_of(shown, 'rent')}/release"
    await world.post(release, {"reason": "no_longer_needed"}, role=RE)
    assert await holds(world, made) == ("0.00", "1500.00", "0.00", "3500.00")


async def test_an_approval_that_a_budget_cannot_bear_is_refused_and_commits_nothing(world: World) -> None:
    made = await budget(world, "2399.99")
    family = await at_home(world)
    plan = await submitted(world, family)
    async with nothing_changes(world):
        path = f"/plans/{plan['plan_id']}/approval"
        answer = await world.call("POST", path, {}, role=AP, subject="approver", etag=etag_of(plan))
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "/problems/budget-exceeded"
    assert (problem["budget_line"], problem["left"]) == ("2.1", "2399.99")
    assert (await holds(world, made))[1] == "0.00"

    shown = await world.call("GET", f"/budgets/{made['budget_id']}", role=PO)
    more = await world.call(
        "PATCH", f"/budgets/{made['budget_id']}", {"amount": "2400.00"}, role=PO, etag=shown.headers["etag"]
    )
    assert more.status_code == 200, more.text
    await world.post(path, role=AP, subject="approver", etag=etag_of(plan))
    assert await holds(world, made) == ("0.00", "2400.00", "0.00", "0.00")


async def test_a_budget_is_never_lowered_below_what_is_committed(world: World) -> None:
    made = await budget(world)
    await approved(world, await at_home(world))
    shown = await world.call("GET", f"/budgets/{made['budget_id']}", role=PO)
    path, etag = f"/budgets/{made['budget_id']}", shown.headers["etag"]
    answer = await world.call("PATCH", path, {"amount": "2399.00"}, role=PO, etag=etag)
    assert (answer.status_code, answer.json()["committed"]) == (409, "2400.00")
    stale = await world.call("PATCH", path, {"amount": "9000.00"}, role=PO, etag='"1"')
    assert stale.status_code == 412


async def test_a_budget_added_later_begins_with_what_was_committed_before_it(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    await world.post(f"/plans/{plan['plan_id']}/payments", payment_body(plan), role=FI)
    small = {**ACCOUNT, "donor": "ours", "amount": "2399.00"}
    problem = await world.post("/budgets", small, role=PO, expect=409)
    assert (problem["type"], problem["committed"]) == ("/problems/budget-below-committed", "2400.00")
    made = await budget(world, "3000.00")
    assert await holds(world, made) == ("0.00", "2400.00", "300.00", "600.00")
    release = f"/plans/{plan['plan_id']}/lines/{line_of(plan, 'rent')}/release"
    await world.post(release, {"reason": "no_longer_needed"}, role=RE)
    assert await holds(world, made) == ("0.00", "1800.00", "300.00", "1200.00")


async def test_a_line_that_the_project_has_no_budget_for_is_not_approved(world: World) -> None:
    await world.post("/budgets", {**ACCOUNT, "budget_line": "9.9", "donor": "ours", "amount": "9000.00"}, role=PO)
    plan = await submitted(world, await at_home(world))
    async with nothing_changes(world):
        path = f"/plans/{plan['plan_id']}/approval"
        answer = await world.call("POST", path, {}, role=AP, subject="approver", etag=etag_of(plan))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/budget-line-without-budget")
    assert answer.json()["budget_line"] == "2.1"


async def test_a_project_has_one_budget_for_a_line_and_currency(world: World) -> None:
    made = await budget(world)
    problem = await world.post("/budgets", {**ACCOUNT, "donor": "ours", "amount": "1.00"}, role=PO, expect=409)
    assert problem["budget"] == made["budget_id"]
    found = await world.get("/budgets?project=RT.0123", role=AU)
    assert [each["budget_id"] for each in found["items"]] == [made["budget_id"]]


async def test_the_end_of_assistance_gives_back_what_was_not_spent(world: World) -> None:
    made = await budget(world)
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    await world.post(f"/plans/{plan['plan_id']}/payments", payment_body(plan), role=FI)
    body = {"reason": "migrated_again", "final_report": "They left again.", "closed_on": "2022-01-04"}
    await world.post(f"/cases/{family.case}/closure", body, role=RE)
    assert await holds(world, made) == ("0.00", "300.00", "300.00", "4700.00")


async def test_a_donor_is_told_money_people_and_activities_apart(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    path = f"/plans/{plan['plan_id']}"
    await world.post(f"{path}/deliveries", delivery_body(plan), role=RE)
    await world.post(f"{path}/payments", payment_body(plan), role=FI)
    await told(world)
    said = await report(world)
    assert (said["cases"], said["people"]) == (1, 4)
    done = said["activities"]
    assert (done["payments"], done["deliveries"], done["visits"], done["talks"]) == (1, 1, {}, 0)
    (line,) = said["money"]
    assert (line["budget_line"], line["net_committed"], line["net_paid"], line["delivered"]) == (
        "2.1",
        "2400.00",
        "300.00",
        "1500.00",
    )
    assert "as known" in said["definition"]
    early = await world.get("/reports/donor?project=RT.0123&since=2021-01-01&until=2021-12-31", role=AU)
    assert (early["cases"], early["activities"]["payments"]) == (0, 0), "nothing was done for them that year"


async def test_a_payment_that_was_taken_back_helped_nobody_and_counts_for_nothing(world: World) -> None:
    plan = await approved(world, await at_home(world))
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    paid = await world.post(f"/plans/{plan['plan_id']}/payments", payment_body(plan), role=FI)
    await told(world)
    before = await report(world)
    assert (before["activities"]["payments"], before["cases"]) == (1, 1)
    world.now = datetime(2022, 2, 4, 9, 0, tzinfo=UTC)
    path = f"/payments/{paid['payment_id']}/reversal"
    await world.post(path, {"reason": "wrong_amount"}, role=FI, subject="other")
    await told(world)
    february = "/reports/donor?project=RT.0123&since=2022-02-01&until=2022-02-28"
    assert (await world.get(february, role=AU))["activities"]["payments"] == 0
    now = await report(world)
    assert (now["activities"]["payments"], now["cases"], now["people"]) == (0, 0, 0)
    again = await report(world, f"&as_known_at={before['as_known_at']}")
    assert (again["activities"], again["cases"], again["people"]) == (before["activities"], 1, before["people"])


async def test_a_report_that_was_given_is_given_again_whatever_was_entered_since(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    await world.post(f"/plans/{plan['plan_id']}/payments", payment_body(plan), role=FI)
    await told(world)
    given = await report(world)
    world.now = datetime(2022, 2, 4, 9, 0, tzinfo=UTC)
    second = payment_body(plan, 2, rate_date="2022-02-01", paid_on="2022-02-01")
    await world.post(f"/plans/{plan['plan_id']}/payments", second, role=FI)
    await told(world)
    assert (await report(world))["money"][0]["net_paid"] == "600.00"
    assert await report(world, f"&as_known_at={given['as_known_at']}") == given
    problem = await world.get(f"/reports/donor?{YEAR}&as_known_at=999999", role=AU, expect=422)
    assert problem["type"] == "/problems/position-not-known-yet"
    turned = "project=RT.0123&since=2022-01-02&until=2022-01-01"
    await world.get(f"/reports/donor?{turned}", role=AU, expect=422)


async def test_the_same_receipt_counts_once_whichever_plan_it_is_shown_for(world: World) -> None:
    first, second = await at_home(world), await at_home(world)
    plans = [await approved(world, family) for family in (first, second)]
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    await world.post(f"/plans/{plans[0]['plan_id']}/payments", payment_body(plans[0]), role=FI)
    problem = await world.post(f"/plans/{plans[1]['plan_id']}/payments", payment_body(plans[1]), role=FI, expect=409)
    assert problem["type"] == "/problems/evidence-used"


LINE = UUID(int=1)
amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("1000"), places=2)


@given(st.lists(st.tuples(st.sampled_from([Movement.COMMITTED, Movement.RELEASED]), amounts), max_size=30))
def test_whatever_moves_no_more_is_committed_than_there_is(moves: list[tuple[Movement, Decimal]]) -> None:
    holding = Holding(Decimal("1500.00"), Decimal(0), Decimal(0))
    for movement, amount in moves:
        amount = min(amount, holding.committed) if movement is Movement.RELEASED else amount
        entry = Entry(movement, LINE, "p", "l", "EUR", amount)
        if movement is Movement.COMMITTED and amount > holding.left:
            with pytest.raises(BudgetExceeded):
                after(holding, [entry], "l")
            continue
        holding = after(holding, [entry], "l")
        assert Decimal(0) <= holding.committed <= holding.amount
        assert holding.left + holding.committed == holding.amount
