"""Closed assistance that is opened again: both are kept, and what is owed is owed again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.reintegration.closures.rules import ClosureIncomplete, Done, check_complete, has_expired
from shared.auth import Role
from shared.contracts.registration import CaseClosureReason
from shared.contracts.reintegration import AssistanceClosed, AssistanceClosureReason, AssistanceReopened
from tests.reintegration.family import ARRIVED, Family
from tests.reintegration.refusals import refused
from tests.reintegration.story import (
    AP,
    FI,
    PO,
    RE,
    approved,
    at_home,
    closure_body,
    drafted,
    hear,
    payment_body,
)
from tests.reintegration.test_closure import visit_body
from tests.world import World

AGAIN = {"reason": "still_owed"}


async def closed(world: World, family: Family, reason: str = "migrated_again") -> Any:
    world.now = datetime(2022, 1, 3, 9, 0, tzinfo=UTC)
    return await world.post(f"/cases/{family.case}/closure", closure_body(reason), role=RE, subject="closer")


async def test_a_reopened_case_owes_again_what_its_closure_gave_back(world: World) -> None:
    account = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR"}
    budget = await world.post("/budgets", {**account, "donor": "ours", "amount": "2400.00"}, role=PO)
    family = await at_home(world)
    plan = await approved(world, family)
    await closed(world, family)
    held = f"/budgets/{budget['budget_id']}"
    assert (await world.get(held, role=PO))["committed"] == "0.00"
    path = f"/cases/{family.case}"
    await refused(world, f"{path}/reopening", AGAIN, 403, "own-closure", role=AP, subject="closer")
    done = await world.post(f"{path}/reopening", AGAIN, role=AP)
    assert (done["reason"], done["why"], done["closed_by"]) == ("migrated_again", "still_owed", "closer")
    case = await world.get(path, role=RE)
    assert (case["status"], case["closed_reason"], case["money"]["committed"]) == ("approved", None, "2400.00")
    assert (await world.get(held, role=PO))["committed"] == "2400.00"
    (told,) = await world.told(AssistanceReopened, family.case)
    assert told.data["reason"] == "still_owed"
    await world.post(f"/plans/{plan['plan_id']}/payments", payment_body(plan), role=FI)
    await world.post(f"{path}/visits", visit_body(family), role=RE)
    await closed(world, family, "died")
    assert len(await world.told(AssistanceClosed, family.case)) == 2
    listed = (await world.get(f"{path}/reopenings", role=Role.AUDITOR))["items"]
    assert [each["reopening_id"] for each in listed] == [done["reopening_id"]]


async def test_a_case_is_not_reopened_when_its_budget_was_given_to_others(world: World) -> None:
    account = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR"}
    await world.post("/budgets", {**account, "donor": "ours", "amount": "2400.00"}, role=PO)
    first, second = await at_home(world), await at_home(world)
    await approved(world, first)
    await closed(world, first)
    await approved(world, second)
    await refused(world, f"/cases/{first.case}/reopening", AGAIN, 409, "budget-exceeded", role=AP)


async def test_a_reopened_case_without_an_approved_plan_begins_anew(world: World) -> None:
    family = await at_home(world)
    await drafted(world, family)
    await refused(world, f"/cases/{family.case}/reopening", AGAIN, 409, "not-possible-now", role=AP)
    await closed(world, family, "withdrawn_after_return")
    await world.post(f"/cases/{family.case}/reopening", AGAIN, role=AP)
    assert (await world.get(f"/cases/{family.case}", role=RE))["status"] == "arrived"
    assert (await drafted(world, family))["status"] == "draft"


async def test_a_reopened_case_goes_on_although_registration_closed_it_upon_the_closure(world: World) -> None:
    family = await at_home(world)
    await closed(world, family)
    await hear(world, family, family.closed_there(CaseClosureReason.ASSISTANCE_CLOSED))
    case = await world.get(f"/cases/{family.case}", role=AP)
    assert [each["action"] for each in case["actions"]] == ["reopen_assistance"]
    await world.post(f"/cases/{family.case}/reopening", AGAIN, role=AP)
    await world.post(f"/cases/{family.case}/visits", visit_body(family), role=RE)


def test_a_budget_expires_a_year_after_the_return_or_after_its_last_window() -> None:
    day = ARRIVED.date()
    assert not has_expired(day + timedelta(days=365), day, [])
    assert has_expired(day + timedelta(days=366), day, [])
    assert has_expired(day + timedelta(days=11), day, [day, day + timedelta(days=10)])
    assert not has_expired(day + timedelta(days=10), day, [day, day + timedelta(days=10)])


@pytest.mark.parametrize(
    ("reason", "done", "missing"),
    [
        ("budget_expired", Done(visits=1), "budget_not_expired"),
        ("budget_expired", Done(visits=1, expired=True, surveys_missing=1), "survey_round_missing"),
        ("lost_contact", Done(), "contact_not_lost"),
        ("completed", Done(visits=1, surveys=1, surveys_missing=1), "survey_round_missing"),
        ("died", Done(waiting=True), "amendment_waiting"),
    ],
)
def test_each_reason_has_a_guard_of_its_own(reason: str, done: Done, missing: str) -> None:
    with pytest.raises(ClosureIncomplete) as refusal:
        check_complete(AssistanceClosureReason(reason), [], done, approved=True)
    assert [each["code"] for each in refusal.value.members["missing"]] == [missing]
