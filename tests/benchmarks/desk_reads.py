"""Every read that a desk makes, with each filter it has."""

from collections.abc import Iterator
from uuid import UUID

from shared.pagination import cursor_of
from tests.benchmarks.asking import Ask, Cases
from tests.benchmarks.desk_reads_beside import reads_beside
from tests.benchmarks.desk_reads_ground import reads_of_the_ground

NOBODY = UUID(int=7)

FILTERS = {
    "registration": [*(f"status={each}" for each in ("open", "withdrawn", "departed", "closed")), f"site_id={NOBODY}"],
    "eligibility": [
        *(
            f"status={each}&ended={ended}"
            for each in ("undecided", "eligible", "needs_information")
            for ended in (False, True)
        ),
        "ended=true",
    ],
    "reintegration": [f"status={each}" for each in ("expected", "in_delivery", "closed", "cancelled")],
}


def reads(cases: Cases) -> Iterator[Ask]:
    yield from _lists(cases)
    yield from _of_registration(cases)
    yield from _of_eligibility(cases)
    yield from _of_travel(cases)
    yield from _of_reintegration(cases)
    yield from reads_of_the_ground(cases)
    yield from reads_beside(cases)
    for service in ("registration", "eligibility", "travel", "reintegration"):
        yield Ask(service, "metrics", "/metrics", "administrator")
        yield Ask(service, "ready", "/health/ready", "administrator")
        yield Ask(service, "show_outbox", "/operations/outbox", "administrator")
        yield Ask(service, "list_parked", "/operations/parked", "administrator")


def _lists(cases: Cases) -> Iterator[Ask]:
    """The first page, one from the middle of the register, and both with each filter."""
    limit = f"limit={cases.page}"
    middle = cursor_of(UUID(cases.halfway("closed", "case")))
    role = {"registration": "auditor", "eligibility": "auditor", "reintegration": "auditor"}
    for service, filters in FILTERS.items():
        known = [f"site_id={cases.id('told', 'site')}"] if service == "registration" else []
        both = [f"{one}&{two}" for one in known for two in filters[:4]]
        for query in [limit, *(f"{limit}&{each}" for each in (*known, *filters, *both))]:
            yield Ask(service, "list_cases", f"/cases?{query}", role[service])
            yield Ask(service, "list_cases", f"/cases?{query}&cursor={middle}", role[service])
    for query in ("", "departs_on=2021-12-14", "departs_on=2021-12-13", "departs_on=2031-01-01"):
        yield Ask("travel", "list_flights", f"/flights?{limit}&{query}", "airport_desk")
    yield Ask("travel", "list_flights", f"/flights?{limit}&cursor={middle}", "airport_desk")
    yield Ask("travel", "list_flights", f"/flights?{limit}&departs_on=2021-12-14&cursor={middle}", "airport_desk")
    for status in ("open", "resolved"):
        yield Ask("registration", "list_incidents", f"/incidents?{limit}&status={status}", "protection")
        yield Ask("registration", "list_incidents", f"/incidents?{limit}&status={status}&cursor={middle}", "protection")


def _of_registration(cases: Cases) -> Iterator[Ask]:
    yield Ask("registration", "list_sites", "/sites", "auditor")
    yield Ask("registration", "read_site", f"/sites/{cases.id('told', 'site')}", "auditor")
    for name in ("told", "closed"):
        case = f"/cases/{cases.id(name, 'case')}"
        yield Ask("registration", "read_case", case, "registration_officer")
        yield Ask("registration", "read_journey", f"{case}/journey", "auditor")
        yield Ask("registration", "list_corrections", f"{case}/corrections", "counsellor")
        yield Ask("registration", "list_counselling", f"{case}/counselling-sessions", "counsellor")
        yield Ask("registration", "list_screenings", f"{case}/screenings", "counsellor")
        yield Ask("registration", "list_holds", f"{case}/holds", "counsellor")
        yield Ask("registration", "list_fitness", f"{case}/fitness-checks", "medical")
        yield Ask("registration", "list_declarations", f"{case}/declarations", "counsellor")
        yield Ask("registration", "list_withdrawals", f"{case}/withdrawals", "counsellor")
        yield Ask("registration", "list_consents", f"{case}/consents", "counsellor")
    born = cases.story("closed")["members"][0]["birth_date"]
    for query in (
        {"name": "Rebaz"},
        {"name": "Hassan"},
        {"name": "Rebaz", "birth_date": born},
        {"document_number": f"{cases.story('closed')['members'][0]['documents'][0]['number']}-{cases.number}"},
        {"phone": f"+96475{cases.number:08}"},
        {"phone": "+1 555 555 555"},
    ):
        yield Ask("registration", "search_cases", "/searches", "counsellor", {**query, "limit": 20}, method="POST")
    yield Ask("registration", "read_clearance", f"/clearances/{cases.id('left', 'clearance')}", "auditor")
    yield Ask("registration", "read_incident", f"/incidents/{cases.id('left', 'incident')}", "protection")


