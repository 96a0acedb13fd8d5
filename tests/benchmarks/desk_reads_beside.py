"""What desks read around a decision, a seat and a plan, and the reports over them."""

from collections.abc import Iterator
from uuid import UUID

from shared.pagination import cursor_at, cursor_of
from tests.benchmarks.asking import Ask, Cases

OFFICER, DESK, HELPS, APPROVES = "travel_officer", "airport_desk", "reintegration_officer", "approver"
DAY, YEAR = "2021-12-14", "2021-01-01"


def reads_beside(cases: Cases) -> Iterator[Ask]:
    yield from _of_eligibility(cases)
    yield from _waiting(cases)
    yield from _around_a_flight(cases)
    yield from _reports_of_travel(cases)
    yield from _lists_at_home(cases)
    yield from _around_a_plan(cases)


def _first_and_middle(
    cases: Cases, service: str, route: str, path: str, role: str, *filters: str, cursor: str | None = None
) -> Iterator[Ask]:
    middle = cursor or cursor_of(UUID(cases.halfway("closed", "case")))
    for each in ("", *filters):
        query = "&".join(filter(None, (f"limit={cases.page}", each)))
        joint = "&" if "?" in path else "?"
        yield Ask(service, route, f"{path}{joint}{query}", role)
        yield Ask(service, route, f"{path}{joint}{query}&cursor={middle}", role)


def _of_eligibility(cases: Cases) -> Iterator[Ask]:
    standings = ("status=asked", "status=approved")
    yield from _first_and_middle(cases, "eligibility", "list_exceptions", "/exceptions", APPROVES, *standings)
    yield from _first_and_middle(cases, "eligibility", "list_coming_changes", "/coming-changes", "programme_officer")
    case = f"/cases/{cases.id('asks', 'case')}"
    yield Ask("eligibility", "list_exceptions_of_case", f"{case}/exceptions", APPROVES)
    yield Ask("eligibility", "read_exception", f"/exceptions/{cases.id('asks', 'exception')}", APPROVES)
    words = f"/decisions/{cases.id('closed', 'decision')}/words?for=officer"
    yield Ask("eligibility", "say_decision", words, "counsellor")


def _waiting(cases: Cases) -> Iterator[Ask]:
    level, since = cases.families["waits"].found["waits at"]
    place = cursor_at(level, since, cases.halfway("waits", "entry"))
    path = "/waiting-list?destination=IRQ"
    yield from _first_and_middle(cases, "travel", "list_waiting", path, OFFICER, cursor=place)
    yield Ask("travel", "list_offers", f"/offers?case_id={cases.id('offered', 'case')}", OFFICER)
    yield Ask("travel", "read_offer", f"/offers/{cases.id('offered', 'offer')}", OFFICER)
    due = cursor_at("2021-12-31", cases.halfway("booked", "paper"))
    filters = ("overdue=true", "remind_due=true")
    path = "/paper-requests"
    yield from _first_and_middle(cases, "travel", "list_paper_requests", path, OFFICER, *filters, cursor=due)
    path = f"/paper-requests?case_id={cases.id('booked', 'case')}"
    yield Ask("travel", "list_paper_requests", path, OFFICER)
    yield Ask("travel", "read_paper_request", f"/paper-requests/{cases.id('booked', 'paper')}", OFFICER)


def _around_a_flight(cases: Cases) -> Iterator[Ask]:
    flight = f"/flights/{cases.id('booked', 'flight')}"
    father = f"{flight}/passengers/{cases.person('booked', 'father')}"
    yield Ask("travel", "read_manifest", f"{flight}/manifest", DESK)
    yield Ask("travel", "print_manifest", f"{flight}/manifest.html", DESK)
    yield Ask("travel", "export_manifest", f"{flight}/manifest.csv", DESK)
    yield Ask("travel", "list_paper_manifests", f"{flight}/paper-manifests", DESK)
    yield Ask("travel", "list_fares", f"{flight}/fares", OFFICER)
    yield Ask("travel", "read_seat_fare", f"{father}/fare", OFFICER)
    yield Ask("travel", "list_fare_entries", f"{flight}/fare-entries", OFFICER)
    yield Ask("travel", "list_runs", f"{flight}/transport-runs", OFFICER)
    yield Ask("travel", "read_run", f"/transport-runs/{cases.id('booked', 'ride')}", OFFICER)
    yield Ask("travel", "list_escorts", f"{flight}/escorts", OFFICER)
    yield Ask("travel", "list_groups", f"{flight}/travel-groups", OFFICER)
    yield Ask("travel", "read_group", f"/travel-groups/{cases.id('booked', 'group')}", OFFICER)
    for query in (f"flight_id={cases.id('booked', 'flight')}", f"case_id={cases.id('booked', 'case')}"):
        yield Ask("travel", "list_stays", f"/hotel-stays?{query}", OFFICER)
    yield Ask("travel", "read_stay", f"/hotel-stays/{cases.id('booked', 'stay')}", OFFICER)
    yield Ask("travel", "list_support_rules", "/support-rules", OFFICER)
    yield Ask("travel", "list_check_rules", "/check-rules", OFFICER)


