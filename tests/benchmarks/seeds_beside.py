"""What a heavy set holds around a seat and around a plan: who waits, rides, nights, papers, fares, and what helps."""

from typing import Any

from services.demo import departure
from services.demo.chapters import DECIDED, MET
from services.demo.family import Family
from services.demo.home import Plan

MONEY = {"project_code": "AVRR-BLR-21", "budget_line": "TRAVEL"}
PRICE = {"amount": "60.00", "currency": "EUR"}
FARE = {
    "price": {"amount": "310.00", "currency": "EUR"},
    "steps": [{"hours_before": 48, "share": "30.00"}],
    "source": "the carrier's letter",
    **MONEY,
}
ACCOUNTS = ("REINT-KIND", "REINT-CASH")
OFFICER = "travel_officer"


def waits(one: Family) -> None:
    """Booked on a flight of their own that does not go: they are told, and wait for another."""
    _may_be_booked(one)
    departure.book(one)
    one.do("their flight was cancelled", "travel", f"{one.flight}/cancellation", {}, role=OFFICER, at="booked")

    def told(listed: Any) -> bool:
        return len(listed["items"]) >= len(one.people)

    path = f"/notices?case_id={one.ids['case']}"
    found = one.until("registration knew", "registration", path, told, role="counsellor", at="booked")
    one.ids["notice"] = found["items"][0]["id"]
    another = one.do("seats were held on another", "travel", "/flights", one.story["flight"], role=OFFICER, at="booked")
    one.ids["other flight"] = another["id"]


def is_offered(one: Family) -> None:
    """Seats that are held for them until they say."""
    _may_be_booked(one)
    until = one.at("checked").isoformat()
    body = {"case_id": one.ids["case"], "flight_id": one.ids["flight"], "expires_at": until}
    one.ids["offer"] = one.do("they were offered seats", "travel", "/offers", body, role=OFFICER, at="booked")["id"]


def _may_be_booked(one: Family) -> None:
    MET.tell(one)
    DECIDED.tell(one)
    departure.gather_papers(one)
    departure.wait_for_gate(one, "at_booking", "booked")


def is_sold(one: Family) -> None:
    """What a seat on their flight costs, before anybody has one."""
    body = {**FARE}
    one.do("the fare was set", "travel", f"{one.flight}/fares", body, role="finance", at="ground")


def around_a_seat(one: Family) -> None:
    """A ride, a night, an escort, a group with seats left, and a paper that was asked for."""

    def do(step: str, path: str, body: Any) -> Any:
        return one.do(step, "travel", path, body, role=OFFICER, at="booked")

    case, father = one.ids["case"], one.people["father"]
    ride = {"vehicle": "minibus", "pickup_place": "Hall 2", "pickup_at": one.at("check_in").isoformat(), "places": 8}
    one.ids["ride"] = do("a ride", f"{one.flight}/transport-runs", {**ride, "cost": PRICE, **MONEY})["id"]
    do("they ride", f"/transport-runs/{one.ids['ride']}/riders", {"case_id": case, "individuals": [father]})
    night = {"booking_id": one.ids["booking"], "house": "Hotel 1", "rooms": 1, "beds": 4, "night_price": PRICE}
    night |= {"first_night": "2021-12-13", "until": "2021-12-14"}
    one.ids["stay"] = do("a night", "/hotel-stays", {**night, **MONEY})["id"]
    escort = {"kind": "operational", "reference": "E-1", "individuals": [father], "fare": PRICE}
    one.ids["escort"] = do("an escort", f"{one.flight}/escorts", {**escort, **MONEY})["id"]
    one.ids["group"] = do("a group", f"{one.flight}/travel-groups", {"label": "Hall 2", "seats": 2})["id"]
    paper = {"case_id": case, "individual_id": father, "document": "passport", "asked_of": "IRQ", "office": "Moscow"}
    paper |= {"requested_on": "2021-12-11", "due_on": "2021-12-31"}
    one.ids["paper"] = do("a paper", "/paper-requests", paper)["id"]


