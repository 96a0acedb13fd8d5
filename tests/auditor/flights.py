"""Flights: what a group or an escort takes up, what a paper tells, and destinations to which nobody is booked."""

from collections import Counter
from uuid import UUID

from tests.auditor.evidence import Check, Evidence, Findings, an_id, grouped, listed
from tests.auditor.outcomes import LEFT
from tests.load.suspension import WHILE_SUSPENDED


def no_group_has_more_than_its_seats(evidence: Evidence) -> Findings:
    """Who was booked out of an allotment and what is left of it are within it, and it is within the flight's seats."""
    flights = {an_id(row["id"]): row["seats"] for row in evidence.all_of("travel", "flight")}
    cases = grouped(evidence.all_of("travel", "group_case"), "group_id")
    people = grouped(evidence.all_of("travel", "passenger"), "booking_id", "flight_id")
    allotted: Counter[UUID] = Counter()
    for group in evidence.all_of("travel", "travel_group"):
        one, flight = an_id(group["id"]), an_id(group["flight_id"])
        of = [row for case in cases.get(one, []) for row in people.get((an_id(case["booking_id"]), flight), [])]
        booked = sum(1 + row["extra_seats"] for row in of if row["seat"] == "held")
        if booked + group["seats_left"] > group["seats"]:
            said = f"{booked} booked and {group['seats_left']} left"
            yield f"group {one}: {said} are more than its {group['seats']} seats"
        allotted[flight] += booked + group["seats_left"]
    for flight, seats in allotted.items():
        if seats > flights[flight]:
            yield f"flight {flight}: its groups have {seats} seats, more than its {flights[flight]}"


def nobody_goes_along_on_a_flight_that_does_not_go(evidence: Evidence) -> Findings:
    gone = {an_id(row["id"]) for row in evidence.all_of("travel", "flight") if row["status"] == "cancelled"}
    for row in evidence.all_of("travel", "escort"):
        if row["status"] == "booked" and an_id(row["flight_id"]) in gone:
            yield f"the escort {an_id(row['id'])} has a seat on flight {an_id(row['flight_id'])}, which does not go"


def a_flight_on_paper_stands_as_its_paper_says(evidence: Evidence) -> Findings:
    """Who left by it left once, and nobody else of it did."""
    passengers = grouped(evidence.all_of("travel", "passenger"), "flight_id", "individual_id")
    for paper in evidence.all_of("travel", "paper_manifest"):
        flight = an_id(paper["flight_id"])
        for line in listed(paper["lines"]) if paper["status"] == "entered" else ():
            one, wrote = UUID(line["individual_id"]), int(line["outcome"] == "departed")
            left = sum(row["status"] in LEFT for row in passengers.get((flight, one), []))
            if left != wrote:
                yield f"{one} left flight {flight} {left} times, and by its paper {wrote}"


def nobody_was_booked_to_where_returns_were_suspended(evidence: Evidence) -> Findings:
    for asked in evidence.journal:
        if asked.key.endswith(WHILE_SUSPENDED) and asked.acknowledged:
            yield f"{asked.name}: gave seats to where returns were suspended"


def all_know_the_same_suspensions(evidence: Evidence) -> Findings:
    """And since when each is lifted."""
    named = ("country", "area", "lifted_on")
    set_ = {
        an_id(row["id"]): tuple(str(row[name]) for name in named)
        for row in evidence.all_of("eligibility", "restriction")
    }
    heard = {
        an_id(row["restriction_id"]): tuple(str(row[name]) for name in named)
        for row in evidence.all_of("travel", "restriction_fact")
    }
    for one in set_.keys() | heard.keys():
        here, there = set_.get(one, "nothing"), heard.get(one, "nothing")
        if here != there:
            yield f"the restriction {one}: eligibility has {here}, and travel {there}"


CHECKS: tuple[Check, ...] = (
    no_group_has_more_than_its_seats,
    nobody_goes_along_on_a_flight_that_does_not_go,
    a_flight_on_paper_stands_as_its_paper_says,
    nobody_was_booked_to_where_returns_were_suspended,
    all_know_the_same_suspensions,
)
