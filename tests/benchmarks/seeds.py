"""A handful of cases as the real services leave them: each as far on its way as some desk has it.

They are played by HTTP against the four services on PostgreSQL, and then multiplied (`copies.py`): so the rows of a
register of a million cases are those that the services write, whatever their tables look like this week.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from services.demo import departure, ground
from services.demo.chapters import DECIDED, GROUND, LEFT, MET, PLANNED, SETTLED, up_to
from services.demo.family import Family
from services.demo.home import give_what_was_promised
from services.demo.play import STORY
from services.demo.scenario import read_scenario
from services.demo.warehouse import decide_freely, meet_the_family, register
from shared.settings import SERVICES
from tests.benchmarks import seeds_beside, seeds_ground
from tests.benchmarks.seeds_services import STARTS_WITHIN, Services

LIGHT = 6
"""Cases of one person each in a set of early or late ones; a heavy set has as many as `heavy` plays."""


@dataclass
class Played:
    """What was played: the families by what they are there for, and from when to when (milliseconds since 1970).
    `known`: by service what `copies.Copying` knows of the rows."""

    families: dict[str, Family] = field(default_factory=dict)
    began: int = 0
    ended: int = 0
    known: dict[str, dict[str, bool]] = field(default_factory=dict)


def early(services: Services) -> Played:
    """People of years ago, each on their own, at a place that is closed now: they changed their mind or were lost from
    sight. A list of those who are here today must not walk through them."""
    played = Played(began=_now())
    story = read_scenario(STORY)
    old_site = {**story["site"], "code": "LIDA", "name": "Lida reception"}
    for number in range(LIGHT):
        one = _alone(services, played, f"early {number}", documented=number % 2 == 0, site=old_site)
        if number == 0:
            ground.lay_the_ground(one)
        else:
            ground.record_site(one)
        register(one)
        if number < 2:
            _counsel(one)
            decide_freely(one)
            _withdraw(one)
        _close(one)
    played.ended = _settled(services)
    return played


def late(services: Services) -> Played:
    """People of this year, each on their own: just met, counselled, or waiting for a seat."""
    played = Played(began=_now())
    for number in range(LIGHT):
        one = _alone(services, played, f"late {number}", documented=number % 2 == 0)
        ground.record_site(one)
        register(one)
        if number < 3:
            _counsel(one)
        if number < 2:
            decide_freely(one)
    played.ended = _settled(services)
    return played


def _alone(
    services: Services, played: Played, name: str, *, documented: bool, other: Any = None, **changes: Any
) -> Family:
    """`other`: what the person has otherwise than the story's father."""
    story = read_scenario(STORY)
    papers = story["members"][0]["documents"] if documented else []
    member = {**story["members"][0], "documents": papers, **(other or {})}
    one = services.family(members=[member], consents=[], **changes)
    played.families[name] = one
    return one


def heavy(services: Services) -> Played:
    """Families of four, each a step further than the one before. Those at the airport share a flight."""
    played = Played(began=_now())
    story = read_scenario(STORY)
    roomy = {**story["flight"], "seats": 40}

    def family(name: str, flight: str | None = None) -> Family:
        made = services.family(flight=roomy)
        played.families[name] = made
        if flight is None:
            GROUND.tell(made)
        else:
            ground.record_site(made)
            made.ids["flight"] = flight
        return made

    def alone(name: str, **other: Any) -> Family:
        made = _alone(services, played, name, documented=False, other=other)
        ground.record_site(made)
        return made

    seeds_ground.likenesses(alone)  # before the others: who is registered later was compared with nobody yet
    seeds_ground.a_child_alone(alone)
    seeds_ground.exceptions(alone)
    told = family("told")
    MET.tell(told)
    told.ids["hold"] = _hold(told)
    seeds_ground.at_the_site(told)
    seeds_ground.about_persons(told)
    seeds_beside.keep_accounts(told)
    for name, becomes in (("waits", seeds_beside.waits), ("offered", seeds_beside.is_offered)):
        becomes(family(name))
    bookable = family("bookable")
    _until_papers(bookable)
    flight = bookable.ids["flight"]
    seeds_beside.is_sold(bookable)
    for name in ("booked", "cancels", "checked in", "asked", "boarded"):
        _to_the_desk(family(name, flight), name)
    seeds_beside.around_a_seat(played.families["booked"])
    cleared = family("cleared")
    _to_the_desk(cleared, "boarded")
    departure.close_doors(cleared)
    departure.clear(cleared)
    for name, last in (("left", LEFT), ("planned", PLANNED), ("closed", SETTLED)):
        one = family(name)
        for chapter in up_to(last)[1:]:
            chapter.tell(one)
        if name == "planned":
            seeds_beside.around_a_plan(one)
            seeds_beside.shares(one)
            give_what_was_promised(_with_one_payment_less(one))
    _note_what_was_made(played.families)
    played.ended = _settled(services)
    return played


def _until_papers(one: Family) -> None:
    MET.tell(one)
    DECIDED.tell(one)
    departure.gather_papers(one)
    departure.wait_for_gate(one, "at_booking", "booked")


