"""Every write of reintegration, failed once between its change and its commit."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts import reintegration as t
from tests.faults import Tried
from tests.reintegration.story import (
    AP,
    FI,
    PO,
    RE,
    SCHEME,
    Family,
    at_home,
    cheaper_rent,
    closure_body,
    delivery_body,
    etag_of,
    feasibility_body,
    line_of,
    payment_body,
    plan_body,
    project_body,
    survey_body,
)
from tests.reintegration.test_closure import visit_body
from tests.world import World


async def test_every_write_that_fails_at_its_commit_leaves_nothing_and_is_taken_when_repeated(world: World) -> None:
    tried = Tried(world)
    family = await at_home(world)
    plan = await until_the_plan_is_approved(tried, family)
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    await until_the_end(tried, family, plan)
    await until_contact_is_lost(tried)
    tried.all_of_them()


async def until_the_plan_is_approved(tried: Tried, family: Family) -> Any:
    this = {"case_id": family.case}
    author, approver = {"role": RE, "subject": "author"}, {"role": AP, "subject": "approver"}
    talk = {"language": "ckb", "topics": ["housing"], "held_on": "2021-12-20"}
    await tried.once("record_counselling_session", talk, t.CounsellingHeld, role=RE, **this)
    await until_it_is_known_what_helps(tried, family)
    account = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR"}
    held = await tried.once("add_budget", {**account, "donor": "ours", "amount": "5000.00"}, role=PO)
    more = {"amount": "6000.00"}
    await tried.once("change_budget", more, budget_id=held["budget_id"], etag=etag_of(held), role=PO)
    plan = await tried.once("draft_plan", plan_body(), **author, **this)
    one = {"plan_id": plan["plan_id"]}
    plan = await tried.once("submit_plan", None, **author, **one)
    why = {"reason": "Say who owns the place"}
    plan = await tried.once("return_plan", why, etag=etag_of(plan), **approver, **one)
    plan = await tried.once("revise_plan", {"goals": ["A restaurant"]}, etag=etag_of(plan), **author, **one)
    plan = await tried.once("submit_plan", None, **author, **one)
    return await tried.once("approve_plan", None, t.PlanApproved, etag=etag_of(plan), **approver, **one)


async def until_it_is_known_what_helps(tried: Tried, family: Family) -> None:
    this = {"case_id": family.case, "role": RE}
    skill = {"code": "cooking", "level": "professional"}
    known = {"individual_id": str(family.father), "skills": [skill], "assessed_on": "2021-12-20"}
    await tried.once("record_assessment", known, **this)
    await tried.once("check_feasibility", feasibility_body("in_kind"), **this)
    lodging = {"individual_id": str(family.father), "help": "temporary_lodging", "given_on": "2021-12-20"}
    await tried.once("give_help", lodging, t.HelpGiven, **this)


async def until_the_plan_is_changed(tried: Tried, plan: Any) -> None:
    one, author, approver = {"plan_id": plan["plan_id"]}, {"role": RE, "subject": "author"}, {"role": AP}
    wish = {"reason": "Cheaper", "lines": [cheaper_rent()]}
    for end in ("take_back_amendment", "return_amendment", "approve_amendment"):
        made = await tried.once("propose_amendment", wish, **author, **one)
        this = {"amendment_id": made["amendment_id"], "etag": etag_of(made)}
        if end == "take_back_amendment":
            await tried.once(end, None, **author, **this)
        elif end == "return_amendment":
            await tried.once(end, {"reason": "Say why"}, **approver, **this)
        else:
            await tried.once(end, None, t.PlanChanged, **approver, **this)
    project = await tried.once("add_community_project", project_body(), role=PO)
    together = {"project_id": project["project_id"]}
    part = {"plan_id": plan["plan_id"], "line_id": line_of(plan, "equipment"), "amount": "200.00"}
    share = await tried.once("take_share", part, **author, **together)
    await tried.once("release_share", None, share_id=share["share_id"], **author)
    await tried.once("end_community_project", None, role=PO, **together)


async def until_contact_is_lost(tried: Tried) -> None:
    family = await at_home(tried.world)
    this = {"case_id": family.case, "role": RE}
    for way in ("phone", "message", "visit"):
        await tried.once("record_contact_attempt", {"way": way, "outcome": "no_answer"}, **this)
        tried.world.now += timedelta(days=7)
    await tried.once("declare_contact_lost", None, t.ContactLost, **this)


async def until_it_is_bought(tried: Tried, plan: Any) -> None:
    firm = {"code": "ETTC", "name": "A firm", "kind": "supplier", "country": "IRQ"}
    await tried.once("add_provider", firm, role=FI)
    line = {"plan_id": plan["plan_id"], "line_id": line_of(plan, "equipment"), "role": RE}
    quotation = {"provider": "ETTC", "reference": "Q-1", "amount": "900.00", "quoted_on": "2022-01-03"}
    quoted = await tried.once("record_quotation", quotation, subject="buyer", **line)
    ordered = {"quotation_id": quoted["quotation_id"]}
    first = await tried.once("place_order", ordered, subject="orderer", **line)
    await tried.once("cancel_order", None, order_id=first["order_id"], role=RE)
    order = await tried.once("place_order", ordered, subject="orderer", **line)
    charge = {"number": "INV-1", "amount": "900.00", "invoiced_on": "2022-01-03"}
    await tried.once("record_invoice", charge, order_id=order["order_id"], role=FI)


async def until_the_end(tried: Tried, family: Family, plan: Any) -> None:
    this, one = {"case_id": family.case}, {"plan_id": plan["plan_id"]}
    await until_the_plan_is_changed(tried, plan)
    await until_it_is_bought(tried, plan)
    await tried.once("confirm_delivery", delivery_body(plan), t.DeliveryConfirmed, role=RE, **one)
    paid = await tried.once("pay_instalment", payment_body(plan), t.InstalmentPaid, role=FI, **one)
    wrong = {"payment_id": paid["payment_id"], "role": FI, "subject": "other"}
    await tried.once("reverse_payment", {"reason": "wrong_amount"}, t.PaymentReversed, **wrong)
    goods = {"evidence": {"kind": "supplier_invoice", "reference": "INV-1"}, "line_id": line_of(plan, "equipment")}
    bill = payment_body(plan, 1, "900.00", **goods)
    await tried.world.post(f"/plans/{plan['plan_id']}/payments", bill, role=FI, subject="payer")
    rest = {"line_id": line_of(plan, "rent"), "role": RE}
    await tried.once("release_line", {"reason": "no_longer_needed"}, t.PlanChanged, **rest, **one)
    await tried.once("record_visit", visit_body(family), t.VisitMade, role=RE, **this)
    await tried.once("add_survey_scheme", SCHEME, role=PO)
    await tried.once("record_survey", survey_body(family), t.SurveyScored, role=RE, **this)
    (visit, *_) = (await tried.world.get(f"/cases/{family.case}/follow-ups", role=RE))["items"]
    await tried.once("give_up_follow_up", {"reason": "declined"}, follow_up_id=visit["follow_up_id"], role=RE)
    await tried.once("close_assistance", closure_body(), t.AssistanceClosed, role=RE, **this)
    await tried.once("reopen_assistance", {"reason": "still_owed"}, t.AssistanceReopened, role=AP, **this)
