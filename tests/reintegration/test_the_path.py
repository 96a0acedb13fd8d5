"""From the booking to the closure, over HTTP, as the story tells it."""

from datetime import UTC, datetime

from shared.contracts.registration import Left, MemberLeft
from shared.contracts.reintegration import (
    AssistanceClosed,
    CounsellingHeld,
    DeliveryConfirmed,
    InstalmentPaid,
    PlanApproved,
    SurveyScored,
    VisitMade,
)
from tests.reintegration.story import (
    AP,
    FI,
    PO,
    RE,
    SCHEME,
    approved,
    at_home,
    delivery_body,
    expected,
    hear,
    payment_body,
    survey_body,
)
from tests.world import World


async def test_a_case_is_expected_once_it_is_booked(world: World) -> None:
    family = await expected(world)
    case = await world.get(f"/cases/{family.case}", role=RE)
    assert case["status"] == "expected"
    assert {each["position"] for each in case["individuals"]} == {"booked"}
    assert case["money"]["ceiling"] == "2400.00"
    assert case["money"]["left"] == "2400.00"
    assert [a["action"] for a in case["actions"]] == [
        "record_counselling_session",
        "draft_plan",
        "record_contact_attempt",
        "record_assessment",
        "check_feasibility",
    ]
    assert (await world.get("/cases?status=expected", role=RE))["items"][0]["case_id"] == str(family.case)


async def test_a_case_ends_when_the_rest_withdraws_after_who_missed_the_flight_has_left_it(world: World) -> None:
    family = await expected(world)
    whole = dict(family.registered()[0])
    (gone,) = [each for each in whole["members"] if each.individual == family.mother]
    rest = tuple(each for each in whole["members"] if each is not gone)
    fact = MemberLeft(
        **{**whole, "members": rest}, individual=family.mother, member=gone, how=Left.GONE, left_at=world.now
    )
    left = (fact, {"subject": family.mother, "attempt": 1})
    await hear(world, family, family.missed(family.mother), left)
    case = await world.get(f"/cases/{family.case}", role=RE)
    assert str(family.mother) not in {each["individual_id"] for each in case["individuals"]}
    await hear(world, family, family.withdrawn(who=(family.father, family.daughter, family.son)))
    (told,) = await world.told(AssistanceClosed, family.case)
    assert told.data["reason"] == "withdrawn_before_departure"


async def test_the_family_builds_a_restaurant_and_the_assistance_is_completed(world: World) -> None:
    family = await at_home(world)
    case_path = f"/cases/{family.case}"
    talk = {"language": "ckb", "topics": ["business_plan", "housing"], "held_on": "2021-12-20"}
    assert len((await world.post(f"{case_path}/counselling-sessions", talk, role=RE))["individuals"]) == 4
    plan = await approved(world, family)
    assert (plan["status"], plan["total"], plan["approved_by"]) == ("approved", "2400.00", "approver")
    assert len(plan["arrived"]) == 4
    assert [step["verb"] for step in plan["history"]] == ["draft_plan", "submit_plan", "approve_plan"]

    world.now = datetime(2022, 3, 3, 9, 0, tzinfo=UTC)
    plan_path = f"/plans/{plan['plan_id']}"
    await world.post(f"{plan_path}/deliveries", delivery_body(plan), role=RE)
    for number, day in enumerate(("2022-01-03", "2022-02-03", "2022-03-03"), start=1):
        body = payment_body(plan, number, paid_on=day, rate_date=day)
        assert (await world.post(f"{plan_path}/payments", body, role=FI))["status"] == "paid"

    money = (await world.get(case_path, role=RE))["money"]
    assert (money["paid"], money["delivered"], money["spent"]) == ("900.00", "1500.00", "2400.00")
    assert (money["committed"], money["left"]) == ("0.00", "0.00")

    visit = {"made_on": "2022-03-03", "kind": "at_work", "individuals": [str(family.father)], "findings": "It is open."}
    await world.post(f"{case_path}/visits", visit, role=RE)
    await world.post("/survey-schemes", SCHEME, role=PO)
    survey = await world.post(f"{case_path}/surveys", survey_body(family, interviewed_on="2022-03-03"), role=RE)
    assert survey["provisional"] is True
    closure = {"reason": "completed", "final_report": "The restaurant feeds the family.", "closed_on": "2022-03-03"}
    assert (await world.post(f"{case_path}/closure", closure, role=RE))["status"] == "closed"

    told = await world.told(key=family.case)
    assert [envelope.type for envelope in told] == [
        CounsellingHeld.type,
        PlanApproved.type,
        DeliveryConfirmed.type,
        *[InstalmentPaid.type] * 3,
        VisitMade.type,
        SurveyScored.type,
        AssistanceClosed.type,
    ]
    closed = told[-1].event()
    assert isinstance(closed, AssistanceClosed)
    assert closed.reason == "completed"
    assert closed.attempts == dict.fromkeys(family.everyone, 1)
    case = await world.get(case_path, role=RE)
    assert (case["status"], case["closed_reason"], case["actions"]) == ("closed", "completed", [])
    assert (await world.get(plan_path, role=AP))["status"] == "closed"


async def test_nothing_the_service_tells_carries_free_text(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    visit = {
        "made_on": "2021-12-20",
        "kind": "at_home",
        "individuals": [str(family.son)],
        "findings": "Words that stay here",
    }
    await world.post(f"/cases/{family.case}/visits", visit, role=RE)
    bodies = b"".join(envelope.body() for envelope in await world.told())
    for words in ("Words that stay here", *plan["goals"], *(line["description"] for line in plan["lines"])):
        assert words.encode() not in bodies
    assert plan["plan_id"].encode() in bodies
