"""What changes after people were booked, a destination that closes or a fact: they are held and told at once."""

from itertools import cycle
from typing import Any

from services.demo.departure import ask, board, clear, close_doors
from services.demo.family import Family
from services.demo.scenario import read_scenario
from tests.journey.hosting import Hosted
from tests.journey.looking import LATER, in_travel, seats
from tests.journey.parties import (
    at_the_gate,
    booked,
    decided,
    desk,
    gate_asks,
    man,
    on_flight,
    parents_and_child,
    woman,
)
from tests.journey.parties import registered as party_of

SOURCE = "ours: suspended while this is tested"
SUSPENDED = "destination_suspended"
_areas = cycle(("IQ-SU", "IQ-DA", "IQ-KI", "IQ-NI", "IQ-BA", "IQ-WA", "IQ-AN", "IQ-DI"))


def somewhere() -> dict[str, Any]:
    """A case that goes to another part of the country in each story: what closes there concerns no other."""
    destination = {"country": "IRQ", "area": next(_areas)}
    return {**read_scenario("family.json")["case"], "destination": destination}


def suspend(party: Family, moment: str) -> str:
    body = {**party.story["case"]["destination"], "valid_from": "2021-12-13", "source": SOURCE}
    step = "returns to that part of the country were suspended"
    made = party.do(step, "eligibility", "/restrictions", body, role="programme_officer", at=moment)
    return str(made["restriction_id"])


def lift(party: Family, restriction: str) -> None:
    path = f"/restrictions/{restriction}/lifting"
    body = {"lifted_on": "2021-12-14"}
    party.do("the suspension was lifted", "eligibility", path, body, role="programme_officer", at="check_in")


def told(party: Family, about: str) -> None:
    """Waits until registration lists a notice about it for each adult, who are then told."""
    adults = {party.people[label] for label in party.adults}
    path = f"/notices?status=open&case_id={party.ids['case']}"
    found = party.until(
        f"registration knew who must be told of {about}",
        "registration",
        path,
        lambda listed: {each["individual_id"] for each in listed["items"] if each["about"] == about} == adults,
        role="travel_officer",
        at="checked",
    )
    for notice in found["items"]:
        path = f"/notices/{notice['id']}/telling"
        body = {"channel": "in_person", "reached": True}
        party.do(f"{notice['id']} was told", "registration", path, body, role="travel_officer", at="checked")


def test_those_booked_are_held_at_once_and_told_with_the_suspensions_date_and_source(services: Hosted) -> None:
    party = on_flight(decided(party_of(services, parents_and_child(), case=somewhere())))
    booking = booked(party)
    restriction = suspend(party, "papers")
    held = party.until(
        "those booked were held",
        "travel",
        f"/bookings/{booking['id']}",
        lambda found: found["status"] == "on_hold",
        role="travel_officer",
        at="papers",
    )
    assert held["held_for"] == "restriction"
    assert (held["held_from"], held["held_source"]) == ("2021-12-13", SOURCE), "whoever tells them can say by whom"
    assert seats(party)["taken"] == 3, "nobody lost a seat"
    told(party, "booking_on_hold")
    refused = desk(party, "father", "check-in", "check_in", expect=409)
    assert SUSPENDED in {item["code"] for items in refused["missing"].values() for item in items}

    lift(party, restriction)
    party.until(
        "it went on",
        "travel",
        f"/bookings/{booking['id']}",
        lambda found: (found["status"], found["held_source"]) == ("confirmed", None),
        role="travel_officer",
        at="check_in",
    )
    told(party, "booking_resumed")


def test_a_suspension_after_booking_stops_them_at_check_in_and_at_the_doors(services: Hosted) -> None:
    couple = [man(), woman(relation="spouse")]
    party = at_the_gate(services, couple, case=somewhere())
    for label in party.adults:
        ask(party, label, "yes")
    board(party, ["woman"])
    restriction = suspend(party, "checked")
    path = f"{party.case}/readiness?flight_id={party.ids['flight']}"
    party.until(
        "travel knew of the suspension",
        "travel",
        path,
        lambda _ready: all(SUSPENDED in asks for asks in gate_asks(party, "at_check_in").values()),
        role="travel_officer",
        at="check_in",
    )
    refused = desk(party, "man", "boarding", "boarded", expect=409)
    assert SUSPENDED in {item["code"] for items in refused["missing"].values() for item in items}
    close_doors(party)
    clear(party)
    stayed = in_travel(party)
    assert not {"boarded", "cleared", "departed"} & set(stayed.values()), "who sat on board came off again"
    why = party.passengers(LATER)["woman"]["taken_off_for"]
    assert why == "gate_not_passed", "the doors looked at the suspension, and not only at who is missing of the party"
    lift(party, restriction)


def have_means(party: Family, means: str, step: str) -> None:
    """The household says otherwise, and registration corrects it."""
    body = {"reason": "told_otherwise", "means": means}
    party.teller.do(
        step,
        "registration",
        party.case,
        body,
        role="registration_officer",
        at=party.at("papers"),
        method="PATCH",
        etag="*",
    )


def booking_becomes(party: Family, booking: Any, status: str, held_for: str | None) -> None:
    party.until(
        f"the booking was {status}",
        "travel",
        f"/bookings/{booking['id']}",
        lambda found: (found["status"], found["held_for"]) == (status, held_for),
        role="travel_officer",
        at="papers",
    )


def test_a_fact_that_makes_those_booked_ineligible_holds_them_and_they_are_told_until_it_is_mended(
    services: Hosted,
) -> None:
    party = on_flight(decided(party_of(services, parents_and_child(), case=somewhere())))
    booking = booked(party)
    have_means(party, "some", "they have means after all")
    booking_becomes(party, booking, "on_hold", "not_eligible")
    told(party, "booking_on_hold")
    have_means(party, "none", "they have none, they were misunderstood")
    booking_becomes(party, booking, "confirmed", None)
    told(party, "booking_resumed")
    assert seats(party)["taken"] == 3, "nobody lost a seat"
