"""What registration's desks read beside cases: the site and its relief, voices, persons, and reports over them."""

from collections.abc import Iterator
from uuid import UUID

from shared.pagination import cursor_of
from tests.benchmarks.asking import Ask, Cases

TEAM, OFFICER, TALKS, PROTECTS = "relief_officer", "registration_officer", "counsellor", "protection"


def reads_of_the_ground(cases: Cases) -> Iterator[Ask]:
    yield from _lists(cases)
    yield from _of_the_site(cases)
    yield from _of_relief(cases)
    yield from _of_persons(cases)


def _ask(route: str, path: str, role: str, *, counts: bool = False) -> Ask:
    return Ask("registration", route, path, role, counts=counts)


def _lists(cases: Cases) -> Iterator[Ask]:
    """Each from the start and from the middle of the register, with each filter."""
    site = f"/sites/{cases.id('told', 'site')}"
    lists = (
        ("list_headcounts", f"{site}/headcounts", OFFICER, ()),
        ("list_movements", f"{site}/register", OFFICER, ()),
        ("list_outreach_visits", f"{site}/outreach-visits", TALKS, ()),
        ("list_information_sessions", f"{site}/information-sessions", TALKS, ()),
        ("list_stock_movements", f"{site}/stock-movements", TEAM, ()),
        ("list_distributions", f"{site}/distributions", TEAM, ()),
        ("list_enquiries", "/enquiries", TALKS, ("to_call_back=true",)),
        ("list_feedback", "/feedback", PROTECTS, ("protected=true", "protected=false")),
        ("list_notices", "/notices", TALKS, ("status=open", "status=told")),
        ("list_appointments", "/appointments", TALKS, ("status=booked", "status=kept")),
        ("list_referrals", "/referrals", TALKS, ("status=sent", "status=completed")),
        ("list_possible_duplicates", "/possible-duplicates", OFFICER, ("status=open", "status=linked")),
    )
    middle = cursor_of(UUID(cases.halfway("closed", "case")))
    for route, path, role, filters in lists:
        for each in ("", *filters):
            query = "&".join(filter(None, (f"limit={cases.page}", each)))
            yield _ask(route, f"{path}?{query}", role)
            yield _ask(route, f"{path}?{query}&cursor={middle}", role)
    case = cases.id("waits", "case")
    yield _ask("list_notices", f"/notices?case_id={case}", TALKS)
    case = cases.id("told", "case")
    yield _ask("list_appointments", f"/appointments?case_id={case}", TALKS)
    yield _ask("list_referrals", f"/referrals?case_id={case}", TALKS)


def _of_the_site(cases: Cases) -> Iterator[Ask]:
    site = f"/sites/{cases.id('told', 'site')}"
    yield _ask("read_standards", f"{site}/standards", OFFICER)
    yield _ask("reconcile_site", f"{site}/reconciliation?from=2021-12-09&to=2021-12-10", OFFICER, counts=True)
    yield _ask("report_requests", "/reports/requests?since=2021-12-06&until=2021-12-12", "auditor", counts=True)
    yield Ask("registration", "make_report_edition", "/report-editions", "administrator", {}, method="POST")
    path = "/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31"
    yield _ask("report_returns_by_vulnerability", path, "auditor", counts=True)
    yield _ask("read_feedback", f"/feedback/{cases.id('told', 'feedback')}", PROTECTS)
    yield _ask("read_appointment", f"/appointments/{cases.id('told', 'appointment')}", TALKS)


def _of_relief(cases: Cases) -> Iterator[Ask]:
    site, card = f"/sites/{cases.id('told', 'site')}", cases.card("told", "changed card")
    distribution = f"/distributions/{cases.id('told', 'distribution')}"
    yield _ask("list_items", "/relief-items", TEAM)
    yield _ask("show_stock", f"{site}/stock", TEAM)
    yield _ask("show_card", f"/relief-cards/{card}", TEAM)
    yield _ask("list_card_changes", f"/relief-cards/{card}/changes", TEAM)
    yield _ask("show_distribution", distribution, TEAM)
    yield _ask("list_receipts", f"{distribution}/receipts", TEAM)
    yield _ask("show_entitlement", f"{distribution}/entitlements/{cases.card('told', 'card')}", TEAM)


def _of_persons(cases: Cases) -> Iterator[Ask]:
    case, alone = f"/cases/{cases.id('told', 'case')}", f"/cases/{cases.id('a child alone', 'case')}"
    yield _ask("read_protection", f"{alone}/protection", PROTECTS)
    yield _ask("list_protection_items", f"{alone}/protection-items", PROTECTS)
    yield _ask("list_guardians", f"{alone}/guardians", PROTECTS)
    yield _ask("list_capacity_doubts", f"{case}/capacity-doubts", TALKS)
    yield _ask("list_vulnerability_assessments", f"{case}/vulnerability-assessments", PROTECTS)
    yield _ask("list_priorities", f"{case}/priorities", TALKS)
    yield _ask("list_recorded_returns", f"{case}/returns", OFFICER)
    yield _ask("list_standing_consents", f"{case}/consents/standing", TALKS)
    yield _ask("list_standing_consents", f"{case}/consents/standing?purpose=referral&standing=given", TALKS)
