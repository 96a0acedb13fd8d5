"""No list asks its database more often when it is longer."""

from copy import deepcopy
from typing import Any

from tests.lists import asked, check
from tests.reintegration.family import AT_HOME
from tests.reintegration.story import (
    AP,
    FI,
    PO,
    RE,
    SCHEME,
    Family,
    approved,
    cheaper_rent,
    closure_body,
    delivery_body,
    etag_of,
    feasibility_body,
    hear_at_once,
    line_of,
    payment_body,
    project_body,
    survey_body,
)
from tests.reintegration.test_amendments import propose, wish
from tests.reintegration.test_procurement import providers, quoted
from tests.reintegration.test_reopening import AGAIN
from tests.world import World

LATE = {"late_reason": "told_later", "evidence": "F-1"}


async def test_no_list_of_reintegration_asks_more_queries_for_more_rows(world: World) -> None:
    family = Family()
    before = (family.registered(), family.decided(), family.booked(), *map(family.departed, family.everyone))
    await hear_at_once(world, family, *before, family.arrived(family.father))
    world.now = AT_HOME
    case, who = f"/cases/{family.case}", {"individual_id": str(family.father)}
    first = {"made_on": "2021-12-20", "kind": "by_phone", "individuals": [str(family.father)], "findings": "Well."}
    plan = await approved(world, family)
    at_work, line = f"/plans/{plan['plan_id']}", line_of(plan, "equipment")
    project = (await world.post("/community-projects", project_body(), role=PO))["project_id"]
    bought = f"{at_work}/lines/{line}"
    lists: dict[str, tuple[str, Any]] = {
        "/cases/{case_id}/assessments": (f"{case}/assessments", RE),
        "/cases/{case_id}/contact-attempts": (f"{case}/contact-attempts", RE),
        "/cases/{case_id}/counselling-sessions": (f"{case}/counselling-sessions", RE),
        "/cases/{case_id}/feasibility-checks": (f"{case}/feasibility-checks", RE),
        "/cases/{case_id}/follow-ups": (f"{case}/follow-ups", RE),
        "/cases/{case_id}/post-arrival-help": (f"{case}/post-arrival-help", RE),
        "/cases/{case_id}/post-arrival-windows": (f"{case}/post-arrival-windows", RE),
        "/cases/{case_id}/reopenings": (f"{case}/reopenings", RE),
        "/cases/{case_id}/surveys": (f"{case}/surveys", RE),
        "/cases/{case_id}/visits": (f"{case}/visits", RE),
        "/community-projects/{project_id}/shares": (f"/community-projects/{project}/shares", PO),
        "/plans/{plan_id}/amendments": (f"{at_work}/amendments", RE),
        "/plans/{plan_id}/deliveries": (f"{at_work}/deliveries", RE),
        "/plans/{plan_id}/lines/{line_id}/quotations": (f"{bought}/quotations", RE),
        "/plans/{plan_id}/payments": (f"{at_work}/payments", FI),
        "/survey-schemes": ("/survey-schemes", PO),
    }

    async def more(number: int) -> None:
        found = {
            "skills": [{"code": "cooking", "level": "basic"}],
            "needs": [],
            "assessed_on": "2021-12-20",
            **LATE,
        }
        await world.post(f"{case}/assessments", found | who, role=RE)
        await world.post(f"{case}/contact-attempts", {"way": "phone", "outcome": "no_answer"}, role=RE)
        talk = {"language": "ckb", "topics": ["housing"], "held_on": "2021-12-20", **LATE}
        await world.post(f"{case}/counselling-sessions", talk, role=RE)
        await world.post(f"{case}/feasibility-checks", feasibility_body("in_kind") | LATE, role=RE)
        given = {"help": "onward_transport", "given_on": "2021-12-20", **LATE}
        await world.post(f"{case}/post-arrival-help", given | who, role=RE)
        await world.post(f"{case}/visits", first | {**LATE, "next_due": f"2022-0{4 + number}-01"}, role=RE)
        share = {"plan_id": plan["plan_id"], "line_id": line, "amount": "10.00"}
        made = await world.post(f"/community-projects/{project}/shares", share, role=RE)
        await world.post(f"/shares/{made['share_id']}/release", role=RE)
        change = await propose(world, plan, wish(cheaper_rent()))
        await world.post(
            f"/amendments/{change['amendment_id']}/taking-back", role=RE, subject="author", etag=etag_of(change)
        )
        paper = {"number": f"HC-{number}", "signed_on": "2022-01-03"}
        await providers(world, f"P-{number}")
        await quoted(world, bought, f"P-{number}", "400.00")
        world.now = world.now.replace(year=2022, month=number, day=4)
        await world.post(f"{at_work}/deliveries", delivery_body(plan, "10.00", certificate=paper), role=RE)
        paid = {"rate_date": f"2022-0{number}-03", "paid_on": f"2022-0{number}-03"}
        await world.post(f"{at_work}/payments", payment_body(plan, number, **paid), role=FI)
        scheme = deepcopy(SCHEME) | {"version": number}
        await world.post("/survey-schemes", scheme, role=PO)
        await world.post(f"{case}/surveys", survey_body(family, number, **LATE), role=RE)

    async def closed_and_reopened() -> None:
        await world.post(f"{case}/closure", closure_body("died", closed_on=world.now.date().isoformat()), role=RE)
        await world.post(f"{case}/reopening", AGAIN, role=AP, subject="opener")

    await more(1)
    await closed_and_reopened()
    few = await asked(world, lists)
    await hear_at_once(world, family, *map(family.arrived, (family.mother, family.daughter, family.son)))
    await more(2)
    await more(3)
    await closed_and_reopened()
    check("reintegration", few, await asked(world, lists))
