"""People on their way, told in as few steps as the services ask for: each party with names and papers of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from services.demo.departure import ask, board, check_health, clear, close_doors, leave, wait_for_gate
from services.demo.family import Family
from services.demo.ground import add_paper_rules, found_programme, hold_seats, record_site, suspend_returns
from services.demo.scenario import read_scenario
from services.demo.warehouse import answer_the_programme, declare, register
from services.demo.year import Calendar
from tests.journey.hosting import Hosted

MORNING = "2021-12-14T"
"""The day on which all of them would fly; the flight's cut-off is at 08:45, its doors close at 09:15."""

_ground: dict[str, dict[str, str]] = {}


def at(hour_and_minute: str) -> datetime:
    """A moment of that day, at the airport."""
    return datetime.fromisoformat(f"{MORNING}{hour_and_minute}:00+03:00")


def person(ref: str, born: str, sex: str, *, responsible: Sequence[str] = (), **changes: Any) -> dict[str, Any]:
    """As registered: Iraqi, with passport and leave to go. Nobody else has the same name or number."""
    number = uuid4().hex[:8]
    spans = {"valid_from": "2020-02-01", "valid_until": "2027-01-31", "single_journey": False}
    passport = {"kind": "passport", "number": f"P{number}", "issuing_country": "IRQ", "for_country": None}
    permit = {"kind": "exit_permit", "number": f"E{number}", "issuing_country": "BLR", "for_country": "BLR"}
    relation = "child" if responsible else "principal_applicant"
    member: dict[str, Any] = {
        "ref": ref,
        "relation": relation,
        "given_name": f"{ref} {number}",
        "family_name": f"of {number}",
    }
    member |= {"birth_date": born, "sex": sex, "nationality": "IRQ", "languages": ["ckb"]}
    member |= {"documents": [{**passport, **spans}, {**permit, **spans}], "responsible": list(responsible)}
    return {**member, **changes}


def man(ref: str = "man", **changes: Any) -> dict[str, Any]:
    return person(ref, "1990-04-12", "male", **changes)


def woman(ref: str = "woman", **changes: Any) -> dict[str, Any]:
    return person(ref, "1992-09-03", "female", **changes)


def parents_and_child() -> list[dict[str, Any]]:
    both = ("father", "mother")
    mother = woman("mother", relation="spouse")
    return [man("father"), mother, person("daughter", "2012-05-14", "female", responsible=both)]


def registered(services: Hosted, members: Sequence[dict[str, Any]], **changes: Any) -> Family:
    """A party that registration knows, on ground that is laid once for everyone. `times`: moments of its own."""
    times = {**read_scenario("family.json")["times"], **changes.pop("times", {})}
    party = services.family(members=list(members), times=times, **changes)
    if services.url not in _ground:
        for lay in (record_site, found_programme, suspend_returns, add_paper_rules):
            lay(party)
        _ground[services.url] = dict(party.ids)
    party.ids |= _ground[services.url]
    register(party)
    return party


def counsel(party: Family) -> None:
    body = {**party.story["counselling"], "individuals": [party.people[label] for label in party.adults]}
    path = f"{party.case}/counselling-sessions"
    party.do("they were counselled", "registration", path, body, role="counsellor", at="counselled")


def decided(party: Family) -> Family:
    """Counselled, declared, and found eligible."""
    counsel(party)
    for label in party.everyone:
        declare(party, label)
    answered(party)
    return party


def answered(party: Family) -> None:
    party.until(
        "the programme asked what it does not know",
        "eligibility",
        party.case,
        lambda standing: bool(standing["missing"]) or standing["status"] == "eligible",
        role="counsellor",
        at="declared",
    )
    answer_the_programme(party)


def on_flight(party: Family, flight: str | None = None, **changes: Any) -> Family:
    """Seats are held on a flight of its own to where it goes, or it is told of one that is there."""
    if flight is not None:
        party.ids["flight"] = flight
        return party
    own = {**party.story["flight"], **changes}
    own["legs"] = [*own["legs"][:-1], {**own["legs"][-1], "to_country": party.story["case"]["destination"]["country"]}]
    party.story = {**party.story, "flight_of_their_own": own}
    hold_seats(party, "flight_of_their_own")
    return party


def four_days_later(party: Family) -> Family:
    """The same day at the airport once more: its moments, its flight, and each step as another one."""
    calendar = Calendar(4)
    times = {name: calendar.at(name).isoformat() for name in party.story["times"]}
    party.story = {**party.story, "times": times, "flight": calendar.flight()}
    party.teller.run += ", four days later"
    return party


def booked(party: Family) -> Any:
    """Booked together, once travel knows what it asks for."""
    wait_for_gate(party, "at_booking", "booked")
    return asked_to_book(party)


def asked_to_book(party: Family, *, expect: int | None = None, moment: str = "booked", step: str = "") -> Any:
    """Seats for all of them, whatever the gates say. `step` makes each time another one."""
    body = {"case_id": party.ids["case"], "flight_id": party.ids["flight"]}
    step = f"seats were asked for{step}"
    return party.do(step, "travel", "/bookings", body, role="travel_officer", at=moment, expect=expect)


def checked_in(party: Family) -> Family:
    check_health(party, party.everyone)
    party.until(
        "the desk knew of the checks",
        "travel",
        f"{party.flight}/passengers",
        lambda _listed: all(each["gates"]["at_check_in"]["passed"] for each in party.passengers("check_in").values()),
        role="airport_desk",
        at="check_in",
    )
    for label in party.everyone:
        desk(party, label, "check-in", "check_in")
    return party


def desk(party: Family, label: str, verb: str, moment: str | datetime, expect: int | None = None) -> Any:
    path = f"{party.passenger(label)}/{verb}"
    return party.do(f"{verb} of the {label}", "travel", path, role="airport_desk", at=moment, expect=expect)


def at_the_gate(
    services: Hosted, members: Sequence[dict[str, Any]], case: dict[str, Any] | None = None, **flight: Any
) -> Family:
    """Checked in, which stands for the boarding pass: the airline prints it, and travel keeps none."""
    changes = {} if case is None else {"case": case}
    party = on_flight(decided(registered(services, members, **changes)), **flight)
    booked(party)
    return checked_in(party)


def flown(party: Family) -> Family:
    """From the question at the desk to the moment the aircraft leaves."""
    for label in party.adults:
        ask(party, label, "yes")
    board(party)
    close_doors(party)
    clear(party)
    leave(party)
    return party


def gate_asks(party: Family, gate: str = "at_booking", moment: str = "booked") -> dict[str, set[str]]:
    """What a gate of travel still asks of each, by its codes."""
    path = f"{party.case}/readiness?flight_id={party.ids['flight']}"
    ready = party.look("travel", path, role="travel_officer", at=moment)
    return {
        party.label(each["individual_id"]) or "": {item["code"] for item in each[gate]["missing"]}
        for each in ready["individuals"]
    }


def returns_counted(party: Family) -> int:
    """How many travel counts as returned in the year: of what was told, which the others know by then."""
    path = "/reports/returns?since=2021-01-01&as_of=2021-12-31"
    return int(party.look("travel", path, role="auditor", at="looked")["count"])
