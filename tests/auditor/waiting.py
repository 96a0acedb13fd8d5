"""The waiting list: nobody is lost on it, nobody both waits and has a seat, and seats were given in its order."""

from collections import Counter
from typing import Any
from uuid import UUID

from tests.auditor.evidence import Check, Evidence, Findings, Row, an_id, grouped, listed
from tests.auditor.outcomes import LIVING

NO_SEATS = "not-enough-seats"


def nobody_waits_who_has_no_more_to_wait_for(evidence: Evidence) -> Findings:
    """Who waits has no seat, has not withdrawn, and is of an open case; and each case waits once."""
    seated = {an_id(row["individual_id"]) for row in evidence.all_of("travel", "passenger") if row["status"] in LIVING}
    members = grouped(evidence.all_of("registration", "case_member"), "individual_id")
    closed = {an_id(row["id"]) for row in evidence.all_of("registration", "case_file") if row["closed_at"] is not None}
    entries = [row for row in evidence.all_of("travel", "waiting_entry") if row["status"] == "waiting"]
    for row in entries:
        case = an_id(row["case_id"])
        if case in closed:
            yield f"the case {case} waits for a seat, and is closed"
        for one in map(UUID, listed(row["individuals"])):
            if one in seated:
                yield f"{one} waits for a seat, and has one"
            if any(member["status"] == "withdrawn" for member in members.get(one, [])):
                yield f"{one} waits for a seat, and has withdrawn"
    for case, count in Counter(an_id(row["case_id"]) for row in entries).items():
        if count > 1:
            yield f"the case {case} stands on the waiting list {count} times"


def whoever_was_seated_from_the_list_has_had_a_seat(evidence: Evidence) -> Findings:
    booked = {(an_id(row["case_id"]), an_id(row["individual_id"])) for row in evidence.all_of("travel", "passenger")}
    for row in evidence.all_of("travel", "waiting_entry"):
        for one in map(UUID, listed(row["individuals"])):
            if row["status"] == "seated" and (an_id(row["case_id"]), one) not in booked:
                yield f"{one} was seated from the waiting list, and has never had a seat"


def nobody_is_lost_with_a_cancelled_flight(evidence: Evidence) -> Findings:
    """Whoever lost a seat by it waits, has another seat, or is no longer on the way; and no seat on it is still held or
    paid for."""
    flights = {an_id(row["id"]): row for row in evidence.all_of("travel", "flight") if row["status"] == "cancelled"}
    for flight, row in flights.items():
        if row["seats_taken"]:
            yield f"flight {flight} does not go, and {row['seats_taken']} seats on it are taken"
    passengers = evidence.all_of("travel", "passenger")
    elsewhere = {an_id(row["individual_id"]) for row in passengers if an_id(row["flight_id"]) not in flights}
    waiting = {
        UUID(one)
        for row in evidence.all_of("travel", "waiting_entry")
        if row["status"] == "waiting"
        for one in listed(row["individuals"])
    }
    closed = {an_id(row["id"]) for row in evidence.all_of("registration", "case_file") if row["closed_at"] is not None}
    ended = {
        an_id(row["individual_id"])
        for row in evidence.all_of("registration", "case_member")
        if row["status"] == "withdrawn" or an_id(row["case_id"]) in closed
    }
    by_flight = {an_id(row["id"]) for row in evidence.all_of("travel", "booking") if _by_the_flight(row)}
    for row in passengers:
        one = an_id(row["individual_id"])
        lost = an_id(row["flight_id"]) in flights and an_id(row["booking_id"]) in by_flight
        if lost and row["taken_off_for"] is None and one not in elsewhere | waiting | ended:
            yield f"{one} lost a seat with flight {an_id(row['flight_id'])}, and neither waits nor has another"


def _by_the_flight(booking: Row) -> bool:
    return bool(booking["cancelled_for"] == "flight_cancelled")


def seats_were_given_in_the_order_of_the_list(evidence: Evidence) -> Findings:
    """As each answer says: those who were looked at stand in their order, and nobody was passed over for want of seats
    before others of the same list, and no fewer, were given theirs. Who was given one has the booking."""
    entries = {an_id(row["id"]): row for row in evidence.all_of("travel", "waiting_entry")}
    bookings = {an_id(row["id"]) for row in evidence.all_of("travel", "booking")}
    for asked in evidence.journal:
        seated: list[dict[str, Any]] = asked.ids.get("seated", []) if asked.acknowledged else []
        places = [_place(entries[UUID(each["entry_id"])]) for each in seated if UUID(each["entry_id"]) in entries]
        if len(places) < len(seated):
            yield f"{asked.name}: answered with entries that the waiting list does not have"
        if places != sorted(places):
            yield f"{asked.name}: the seats were not given in the order of the list"
        passed_over = 0
        for each in seated:
            if each["booking_id"] is None:
                if each["why"] == NO_SEATS:
                    passed_over = min(passed_over or each["people"], each["people"])
                continue
            if passed_over and each["people"] >= passed_over:
                yield f"{asked.name}: {each['people']} were given seats after {passed_over} who come first were not"
            if UUID(each["booking_id"]) not in bookings:
                yield f"{asked.name}: said that {each['case_id']} has a seat, and there is no such booking"


def _place(entry: Row) -> tuple[Any, ...]:
    return (entry["level"], entry["since"], an_id(entry["id"]))


CHECKS: tuple[Check, ...] = (
    nobody_waits_who_has_no_more_to_wait_for,
    whoever_was_seated_from_the_list_has_had_a_seat,
    nobody_is_lost_with_a_cancelled_flight,
    seats_were_given_in_the_order_of_the_list,
)
