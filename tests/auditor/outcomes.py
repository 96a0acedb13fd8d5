"""What must never have happened: a seat sold twice, money paid twice, a family split, an uncleared departure."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

from shared.columns import MoneyColumn
from tests.auditor.evidence import Check, Evidence, Findings, Row, an_id, grouped, id_or_none, listed, members_of

LEFT = ("departed", "in_transit", "arrived", "not_admitted")
LIVING = ("booked", "checked_in", "boarded", "cleared")
STAYED = ("offloaded", "no_show", "cancelled")


def no_seat_is_sold_twice(evidence: Evidence) -> Findings:
    by_flight = grouped(evidence.all_of("travel", "passenger"), "flight_id")
    aside = _set_aside(evidence)
    lost_beside = _lost_beside(evidence)
    for flight in evidence.all_of("travel", "flight"):
        of = by_flight.get(an_id(flight["id"]), [])
        seats = Counter(row["seat"] for row in of)
        held, lost = seats["held"], seats["lost"] + lost_beside[an_id(flight["id"])]
        if held + lost + aside[an_id(flight["id"])] > flight["seats"]:
            yield f"flight {flight['id']}: {flight['seats']} seats, {held} held and {lost} lost, and others set aside"
        if flight["seats_aside"] != aside[an_id(flight["id"])]:
            said = f"{flight['seats_aside']} seats set aside"
            yield f"flight {flight['id']}: counts {said}, and what they are for {aside[an_id(flight['id'])]}"
        if (held, lost) != (flight["seats_taken"], flight["seats_lost"]):
            counted = f"{flight['seats_taken']} taken and {flight['seats_lost']} lost"
            yield f"flight {flight['id']}: counts {counted}, and who has or had them {held} and {lost}"
    living = Counter(
        an_id(row["individual_id"]) for rows in by_flight.values() for row in rows if row["status"] in LIVING
    )
    gone = Counter(
        (an_id(row["individual_id"]), row["attempt"])
        for rows in by_flight.values()
        for row in rows
        if row["status"] in LEFT
    )
    yield from (f"{one} has a seat on {count} flights" for one, count in living.items() if count > 1)
    yield from (f"{one} left {count} times in one attempt" for (one, _), count in gone.items() if count > 1)


def _lost_beside(evidence: Evidence) -> Counter[UUID]:
    """By flight, lost seats that are no passenger's own: of escorts, and second seats, given up alone or with them."""
    found: Counter[UUID] = Counter()
    for row in evidence.all_of("travel", "fare_entry_beside"):
        found[an_id(row["flight_id"])] += row["seats"] if row["seat"] == "lost" else 0
    entries = grouped(evidence.all_of("travel", "fare_entry"), "passenger_id")
    for row in evidence.all_of("travel", "passenger"):
        of = entries.get(an_id(row["id"]), [])
        if row["seat"] == "lost" and of:
            found[an_id(row["flight_id"])] += max(of, key=lambda each: int(each["number"]))["seats"] - 1
    return found


def _set_aside(evidence: Evidence) -> Counter[UUID]:
    """By flight, seats that are no passenger's and not free: offered, a group's, an escort's, or beside one's own."""
    found: Counter[UUID] = Counter()
    for row in evidence.all_of("travel", "seat_offer"):
        found[an_id(row["flight_id"])] += row["seats"] if row["status"] == "held" else 0
    for row in evidence.all_of("travel", "travel_group"):
        found[an_id(row["flight_id"])] += row["seats_left"]
    for row in evidence.all_of("travel", "escort"):
        found[an_id(row["flight_id"])] += row["status"] == "booked"
    for row in evidence.all_of("travel", "passenger"):
        found[an_id(row["flight_id"])] += row["extra_seats"] if row["seat"] == "held" else 0
    return found


def no_money_is_paid_twice_or_beside_the_decision(evidence: Evidence) -> Findings:
    """Each line once and as it was decided; an instalment as its payments say (see tests/auditor/money.py)."""
    decided: dict[tuple[UUID, str], Decimal] = {}
    for row in evidence.all_of("reintegration", "fact_decision"):
        for line in listed(row["package"]):
            decided[(an_id(row["decision_id"]), line["line"])] = Decimal(line["amount"])
    for row in evidence.all_of("travel", "allowance_payment"):
        due = decided.get((an_id(row["decision_id"]), row["line"]))
        if due is None:
            yield f"{row['individual_id']} was paid {row['line']}, which no decision gives"
        elif (paid := row["amount"] / MoneyColumn.scale) > due:
            yield f"{row['individual_id']} was paid {paid} of {due} for {row['line']}"


