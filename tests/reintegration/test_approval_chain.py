"""Who has to approve what: one up to an amount, two different people above it, and none of them pays."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reintegration.approvals.rules import (
    CHAIN,
    ApprovalRule,
    ApprovedByYouAlready,
    approvers_needed,
    is_complete_with,
)
from shared.contracts.reintegration import PlanApproved
from tests.reintegration.family import Family
from tests.reintegration.refusals import refused
from tests.reintegration.story import AP, FI, RE, approved, at_home, etag_of, payment_body, submitted
from tests.world import World


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two approvers are needed from 1,000 euros on, so that the family's plan needs them."""
    rule = ApprovalRule(alone={"EUR": Decimal("1000.00")})
    monkeypatch.setattr(approvers_needed, "__defaults__", (rule,))


def test_an_amount_at_the_limit_takes_one_and_a_cent_more_takes_two() -> None:
    limit = CHAIN.alone["EUR"]
    assert approvers_needed(limit, "EUR") == 1
    assert approvers_needed(limit + Decimal("0.01"), "EUR") == 2
    assert approvers_needed(Decimal("1.00"), "IQD") == 2, "a currency without a limit"
    assert CHAIN.provisional


@given(
    signers=st.lists(st.sampled_from(["ana", "bo", "cem"]), max_size=6),
    amount=st.decimals(min_value=0, max_value=20000, places=2),
)
def test_a_chain_is_complete_with_as_many_different_people_as_it_needs(signers: list[str], amount: Decimal) -> None:
    needed = approvers_needed(amount, "EUR")
    signed: list[str] = []
    for by in signers:
        if by in signed:
            with pytest.raises(ApprovedByYouAlready):
                is_complete_with(by, signed, needed)
            continue
        complete = is_complete_with(by, signed, needed)
        signed.append(by)
        assert complete == (len(signed) >= needed)


async def approve(world: World, plan: Any, subject: str) -> Any:
    return await world.post(f"/plans/{plan['plan_id']}/approval", role=AP, subject=subject, etag=etag_of(plan))


@pytest.mark.usefixtures("small_limit")
async def test_a_large_plan_is_approved_by_two_and_commits_nothing_before(world: World) -> None:
    family = await at_home(world)
    plan = await approve(world, await submitted(world, family), "first")
    assert (plan["status"], plan["approvals_needed"]) == ("submitted", 2)
    assert [each["by"] for each in plan["approvals"]] == ["first"]
    assert await world.told(PlanApproved, family.case) == []
    path = f"/plans/{plan['plan_id']}/approval"
    await refused(world, path, {}, 403, "approved-by-you-already", role=AP, subject="first", etag=etag_of(plan))
    await refused(world, path, {}, 403, "own-plan", role=AP, subject="author", etag=etag_of(plan))
    case = await world.get(f"/cases/{family.case}", role=RE)
    assert (case["status"], case["money"]["committed"]) == ("submitted", "0.00")
    plan = await approve(world, plan, "second")
    assert (plan["status"], plan["approved_by"]) == ("approved", "second")
    assert len(await world.told(PlanApproved, family.case)) == 1
    assert (await world.get(f"/cases/{family.case}", role=RE))["status"] == "approved"


@pytest.mark.usefixtures("small_limit")
async def test_what_is_sent_back_loses_the_approvals_it_had(world: World) -> None:
    family = await at_home(world)
    plan = await approve(world, await submitted(world, family), "first")
    one = f"/plans/{plan['plan_id']}"
    plan = await world.post(f"{one}/return", {"reason": "Why two?"}, role=AP, subject="second", etag=etag_of(plan))
    plan = await world.post(f"{one}/submission", role=RE, subject="author")
    assert plan["approvals"] == []
    plan = await approve(world, plan, "first")
    assert plan["status"] == "submitted"
    assert (await approve(world, plan, "second"))["status"] == "approved"


@pytest.mark.usefixtures("small_limit")
async def test_none_of_those_who_approved_pays(world: World) -> None:
    family: Family = await at_home(world)
    plan = await approve(world, await submitted(world, family), "first")
    plan = await approve(world, plan, "second")
    path, body = f"/plans/{plan['plan_id']}/payments", payment_body(plan, paid_on="2022-01-03")
    world.now = world.now.replace(year=2022, month=1, day=4)
    for who in ("author", "first", "second"):
        await refused(world, path, body, 403, "had-a-hand-in-the-plan", role=FI, subject=who)
    await world.post(path, body, role=FI, subject="payer")


async def test_a_plan_within_the_limit_takes_one_approver(world: World) -> None:
    plan = await approved(world, await at_home(world))
    assert (plan["status"], plan["approvals_needed"], len(plan["approvals"])) == ("approved", 1, 1)