def _of_eligibility(cases: Cases) -> Iterator[Ask]:
    programme = f"/programmes/{cases.id('told', 'programme')}"
    yield Ask("eligibility", "list_programmes", "/programmes", "auditor")
    yield Ask("eligibility", "read_programme", programme, "auditor")
    yield Ask("eligibility", "list_versions", f"{programme}/versions", "auditor")
    yield Ask("eligibility", "read_version", f"{programme}/versions/1", "auditor")
    yield Ask("eligibility", "list_restrictions", "/restrictions", "auditor")
    yield Ask("eligibility", "list_restrictions", "/restrictions?country=SYR", "auditor")
    yield Ask("eligibility", "read_restriction", f"/restrictions/{cases.id('told', 'restriction')}", "auditor")
    for name in ("told", "closed"):
        case = f"/cases/{cases.id(name, 'case')}"
        yield Ask("eligibility", "read_case", case, "auditor")
        yield Ask("eligibility", "list_answers", f"{case}/answers", "auditor")
        yield Ask("eligibility", "list_decisions", f"{case}/decisions", "auditor")
    decision = f"/decisions/{cases.id('closed', 'decision')}"
    yield Ask("eligibility", "read_decision", decision, "auditor")
    yield Ask("eligibility", "derive_decision", f"{decision}/derivation", "auditor")


def _of_travel(cases: Cases) -> Iterator[Ask]:
    flight = f"/flights/{cases.id('booked', 'flight')}"
    case = cases.id("booked", "case")
    father = f"{flight}/passengers/{cases.person('booked', 'father')}"
    yield Ask("travel", "read_flight", flight, "airport_desk")
    yield Ask("travel", "list_paper_rules", "/papers", "airport_desk")
    yield Ask("travel", "list_paper_rules", "/papers?country=BLR", "airport_desk")
    yield Ask("travel", "read_readiness", f"/cases/{case}/readiness", "counsellor")
    yield Ask(
        "travel", "read_readiness", f"/cases/{case}/readiness?flight_id={cases.id('booked', 'flight')}", "counsellor"
    )
    yield Ask("travel", "list_bookings", f"/bookings?case_id={case}", "travel_officer")
    yield Ask("travel", "read_booking", f"/bookings/{cases.id('booked', 'booking')}", "travel_officer")
    yield Ask("travel", "list_passengers", f"{flight}/passengers", "airport_desk")
    yield Ask("travel", "read_passenger", father, "airport_desk")
    yield Ask("travel", "list_allowances", f"{father}/allowances", "airport_desk")
    yield Ask("travel", "read_doors", f"{flight}/doors", "airport_desk")


def _of_reintegration(cases: Cases) -> Iterator[Ask]:
    for name in ("planned", "closed"):
        case, plan = f"/cases/{cases.id(name, 'case')}", f"/plans/{cases.id(name, 'plan')}"
        yield Ask("reintegration", "show_case", case, "reintegration_officer")
        yield Ask("reintegration", "list_counselling_sessions", f"{case}/counselling-sessions", "auditor")
        yield Ask("reintegration", "show_plan", plan, "auditor")
        yield Ask("reintegration", "list_deliveries", f"{plan}/deliveries", "auditor")
        yield Ask("reintegration", "list_payments", f"{plan}/payments", "auditor")
        yield Ask("reintegration", "list_visits", f"{case}/visits", "auditor")
        yield Ask("reintegration", "list_surveys", f"{case}/surveys", "auditor")
    yield Ask("reintegration", "show_payment", f"/payments/{cases.id('closed', 'payment')}", "auditor")
    survey = f"/surveys/{cases.id('closed', 'survey')}"
    yield Ask("reintegration", "show_survey", survey, "auditor")
    yield Ask("reintegration", "recompute_survey", f"{survey}/recomputation", "auditor")
    yield Ask("reintegration", "list_survey_schemes", "/survey-schemes", "auditor")
    yield Ask("reintegration", "show_survey_scheme", f"/survey-schemes/{cases.id('closed', 'scheme_id')}", "auditor")
