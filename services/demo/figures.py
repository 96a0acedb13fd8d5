"""What the services say once the story has been told, beside what was expected. No figure is known here beforehand."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from services.demo.family import Family
from services.demo.scenario import ScenarioMissing

Figure = str | int | None
FLOWN = ("departed", "in_transit", "arrived")
FACTS = "facts."
"""Begins the name of a figure that counts the facts of one kind in the journey."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Where the family stands in each of the four services, and what they told on the way."""

    registration: Any
    declarations: list[Any]
    consents: list[Any]
    journey: list[Any]
    eligibility: Any
    decisions: list[Any]
    bookings: list[Any]
    passengers: dict[str, Any]
    allowances: list[Any]
    reintegration: Any
    plan: Any
    visits: list[Any]
    surveys: list[Any]


def ask_the_services(family: Family) -> Answers:
    """Reads as an auditor, who sees facts and no names. Waits until every fact of the journey has been told."""
    case = family.case

    def look(service: str, path: str) -> Any:
        return family.look(service, path, role="auditor", at="looked")

    def listed(service: str, path: str) -> list[Any]:
        return family.listed(service, path, role="auditor", at="looked")

    journey = family.until(
        "the whole journey is in one place",
        "registration",
        f"{case}/journey",
        lambda found: is_whole(family, found["lines"]),
        role="auditor",
        at="looked",
    )
    home = look("reintegration", case)
    plan = home["plan_id"] or family.ids["plan"]
    paid = [look("travel", f"{family.passenger(label)}/allowances")["items"] for label in family.everyone]
    return Answers(
        registration=look("registration", case),
        declarations=look("registration", f"{case}/declarations")["items"],
        consents=look("registration", f"{case}/consents")["items"],
        journey=journey["lines"],
        eligibility=look("eligibility", case),
        decisions=listed("eligibility", f"{case}/decisions"),
        bookings=listed("travel", f"/bookings?case_id={family.ids['case']}"),
        passengers={label: look("travel", family.passenger(label)) for label in family.everyone},
        allowances=[each for one in paid for each in one],
        reintegration=home,
        plan=look("reintegration", f"/plans/{plan}"),
        visits=listed("reintegration", f"{case}/visits"),
        surveys=listed("reintegration", f"{case}/surveys"),
    )


def is_whole(family: Family, lines: Iterable[Any]) -> bool:
    """Everything told has arrived: who came home is home here too, and nothing waits to leave."""
    found = list(lines)
    counted = Counter(line["summary"] for line in found)
    return (
        counted["passenger_arrived"] == len(family.people)
        and counted["case_closed"] > 0
        and all(line["told"] for line in found)
    )


def figures_of(said: Answers) -> dict[str, Figure]:
    """The figures of the story, each by its name, as the services' answers give them."""
    passengers = list(said.passengers.values())
    decision, money = said.eligibility["decision"], said.reintegration["money"]
    statuses = Counter(each["status"] for each in passengers)
    arrived = [each for each in passengers if each["status"] == "arrived"]
    figures: dict[str, Figure] = {
        "days_in_host_country": days_in_host_country(said),
        "people": len(said.registration["members"]),
        "declarations": len(said.declarations),
        "consents": len(said.consents),
        "words_may_be_published_by": sum(
            each["purpose"] == "publication_of_words" and each["status"] == "given" for each in said.consents
        ),
        "decisions": len(said.decisions),
        "eligibility": said.eligibility["status"],
        "package_total": decision["total"],
        "package_currency": decision["currency"],
        "package_after_return": money["ceiling"],
        "booked_seats": sum(len(each["passengers"]) for each in said.bookings if each["status"] != "cancelled"),
        "allowance_paid": _sum(each["amount"] for each in said.allowances),
        "departed": sum(statuses[status] for status in FLOWN),
        "in_transit": sum(each["transit_at"] is not None for each in passengers),
        "arrived": len(arrived),
        "met_on_arrival": sum(each["met_by"] not in (None, "not_met") for each in arrived),
        "withdrawn": sum(line["summary"].endswith("_withdrawn") for line in said.journey),
        "plan_total": said.plan["total"],
        "plans_sent_back": sum(step["verb"] == "return_plan" for step in said.plan["history"]),
        "delivered": money["delivered"],
        "paid": money["paid"],
        "left": money["left"],
        "visits": len(said.visits),
        "surveys": len(said.surveys),
        "assistance": said.reintegration["status"],
        "case_status": said.registration["status"],
        "closed_because": said.registration["closed_reason"],
    }
    return figures


def days_in_host_country(said: Answers) -> int | None:
    """Whole days from the arrival that registration has to the first departure that travel has."""
    left = [datetime.fromisoformat(each["departed_at"]) for each in said.passengers.values() if each["departed_at"]]
    if not left:
        return None
    return (min(left).date() - date.fromisoformat(said.registration["arrived_in_host_country"])).days


def facts_of(said: Answers) -> dict[str, int]:
    """How many facts of each kind the journey has."""
    return dict(Counter(line["summary"] for line in said.journey))


def _sum(amounts: Iterable[str]) -> str:
    return f"{sum((Decimal(each) for each in amounts), Decimal('0.00')):f}"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure beside what was expected."""

    name: str
    expected: Any
    found: Figure

    @property
    def alike(self) -> bool:
        return bool(_plain(self.expected) == _plain(self.found))

    @property
    def sentence(self) -> str:
        return f"{self.name}: expected {self.expected}, found {self.found}"


def compare(said: Answers, expected: Mapping[str, Any]) -> list[Compared]:
    """Each figure that `expected` names. Raises `ScenarioMissing` where it names none."""
    found = figures_of(said)
    told = facts_of(said)
    try:
        figures = [Compared(name, value, found.get(name)) for name, value in expected.get("figures", {}).items()]
        figures += [Compared(FACTS + name, n, told.get(name, 0)) for name, n in expected.get("facts", {}).items()]
    except AttributeError:
        raise ScenarioMissing("`figures` and `facts` of an expectation are objects: a name and its value.") from None
    if not figures:
        raise ScenarioMissing("The expectation names no figure: it needs `figures` or `facts`.")
    return figures


def compare_found(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[Compared]:
    """Each figure of the operation that `expected` names, beside what services answered on the way."""
    return [Compared(name, value, found.get(name)) for name, value in expected.get("operation", {}).items()]


def _plain(value: Any) -> Any:
    """`"2600.00"`, `"2600"` and 2600 are one figure."""
    try:
        return value if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return value