def no_family_is_split(evidence: Evidence) -> Findings:
    """Who stays while others of the case fly has a reason, the others were asked again, and no child flies alone."""
    members = grouped(members_of(evidence), "case_id")
    bookings = grouped(evidence.all_of("travel", "booking"), "case_id")
    for (flight, case), passengers in grouped(evidence.all_of("travel", "passenger"), "flight_id", "case_id").items():
        gone = {an_id(row["individual_id"]): row for row in passengers if row["status"] in LEFT}
        if not gone:
            continue
        for row in passengers:
            if row["status"] == "offloaded" and row["taken_off_for"] is None:
                yield f"case {case}: {row['individual_id']} was taken off flight {flight}, and nothing says why"
        yield from _asked_again(case, list(gone.values()), passengers)
        agreed = {
            UUID(one)
            for row in bookings.get(case, [])
            if an_id(row["flight_id"]) == flight
            for one in listed(row["split_stated_by"])
        }
        yield from _without_a_seat(case, gone, passengers, members.get(case, []), agreed)
        for member in members.get(case, []):
            child, responsible = an_id(member["individual_id"]), {an_id(one) for one in listed(member["responsible"])}
            if child in gone and responsible and gone.keys().isdisjoint(responsible):
                yield f"case {case}: the child {child} left on flight {flight} with nobody who is responsible"


def _asked_again(case: UUID, gone: list[Row], passengers: list[Row]) -> Findings:
    moments = [row["taken_off_at"] for row in passengers if row["taken_off_at"] is not None]
    for row in gone:
        if not row["adult"]:
            continue
        if row["word"] != "yes":
            yield f"case {case}: {row['individual_id']} left on the word {row['word']}"
        elif any(row["word_at"] < moment for moment in moments):
            yield f"case {case}: {row['individual_id']} left on a word given before others were taken off"


def _without_a_seat(
    case: UUID, gone: dict[UUID, Row], passengers: list[Row], members: list[Row], agreed: set[UUID]
) -> Findings:
    """Members who had no seat on the flight on which the others left: they withdrew, left before, or all agreed."""
    seated = {an_id(row["individual_id"]) for row in passengers}
    for member in members:
        one = an_id(member["individual_id"])
        if one in seated or member["status"] in ("withdrawn", "departed", "not_admitted"):
            continue
        if not {each for each, row in gone.items() if row["adult"]} <= agreed:
            yield f"case {case}: {one} had no seat when the others left, and they did not all agree to that"


def nobody_left_who_was_not_cleared(evidence: Evidence) -> Findings:
    """But who left by a paper: those a person wrote down, and `flights.py` holds against what is recorded."""
    cleared = grouped(evidence.all_of("registration", "clearance_passenger"), "clearance_id", "individual_id")
    departures = grouped(evidence.all_of("registration", "departure"), "flight_id", "individual_id")
    papers = {an_id(row["id"]) for row in evidence.all_of("travel", "paper_manifest")}
    for row in evidence.all_of("travel", "passenger"):
        if row["status"] not in LEFT:
            continue
        one, by = an_id(row["individual_id"]), id_or_none(row["clearance_id"])
        answers = cleared.get((by, one), [])
        if by not in papers and not any(
            answer["reason"] is None and answer["departed_at"] is not None for answer in answers
        ):
            yield f"{one} left on flight {row['flight_id']}, and registration did not clear them for it"
        how = "on_paper" if by in papers else "cleared"
        if [each["how"] for each in departures.get((an_id(row["flight_id"]), one), [])] != [how]:
            yield f"{one} left on flight {row['flight_id']}, and registration has not that one departure of theirs"


def every_hand_over_came_to_its_end(evidence: Evidence) -> Findings:
    """No flight waits for an answer, and nobody stays cleared for a flight that left, or does not go."""
    for row in evidence.all_of("travel", "hand_over"):
        if row["settled_at"] is None:
            yield f"the hand-over of flight {row['flight_id']} was never settled"
    gone = set()
    for flight in evidence.all_of("travel", "flight"):
        if flight["status"] == "closing":
            yield f"flight {flight['id']} still waits for registration"
        if flight["status"] in ("departed", "cancelled"):
            gone.add(an_id(flight["id"]))
    flight_of = {an_id(row["id"]): an_id(row["flight_id"]) for row in evidence.all_of("registration", "clearance")}
    for row in evidence.all_of("registration", "clearance_passenger"):
        ended = row["reason"] is not None or row["departed_at"] is not None or row["released_at"] is not None
        if not ended and flight_of.get(an_id(row["clearance_id"])) in gone:
            yield f"{row['individual_id']} is cleared for good, and neither left nor was released"


CHECKS: tuple[Check, ...] = (
    no_seat_is_sold_twice,
    no_money_is_paid_twice_or_beside_the_decision,
    no_family_is_split,
    nobody_left_who_was_not_cleared,
    every_hand_over_came_to_its_end,
)