def _reports_of_travel(cases: Cases) -> Iterator[Ask]:
    yield Ask("travel", "show_desk_day", f"/desk/today?airport=MSQ&on={DAY}", DESK, counts=True)
    yield Ask("travel", "show_desk_day", "/desk/today?airport=VNO&on=2021-12-14", DESK, counts=True)
    yield Ask("travel", "report_planned", "/reports/planned?days=7", OFFICER, at="ground", counts=True)
    for since in (DAY, YEAR):
        for by in ("", "&by=site"):
            path = f"/reports/returns?since={since}&as_of={DAY}{by}"
            yield Ask("travel", "report_returns", path, "auditor", counts=True)
        path = f"/reports/fares?since={since}&until={DAY}"
        yield Ask("travel", "report_fares", path, OFFICER, counts=True)


def _lists_at_home(cases: Cases) -> Iterator[Ask]:
    expected = cases.families["left"].found["expected at"]
    seat = cursor_at(expected, cases.halfway("left", "booking"), cases.halfway_person("left", "father"))
    path = "/arrivals?since=2021-12-14&until=2021-12-15"
    yield from _first_and_middle(cases, "reintegration", "list_arrivals", path, HELPS, cursor=seat)
    due = cases.families["planned"].found["visit is due on"]
    visit = cursor_at(due, cases.halfway("planned", "visit"))
    path = "/follow-ups?kind=visit"
    standings = ("standing=planned", "standing=overdue", "standing=made")
    yield from _first_and_middle(cases, "reintegration", "list_follow_ups", path, HELPS, *standings, cursor=visit)
    for route, path in (("list_budgets", "/budgets"), ("list_providers", "/providers")):
        yield from _first_and_middle(cases, "reintegration", route, path, "finance")
    yield Ask("reintegration", "list_budgets", "/budgets?project=AVRR-BLR-21", "finance")
    path, ends = "/community-projects", ("status=open", "status=ended")
    yield from _first_and_middle(cases, "reintegration", "list_community_projects", path, HELPS, *ends)
    for since in ("2021-12-29", YEAR):
        path = f"/reports/donor?project=AVRR-BLR-21&since={since}&until=2021-12-29"
        yield Ask("reintegration", "report_to_donor", path, "auditor", counts=True)


def _around_a_plan(cases: Cases) -> Iterator[Ask]:
    case, plan = f"/cases/{cases.id('planned', 'case')}", f"/plans/{cases.id('planned', 'plan')}"
    of_case = {
        "list_contact_attempts": "contact-attempts",
        "show_contact_standing": "lost-contact",
        "list_assessments": "assessments",
        "list_feasibility_checks": "feasibility-checks",
        "list_help": "post-arrival-help",
        "show_windows": "post-arrival-windows",
        "list_reopenings": "reopenings",
        "list_follow_ups_of_case": "follow-ups",
        "show_contacts": "contacts",
    }
    for route, noun in of_case.items():
        yield Ask("reintegration", route, f"{case}/{noun}", HELPS)
    line = f"{plan}/lines/{cases.id('planned', 'equipment')}"
    yield Ask("reintegration", "list_quotations", f"{line}/quotations", HELPS)
    yield Ask("reintegration", "show_order", f"/orders/{cases.id('planned', 'order')}", HELPS)
    yield Ask("reintegration", "list_amendments", f"{plan}/amendments", HELPS)
    yield Ask("reintegration", "show_amendment", f"/amendments/{cases.id('planned', 'amendment')}", HELPS)
    project = f"/community-projects/{cases.id('planned', 'project')}"
    yield Ask("reintegration", "show_community_project", project, HELPS)
    yield Ask("reintegration", "list_shares", f"{project}/shares", HELPS)
    yield Ask("reintegration", "show_budget", f"/budgets/{cases.id('told', 'budget')}", "finance")
    yield Ask("reintegration", "show_feasibility_grid", "/feasibility-grid", HELPS)