def _to_the_desk(one: Family, name: str) -> None:
    meet_the_family(one)
    decide_freely(one)
    departure.gather_papers(one)
    departure.book(one)
    one.story = {**one.story, "late_check": ""}
    departure.check_health(one, one.everyone)
    _until_the_desk_knows(one)
    if name in ("booked", "cancels"):
        return
    for label in one.everyone:
        path = f"{one.passenger(label)}/check-in"
        one.do(f"{label} was checked in", "travel", path, role="airport_desk", at="check_in")
    if name == "checked in":
        return
    departure.ask_each_alone(one)
    if name == "boarded":
        departure.board(one)


def _until_the_desk_knows(one: Family) -> None:
    def may_check_in(listed: Any) -> bool:
        mine = [each for each in listed["passengers"] if each["individual_id"] in one.people.values()]
        return all(each["gates"]["at_check_in"]["passed"] for each in mine)

    path = f"{one.flight}/passengers"
    one.until("the desk knew", "travel", path, may_check_in, role="airport_desk", at="check_in")


def _with_one_payment_less(one: Family) -> Family:
    one.story = {**one.story, "payments": one.story["payments"][:2]}
    return one


def _counsel(one: Family) -> None:
    people = [one.people[label] for label in one.everyone]
    body = {**one.story["counselling"], "individuals": people}
    one.do("counselled", "registration", f"{one.case}/counselling-sessions", body, role="counsellor", at="counselled")


def _withdraw(one: Family) -> None:
    body = {"individuals": [], "channel": "in_person"}
    one.do("withdrew", "registration", f"{one.case}/withdrawal", body, role="counsellor", at="answered")


def _close(one: Family) -> None:
    body = {"reason": "lost_contact"}
    one.do("closed", "registration", f"{one.case}/closure", body, role="registration_officer", at="answered")


def _hold(one: Family) -> str:
    body = {"individuals": [], "reason": "protection"}
    made = one.do("held", "registration", f"{one.case}/holds", body, role="protection", at="counselled")
    return str(made["id"])


def _note_what_was_made(families: dict[str, Family]) -> None:
    """Ids that the story itself needs not, and the benchmark does."""
    left, planned, closed = families["left"], families["planned"], families["closed"]
    doors = left.look("travel", f"{left.flight}/doors", role="airport_desk", at="doors")
    left.ids["clearance"] = doors["clearance_id"]
    said = "2021-12-14T09:20:00+03:00"  # between the doors and the departure
    late = {"individuals": [left.people["father"]], "channel": "phone", "occurred_at": said}
    left.do("too late", "registration", f"{left.case}/withdrawal", late, role="counsellor", at="transit")
    incidents = left.listed("registration", "/incidents", role="protection", at="looked")
    left.ids["incident"] = incidents[0]["id"]
    case = left.look("reintegration", left.case, role="auditor", at="looked")
    left.ids |= {line["code"]: line["package_line"] for line in case["money"]["lines"]}
    for one in (planned, closed):
        plan = one.look("reintegration", f"/plans/{one.ids['plan']}", role="auditor", at="looked")
        one.ids |= {line["code"]: line["line_id"] for line in plan["lines"]}
        paid = one.listed("reintegration", f"/plans/{one.ids['plan']}/payments", role="auditor", at="looked")
        one.ids["payment"] = paid[0]["payment_id"]
    _note_where_they_stand(families)
    surveys = closed.listed("reintegration", f"{closed.case}/surveys", role="auditor", at="looked")
    closed.ids["survey"] = surveys[0]["survey_id"]
    schemes = closed.listed("reintegration", "/survey-schemes", role="auditor", at="looked")
    closed.ids["scheme_id"] = schemes[0]["scheme_id"]
    restrictions = closed.listed("eligibility", "/restrictions", role="auditor", at="looked")
    families["told"].ids["restriction"] = restrictions[0]["restriction_id"]


def _note_where_they_stand(families: dict[str, Family]) -> None:
    """In lists whose order is more than an id."""
    waits, left, planned = families["waits"], families["left"], families["planned"]
    listed = waits.listed("travel", "/waiting-list?destination=IRQ", role="travel_officer", at="booked")
    entry = next(each for each in listed if each["case_id"] == waits.ids["case"])
    waits.ids["entry"], waits.found["waits at"] = entry["id"], (entry["level"], entry["since"])
    role = {"role": "reintegration_officer", "at": "looked"}
    visits = planned.listed("reintegration", f"{planned.case}/follow-ups", **role)
    visit = next(each for each in visits if each["kind"] == "visit")
    planned.ids["visit"], planned.found["visit is due on"] = visit["follow_up_id"], visit["due_on"]
    expected = left.listed("reintegration", "/arrivals?since=2021-12-14&until=2021-12-15", **role)
    seat = next(each for each in expected if each["case_id"] == left.ids["case"])
    left.found["expected at"] = seat["expected_at"]


def _now() -> int:
    return time.time_ns() // 1_000_000


def _settled(services: Services) -> int:
    """Waits until every fact has left and been heard, and gives the time."""
    deadline = time.monotonic() + STARTS_WITHIN
    quiet = 0
    while quiet < 3 and time.monotonic() < deadline:
        told = [services.client.get(f"{services.url}/{name}/metrics").text for name in SERVICES]
        quiet = quiet + 1 if all('outbox_depth{service="' in text and "} 0.0" in text for text in told) else 0
        time.sleep(0.2)
    return _now()