def keep_accounts(one: Family) -> None:
    """The story's project, which all the copies share: found where it was made for an earlier set."""
    known = one.listed("reintegration", "/budgets", role="finance", at="ground")
    for account in ACCOUNTS:
        if not any(each["budget_line"] == account for each in known):
            body = {"project_code": MONEY["project_code"], "budget_line": account, "currency": "EUR"}
            body |= {"donor": "ours", "amount": "900000000.00"}
            _at_home(one, f"the budget {account}", "/budgets", body, role="programme_officer")
    grant = {"project_code": "GRANT", "budget_line": "REINT", "currency": "EUR", "donor": "ours", "amount": "900.00"}
    made = _at_home(one, "a grant", "/budgets", grant, role="programme_officer")
    one.ids["budget"] = made["budget_id"]


def around_a_plan(one: Family) -> None:
    """Asked how they are and what would help, three firms asked for a price, goods ordered, a wish taken back."""
    case, father = one.case, one.people["father"]
    _at_home(one, "somebody called", f"{case}/contact-attempts", {"way": "phone", "outcome": "reached"})
    skill = {"code": "cooking", "level": "professional"}
    known = {"individual_id": father, "skills": [skill], "assessed_on": "2021-12-29"}
    _at_home(one, "skills were noted", f"{case}/assessments", known)
    lodging = {"individual_id": father, "help": "temporary_lodging", "given_on": "2021-12-29"}
    _at_home(one, "lodging was found", f"{case}/post-arrival-help", lodging)
    lines = {each["code"]: each["line_id"] for each in _plan(one)["lines"]}
    _buys(one, f"/plans/{one.ids['plan']}/lines/{lines['equipment']}")
    wish = {"reason": "They wish otherwise.", "goals": ["Another goal."]}
    made = _at_home(one, "a wish", f"/plans/{one.ids['plan']}/amendments", wish)
    one.ids["amendment"] = made["amendment_id"]
    path, etag = f"/amendments/{made['amendment_id']}/taking-back", f'"{made["version"]}"'
    _at_home(one, "it was taken back", path, {}, etag=etag)


def _plan(one: Family) -> Plan:
    found: Plan = one.look("reintegration", f"/plans/{one.ids['plan']}", role="auditor", at="approved")
    return found


def _buys(one: Family, line: str) -> None:
    """Of the firm that the story's certificate names, which is the cheapest of three."""
    quoted = []
    for number, code in enumerate((one.story["delivery"]["provider_code"], "FIRM-2", "FIRM-3")):
        firm = {"code": code, "name": "A firm", "kind": "supplier", "country": "IRQ"}
        _at_home(one, f"firm {number}", "/providers", firm)
        body = {"provider": code, "reference": "Q-1", "amount": f"15{number}0.00", "quoted_on": "2021-12-29"}
        quoted.append(_at_home(one, f"price {number}", f"{line}/quotations", body)["quotation_id"])
    order = _at_home(one, "an order", f"{line}/orders", {"quotation_id": quoted[0]}, role="finance")
    one.ids["order"] = order["order_id"]


def shares(one: Family) -> None:
    """A project of their neighbourhood, which one line gives to."""
    goal = {"goal": "A bakery for the street.", "activities": ["Buy an oven."], "country": "IRQ"}
    body = {"code": "BAKERY", **goal, "amount": "3000.00", "currency": "EUR"}
    made = _at_home(one, "a bakery", "/community-projects", body, role="programme_officer")
    one.ids["project"] = made["project_id"]
    line = next(each["line_id"] for each in _plan(one)["lines"] if each["code"] == "equipment")
    share = {"plan_id": one.ids["plan"], "line_id": line, "amount": "200.00"}
    made = _at_home(one, "a share", f"/community-projects/{made['project_id']}/shares", share)
    one.ids["share"] = made["share_id"]


def _at_home(
    one: Family, step: str, path: str, body: Any, role: str = "reintegration_officer", etag: str | None = None
) -> Any:
    return one.do(step, "reintegration", path, body, role=role, at="approved", etag=etag)
