"""Visits, and the end of the assistance with what its reason needs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.reintegration.closures.rules import BY_OFFICER, ClosureIncomplete, Done, check_complete
from services.reintegration.closures.schemas import ClosureBody
from shared.auth import Role
from shared.contracts.reintegration import AssistanceClosed, AssistanceClosureReason, PlanChanged, VisitMade
from shared.database import new_id
from tests.reintegration.refusals import refused
from tests.reintegration.story import (
    FI,
    PO,
    RE,
    SCHEME,
    Family,
    approved,
    at_home,
    closure_body,
    delivery_body,
    drafted,
    expected,
    hear,
    line_of,
    payment_body,
    survey_body,
)
from tests.world import World

JANUARY = datetime(2022, 1, 3, 9, 0, tzinfo=UTC)


def visit_body(family: Family, **changes: Any) -> dict[str, Any]:
    body = {
        "made_on": "2022-01-03",
        "kind": "at_home",
        "individuals": [str(family.father), str(family.son)],
        "findings": "The stove has come.",
        "next_due": "2022-04-03",
    }
    return body | changes


async def test_a_visit_is_told_without_what_was_found(world: World) -> None:
    family = await at_home(world)
    world.now = JANUARY
    visit = await world.post(f"/cases/{family.case}/visits", visit_body(family), role=RE)
    assert visit["findings"] == "The stove has come."
    (told,) = await world.told(VisitMade, family.case)
    assert told.data == {"visit": visit["visit_id"], "made_on": "2022-01-03"}
    for role, findings in ((RE, "The stove has come."), (FI, None), (Role.AUDITOR, None)):
        (listed,) = (await world.get(f"/cases/{family.case}/visits", role=role))["items"]
        assert listed["findings"] == findings


async def test_a_visit_that_cannot_have_been_is_refused(world: World) -> None:
    family = await at_home(world)
    world.now = JANUARY
    path = f"/cases/{family.case}/visits"
    stranger = visit_body(family, individuals=[str(new_id())])
    await refused(world, path, stranger, 422, "individual-not-of-this-case", role=RE)
    await refused(world, path, visit_body(family, next_due="2022-01-03"), 422, "invalid-body", role=RE)
    await refused(world, path, visit_body(family, made_on="2022-01-05", next_due=None), 422, "in-the-future", role=RE)
    early = visit_body(family, made_on="2021-12-13", late_reason="paper_form", evidence="F-1")
    await refused(world, path, early, 422, "before-the-arrival", role=RE)
    waiting = await expected(world)
    await refused(world, f"/cases/{waiting.case}/visits", visit_body(waiting), 409, "not-possible-now", role=RE)


async def test_counselling_begins_while_the_family_is_expected(world: World) -> None:
    family = await expected(world)
    path = f"/cases/{family.case}/counselling-sessions"
    body = {"language": "ckb", "topics": ["housing"], "held_on": "2021-12-09", "individuals": [str(family.mother)]}
    talk = await world.post(path, body, role=RE)
    assert (await world.get(path, role=Role.COUNSELLOR))["items"] == [talk]
    await refused(world, path, body | {"language": "kurdish"}, 422, "invalid-body", role=RE)
    await refused(world, path, body | {"topics": ["Mr. Smith"]}, 422, "invalid-body", role=RE)
    await refused(world, path, body | {"individuals": [str(new_id())]}, 422, "individual-not-of-this-case", role=RE)


async def test_a_completed_case_has_everything_that_was_approved(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = JANUARY
    case, path = f"/cases/{family.case}", f"/cases/{family.case}/closure"
    document = await refused(world, path, closure_body(), 409, "closure-incomplete", role=RE)
    assert document["missing"] == [
        {"code": "no_visit"},
        {"code": "line_owed", "line": "equipment"},
        {"code": "line_owed", "line": "rent"},
        {"code": "no_survey"},
    ]
    await world.post(f"{case}/visits", visit_body(family), role=RE)
    await world.post("/survey-schemes", SCHEME, role=PO)
    await world.post(f"{case}/surveys", survey_body(family), role=RE)
    await world.post(f"/plans/{plan['plan_id']}/deliveries", delivery_body(plan), role=RE)
    await world.post(f"/plans/{plan['plan_id']}/payments", payment_body(plan), role=FI)
    document = await refused(world, path, closure_body(), 409, "closure-incomplete", role=RE)
    assert document["missing"] == [{"code": "line_owed", "line": "rent"}]
    release = f"/plans/{plan['plan_id']}/lines/{line_of(plan, 'rent')}/release"
    await world.post(release, {"reason": "cheaper_than_planned"}, role=RE)
    (changed,) = await world.told(PlanChanged, family.case)
    assert changed.data["total"] == "1800.00"
    closed = await world.post(path, closure_body(), role=RE)
    assert (closed["status"], closed["reason"]) == ("closed", "completed")
    await refused(world, path, closure_body(), 409, "not-possible-now", role=RE)
    await refused(world, f"{case}/visits", visit_body(family), 409, "not-possible-now", role=RE)


async def test_goods_paid_for_and_not_delivered_keep_a_case_open(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = JANUARY
    invoice = payment_body(plan, line_id=line_of(plan, "equipment"), instalment=1, amount="500.00")
    await world.post(f"/plans/{plan['plan_id']}/payments", invoice, role=FI)
    path = f"/cases/{family.case}/closure"
    document = await refused(world, path, closure_body("migrated_again"), 409, "closure-incomplete", role=RE)
    assert document["missing"] == [{"code": "not_reconciled", "line": "equipment"}]
    await world.post(f"/plans/{plan['plan_id']}/deliveries", delivery_body(plan, "500.00"), role=RE)
    assert (await world.post(path, closure_body("migrated_again"), role=RE))["status"] == "closed"


async def test_a_closure_without_an_approved_plan_cancels_the_draft(world: World) -> None:
    family = await at_home(world)
    plan = await drafted(world, family)
    world.now = JANUARY
    await world.post(f"/cases/{family.case}/closure", closure_body("withdrawn_after_return"), role=RE)
    assert (await world.get(f"/plans/{plan['plan_id']}", role=RE))["status"] == "cancelled"
    (told,) = await world.told(AssistanceClosed, family.case)
    assert told.data["reason"] == "withdrawn_after_return"
    assert told.attempt == 1


async def test_assistance_is_closed_here_where_registration_closed_the_case_first(world: World) -> None:
    family = await at_home(world)
    await hear(world, family, family.closed_there())
    world.now = JANUARY
    case = await world.get(f"/cases/{family.case}", role=RE)
    assert [a["action"] for a in case["actions"]] == ["close_assistance"]
    assert case["marks"][0]["code"] == "registration_closed_duplicate"
    await refused(world, f"/cases/{family.case}/visits", visit_body(family), 409, "case-closed-elsewhere", role=RE)
    await world.post(f"/cases/{family.case}/closure", closure_body("died"), role=RE)


async def test_nobody_says_that_someone_withdrew_before_departure(world: World) -> None:
    family = await at_home(world)
    world.now = JANUARY
    path = f"/cases/{family.case}/closure"
    await refused(world, path, closure_body("withdrawn_before_departure"), 422, "invalid-body", role=RE)
    waiting = await expected(world)
    path = f"/cases/{waiting.case}/closure"
    await refused(world, path, closure_body("lost_contact"), 409, "not-possible-now", role=RE)


async def test_two_who_close_at_once_close_once(world: World) -> None:
    family = await at_home(world)
    world.now = JANUARY
    case = await world.call("GET", f"/cases/{family.case}", role=RE)
    path, etag = f"/cases/{family.case}/closure", f'"{case.json()["version"]}"'
    await refused(world, path, closure_body("died"), 412, "stale-version", role=RE, etag='"77"')
    first = await world.call("POST", path, closure_body("died"), role=RE, etag=etag)
    again = await world.call("POST", path, closure_body("died"), role=RE, etag=etag)
    assert (first.status_code, again.status_code) == (201, 412)


@pytest.mark.parametrize("reason", sorted(BY_OFFICER))
def test_each_reason_says_what_it_needs(reason: AssistanceClosureReason) -> None:
    needs = {
        AssistanceClosureReason.COMPLETED: ["plan_not_approved", "no_visit", "no_survey"],
        AssistanceClosureReason.BUDGET_EXPIRED: ["plan_not_approved", "no_visit"],
        AssistanceClosureReason.LOST_CONTACT: ["contact_not_lost"],
    }
    if reason not in needs:
        check_complete(reason, [], Done(), approved=False)
        return
    with pytest.raises(ClosureIncomplete) as refusal:
        check_complete(reason, [], Done(), approved=False)
    assert [each["code"] for each in refusal.value.members["missing"]] == needs[reason]
    check_complete(reason, [], Done(visits=1, surveys=1, contact_lost=True, expired=True), approved=True)


async def test_contact_that_was_lost_closes_a_case_and_contact_that_was_not_does_not(world: World) -> None:
    family = await at_home(world)
    case = f"/cases/{family.case}"
    closing = closure_body("lost_contact", closed_on="2022-01-10")
    for way in ("phone", "message", "phone"):
        await world.post(f"{case}/contact-attempts", {"way": way, "outcome": "no_answer"}, role=RE)
        world.now += timedelta(days=7)
    world.now = world.now.replace(year=2022, month=1, day=10)
    document = await refused(world, f"{case}/closure", closing, 409, "closure-incomplete", role=RE)
    assert document["missing"] == [{"code": "contact_not_lost"}]
    await world.post(f"{case}/lost-contact", role=RE)
    closed = await world.post(f"{case}/closure", closing, role=RE)
    assert (closed["status"], closed["reason"]) == ("closed", "lost_contact")
    (told,) = await world.told(AssistanceClosed, family.case)
    assert told.data["reason"] == "lost_contact"


async def test_a_budget_that_expired_closes_a_case_and_gives_back_what_nobody_used(world: World) -> None:
    family = await at_home(world)
    await approved(world, family)
    case = f"/cases/{family.case}"
    world.now = JANUARY
    await world.post(f"{case}/visits", visit_body(family, next_due=None), role=RE)
    early = closure_body("budget_expired")
    document = await refused(world, f"{case}/closure", early, 409, "closure-incomplete", role=RE)
    assert document["missing"] == [{"code": "budget_not_expired"}]
    world.now = JANUARY.replace(month=12, day=16)
    rounds = (await world.get(f"{case}/follow-ups", role=RE))["items"]
    for each in rounds:
        if each["kind"] == "survey" and not each["settled_at"] and each["due_on"] <= "2022-12-16":
            await world.post(f"/follow-ups/{each['follow_up_id']}/loss", {"reason": "contact_lost"}, role=RE)
    closing = closure_body("budget_expired", closed_on="2022-12-16")
    closed = await world.post(f"{case}/closure", closing, role=RE)
    assert (closed["status"], closed["reason"]) == ("closed", "budget_expired")
    money = (await world.get(case, role=RE))["money"]
    assert (money["planned"], money["committed"], money["left"]) == ("0.00", "0.00", "2400.00"), (
        "as the budgets have it"
    )
    assert {each["committed"] for each in money["lines"]} == {"0.00"}


def test_the_final_report_keeps_every_script() -> None:
    report = "رستوران باز است، خانواده آنجا کار می\u200cکند 🍲\nDawî"
    body = ClosureBody.model_validate(closure_body(final_report=report))
    assert body.final_report == report
