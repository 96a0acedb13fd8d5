"""What desks write around a decision, a seat and a plan, each once a copy."""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.asking import Ask, Cases
from tests.benchmarks.seeds_beside import FARE, MONEY, PRICE

CRITERIA = (
    "high_unproductive_debt",
    "no_income",
    "extreme_vulnerability",
    "remoteness",
    "endangers_nobody",
    "breaks_the_debt_cycle",
    "little_tension",
    "safe_delivery_channel",
    "low_procurement_risk",
    "low_corruption_risk",
)
"""What the grid asks of help in kind."""
OFFICER, HELPS = "travel_officer", "reintegration_officer"


def writes_beside(cases: Cases) -> Iterator[Ask]:
    yield from _around_a_decision(cases)
    yield from _waiting(cases)
    yield from _around_a_seat(cases)
    yield from _around_a_plan(cases)


def _post(service: str, route: str, path: str, role: str, body: Any = None, **more: Any) -> Ask:
    return Ask(service, route, path, role, {} if body is None else body, method="POST", **({"at": "booked"} | more))


def _around_a_decision(cases: Cases) -> Iterator[Ask]:
    asks, told = (f"/cases/{cases.id(name, 'case')}" for name in ("asks", "told"))
    refused = f"/exceptions/{cases.id('asks', 'exception')}/refusal"
    yield _post("eligibility", "refuse_exception", refused, "approver", {"reason": "not_justified"})
    (one,) = cases.people("asks")
    wanted = {"rule": "not_assisted_lately", "individual_id": one, "reason": "humanitarian"}
    wanted["valid_until"] = "2022-12-01"
    yield _post("eligibility", "ask_exception", f"{asks}/exceptions", "counsellor", wanted)
    yield _post("eligibility", "preview_facts", f"{told}/preview", "counsellor", {"destination_area": "IQ-AR"})
    closed = {"country": "VNM", "area": "VN-01", "valid_from": "2021-12-20", "source": "a note"}
    yield _post("eligibility", "preview_restriction", "/restrictions/preview", "programme_officer", closed)
    closed = {"country": "IRQ", "area": "IQ-AN", "valid_from": "2021-12-11", "source": "a note"}
    path = f"/restrictions/preview?limit={min(cases.page, 10)}"
    yield _post("eligibility", "preview_restriction", path, "programme_officer", closed, counts=True)


def _waiting(cases: Cases) -> Iterator[Ask]:
    case = {"case_id": cases.id("cancels", "case")}
    yield _post("travel", "join_waiting_list", "/waiting-list", OFFICER, case)
    yield _post("travel", "accept_offer", f"/offers/{cases.id('offered', 'offer')}/acceptance", OFFICER)
    flight = cases.id("waits", "other flight")
    offer = {"case_id": cases.id("waits", "case"), "flight_id": flight, "expires_at": "2021-12-12T09:00:00+03:00"}
    yield _post("travel", "offer_seats", "/offers", OFFICER, offer)
    yield _post("travel", "seat_in_line", f"/flights/{flight}/seating", OFFICER, {"most": 2})
    yield _post("travel", "expire_offers", "/offer-sweeps", OFFICER)


