"""Who may use which route: the whole list, so that a role is never added by accident."""

import pytest

from shared.auth import Role
from shared.database import new_id
from shared.offers import Offer
from tests.reintegration.refusals import nothing_changes
from tests.reintegration.story import expected
from tests.world import World

RE, AP, FI, CO = Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.COUNSELLOR
PO, AU = Role.PROGRAMME_OFFICER, Role.AUDITOR
WRITES = {
    "record_counselling_session": {RE},
    "draft_plan": {RE},
    "revise_plan": {RE},
    "submit_plan": {RE},
    "return_plan": {AP},
    "approve_plan": {AP},
    "release_line": {RE},
    "confirm_delivery": {RE},
    "pay_instalment": {FI},
    "reverse_payment": {FI},
    "record_visit": {RE},
    "add_survey_scheme": {PO},
    "record_survey": {RE},
    "close_assistance": {RE},
    "record_contact_attempt": {RE},
    "declare_contact_lost": {RE},
    "add_budget": {PO},
    "change_budget": {PO},
    "add_provider": {RE, FI},
    "record_quotation": {RE},
    "place_order": {RE, FI},
    "record_invoice": {FI},
    "cancel_order": {RE, FI},
    "record_assessment": {RE},
    "check_feasibility": {RE},
    "give_help": {RE},
    "propose_amendment": {RE},
    "approve_amendment": {AP},
    "return_amendment": {AP},
    "take_back_amendment": {RE},
    "add_community_project": {PO},
    "end_community_project": {PO},
    "take_share": {RE},
    "release_share": {RE},
    "give_up_follow_up": {RE},
    "reopen_assistance": {AP},
}
READS = {
    "list_cases": {RE, AP, FI, CO, AU},
    "show_case": {RE, AP, FI, CO, AU},
    "show_contacts": {RE},
    "list_counselling_sessions": {RE, AP, CO, AU},
    "show_plan": {RE, AP, FI, CO, AU},
    "list_deliveries": {RE, AP, FI, AU},
    "list_payments": {RE, AP, FI, AU},
    "show_payment": {RE, AP, FI, AU},
    "list_visits": {RE, AP, FI, CO, AU},
    "list_survey_schemes": {PO, RE, AP, AU},
    "show_survey_scheme": {PO, RE, AP, AU},
    "list_surveys": {RE, AP, PO, AU},
    "show_survey": {RE, AP, PO, AU},
    "recompute_survey": {RE, AP, PO, AU},
    "list_arrivals": {RE},
    "list_contact_attempts": {RE, AP, CO, AU},
    "show_contact_standing": {RE, AP, CO, AU},
    "list_budgets": {PO, RE, AP, FI, AU},
    "show_budget": {PO, RE, AP, FI, AU},
    "list_providers": {RE, AP, FI, AU},
    "list_quotations": {RE, AP, FI, AU},
    "show_order": {RE, AP, FI, AU},
    "report_to_donor": {PO, AP, FI, AU},
    "list_assessments": {RE, AP, CO},
    "show_feasibility_grid": {RE, AP, CO},
    "list_feasibility_checks": {RE, AP, CO},
    "list_help": {RE, AP, CO, AU},
    "show_windows": {RE, AP, CO, AU},
    "list_amendments": {RE, AP, FI, CO, AU},
    "show_amendment": {RE, AP, FI, CO, AU},
    "list_community_projects": {RE, AP, PO, FI, AU},
    "show_community_project": {RE, AP, PO, FI, AU},
    "list_shares": {RE, AP, PO, FI, AU},
    "list_follow_ups": {RE, AP, PO, CO, AU},
    "list_follow_ups_of_case": {RE, AP, PO, CO, AU},
    "list_reopenings": {RE, AP, FI, AU},
}


def own(world: World) -> dict[str, Offer]:
    """The service's own routes, without those that every service has for its operators."""
    everywhere = ("/operations", "/health", "/docs", "/problems", "/metrics", "/asyncapi")
    return {name: each for name, each in world.runtime.offers.items() if not each.path.startswith(everywhere)}


async def test_each_route_is_for_the_roles_that_are_listed_here(world: World) -> None:
    routes = own(world)
    assert {name: set(each.allowed.roles) for name, each in routes.items()} == {**WRITES, **READS}


async def test_every_other_role_is_refused_on_every_route(world: World) -> None:
    named = ("case_id", "plan_id", "line_id", "payment_id", "survey_id", "scheme_id", "budget_id", "order_id")
    also = ("amendment_id", "project_id", "share_id", "follow_up_id")
    ids = {name: new_id() for name in (*named, *also)}
    async with nothing_changes(world):
        for each in own(world).values():
            others = sorted(set(Role) - each.allowed.roles)
            answer = await world.call(each.method, each.path.format(**ids), {}, role=others, subject="stranger")
            assert answer.status_code == 403, each.path
            assert (await world.call(each.method, each.path.format(**ids), {})).status_code == 401


async def test_what_is_not_there_is_not_found(world: World) -> None:
    nothing = new_id()
    for path in ("cases", "plans", "payments", "surveys", "survey-schemes"):
        await world.get(f"/{path}/{nothing}", role=RE, expect=404)
    for part in ("visits", "surveys", "counselling-sessions"):
        await world.get(f"/cases/{nothing}/{part}", role=RE, expect=404)


@pytest.mark.parametrize("role", [AP, FI, CO, AU])
async def test_no_action_is_offered_that_the_reader_may_not_take(world: World, role: Role) -> None:
    family = await expected(world)
    assert (await world.get(f"/cases/{family.case}", role=role))["actions"] == []


async def test_lists_go_on_where_the_page_before_ended(world: World) -> None:
    cases = {str((await expected(world)).case) for _ in range(5)}
    found: list[str] = []
    path = "/cases?limit=2&status=expected"
    page = await world.get(path, role=RE)
    while True:
        found += [each["case_id"] for each in page["items"]]
        if page["next"] is None:
            break
        page = await world.get(f"{path}&cursor={page['next']}", role=RE)
    assert found == sorted(cases)
    await world.get("/cases?cursor=made-up", role=RE, expect=400)
    await world.get("/cases?status=lost", role=RE, expect=422)
    await world.get("/cases?order=newest", role=RE, expect=422)