def _around_a_seat(cases: Cases) -> Iterator[Ask]:
    flight, case = f"/flights/{cases.id('booked', 'flight')}", cases.id("booked", "case")
    father, mother, *_ = cases.people("booked")
    yield _post("travel", "set_fare", f"{flight}/fares", "finance", FARE)
    ride = {"vehicle": "minibus", "pickup_place": "Hall 2", "pickup_at": "2021-12-14T05:00:00+03:00", "places": 4}
    yield _post("travel", "plan_run", f"{flight}/transport-runs", OFFICER, {**ride, "cost": PRICE, **MONEY})
    known = f"/transport-runs/{cases.id('booked', 'ride')}"
    yield _post("travel", "seat_on_run", f"{known}/riders", OFFICER, {"case_id": case, "individuals": [mother]})
    yield _post("travel", "leave_run", f"{known}/places-given-back", OFFICER, {"individual_id": father})
    yield _post("travel", "cancel_run", f"{known}/cancellation", OFFICER)
    yield _post("travel", "cancel_stay", f"/hotel-stays/{cases.id('booked', 'stay')}/cancellation", OFFICER)
    night = {"booking_id": cases.id("booked", "booking"), "house": "Hotel 1", "rooms": 1, "beds": 4}
    night |= {"night_price": PRICE, "first_night": "2021-12-12", "until": "2021-12-13", **MONEY}
    yield _post("travel", "book_stay", "/hotel-stays", OFFICER, night)
    escort = {"kind": "operational", "reference": "E-2", "individuals": [mother], "fare": PRICE, **MONEY}
    yield _post("travel", "add_escort", f"{flight}/escorts", OFFICER, escort)
    yield _post("travel", "cancel_escort", f"/escorts/{cases.id('booked', 'escort')}/cancellation", OFFICER)
    group = f"/travel-groups/{cases.id('booked', 'group')}"
    yield _post("travel", "form_group", f"{flight}/travel-groups", OFFICER, {"label": "Hall 3", "seats": 1})
    yield _post("travel", "allot_seats", f"{group}/allotment", OFFICER, {"seats": 1})
    yield _post("travel", "close_group", f"{group}/closure", OFFICER)
    paper = {"case_id": case, "individual_id": mother, "document": "passport", "asked_of": "IRQ", "office": "Moscow"}
    paper |= {"requested_on": "2021-12-11", "due_on": "2021-12-31"}
    yield _post("travel", "request_paper", "/paper-requests", OFFICER, paper)
    asked = f"/paper-requests/{cases.id('booked', 'paper')}"
    yield _post("travel", "appoint", f"{asked}/appointment", OFFICER, {"appointment_at": "2021-12-15T09:00:00Z"})
    yield _post("travel", "set_due", f"{asked}/due", OFFICER, {"due_on": "2022-01-15"})
    yield _post("travel", "refuse_paper", f"{asked}/refusal", OFFICER, {"on": "2021-12-11"})
    yield _post("travel", "remind", "/paper-reminders", OFFICER)


def _around_a_plan(cases: Cases) -> Iterator[Ask]:
    case, plan = f"/cases/{cases.id('planned', 'case')}", f"/plans/{cases.id('planned', 'plan')}"
    father = cases.person("planned", "father")

    def helps(route: str, path: str, body: Any = None, role: str = HELPS, **more: Any) -> Ask:
        return _post("reintegration", route, path, role, body, **({"at": "visited"} | more))

    tried = {"way": "phone", "outcome": "no_answer"}
    yield helps("record_contact_attempt", f"{case}/contact-attempts", tried)
    skill = {"code": "cooking", "level": "professional"}
    known = {"individual_id": father, "skills": [skill], "assessed_on": "2022-03-16"}
    yield helps("record_assessment", f"{case}/assessments", known)
    lodging = {"individual_id": father, "help": "temporary_lodging", "given_on": "2021-12-30"}
    lodging |= {"late_reason": "told_later", "evidence": "form 12"}
    yield helps("give_help", f"{case}/post-arrival-help", lodging)
    findings = dict.fromkeys(CRITERIA, "met")
    weighed = {"aspect": "income", "option": "in_kind", "findings": findings, "checked_on": "2022-03-16"}
    yield helps("check_feasibility", f"{case}/feasibility-checks", weighed)
    account = {"project_code": f"P-{cases.number}", "budget_line": "REINT", "currency": "EUR"}
    account |= {"donor": "ours", "amount": "900.00"}
    yield helps("add_budget", "/budgets", account, "programme_officer")
    firm = {"code": f"NEW-{cases.number}", "name": "A firm", "kind": "supplier", "country": "IRQ"}
    yield helps("add_provider", "/providers", firm)
    order = f"/orders/{cases.id('planned', 'order')}"
    charge = {"number": "INV-1", "amount": "100.00", "invoiced_on": "2022-03-16"}
    yield helps("record_invoice", f"{order}/invoices", charge, "finance")
    wish = {"reason": "They wish otherwise.", "goals": ["Another goal."]}
    yield helps("propose_amendment", f"{plan}/amendments", wish)
    project = f"/community-projects/{cases.id('planned', 'project')}"
    yield helps("release_share", f"/shares/{cases.id('planned', 'share')}/release")
    part = {"plan_id": cases.id("planned", "plan"), "line_id": cases.id("planned", "equipment"), "amount": "100.00"}
    yield helps("take_share", f"{project}/shares", part)
    yield helps("end_community_project", f"{project}/end", role="programme_officer")
    made = {"code": f"WELL-{cases.number}", "goal": "Water.", "activities": ["Dig."], "country": "IRQ"}
    made |= {"amount": "900.00", "currency": "EUR"}
    yield helps("add_community_project", "/community-projects", made, "programme_officer")
    lost = f"/follow-ups/{cases.id('planned', 'visit')}/loss"
    yield helps("give_up_follow_up", lost, {"reason": "declined"}, at="looked")
