"""The way to the airport and what is told of it: places in vehicles, nights, who walked in, and notices."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

from services.registration.notices.rules import OWN_DOING
from shared.columns import MoneyColumn
from tests.auditor.evidence import Check, Evidence, Findings, Row, an_id, grouped, listed
from tests.auditor.outcomes import LEFT, LIVING
from tests.load.journal import Asked

TO_BE_TOLD = ("ground.arranged", "ground.cancelled", "offer.made", "booking.on_hold", "booking.resumed")
"""What travel tells of people, and each of them is to be told; and a booking that waits or is cancelled."""


def nobody_rides_without_a_seat(evidence: Evidence) -> Findings:
    """On that flight; nobody rides twice; each vehicle counts its places, and none goes to a flight that does not."""
    passengers = {an_id(row["id"]): row for row in evidence.all_of("travel", "passenger")}
    held = [row for row in evidence.all_of("travel", "transport_place") if row["status"] == "held"]
    runs = {an_id(row["id"]): row for row in evidence.all_of("travel", "transport_run")}
    for row in held:
        who, run = passengers.get(an_id(row["passenger_id"])), runs.get(an_id(row["run_id"]))
        one = an_id(row["individual_id"])
        if who is None or run is None or an_id(who["flight_id"]) != an_id(run["flight_id"]):
            yield f"{one} has a place in a vehicle, and never had a seat on its flight"
        elif who["status"] not in (*LIVING, *LEFT):
            yield f"{one} has a place in a vehicle, and no seat any more ({who['status']})"
        elif run["status"] != "planned":
            yield f"{one} has a place in a vehicle that does not go"
    for one, count in Counter(an_id(row["passenger_id"]) for row in held).items():
        if count > 1:
            yield f"the passenger {one} has {count} places in vehicles"
    taken = Counter((an_id(row["run_id"]), row["place"] == "wheelchair") for row in held)
    gone = {an_id(row["id"]) for row in evidence.all_of("travel", "flight") if row["status"] == "cancelled"}
    for id_, row in runs.items():
        for wheelchair, counted, of in (
            (False, row["places_taken"], row["places"]),
            (True, row["wheelchair_taken"], row["wheelchair_places"]),
        ):
            if counted != taken[(id_, wheelchair)] or counted > of:
                yield f"the vehicle {id_} counts {counted} of {of} places, and {taken[(id_, wheelchair)]} ride in it"
        if row["status"] == "planned" and an_id(row["flight_id"]) in gone:
            yield f"the vehicle {id_} goes to the flight {an_id(row['flight_id'])}, which does not"


def nights_are_for_who_flies(evidence: Evidence) -> Findings:
    """Whoever sleeps there has a seat by that booking, and what is owed for nights that stand is all of them."""
    seats = {
        (an_id(row["booking_id"]), an_id(row["individual_id"])): row["status"]
        for row in evidence.all_of("travel", "passenger")
    }
    for row in evidence.all_of("travel", "hotel_stay"):
        stay, cost = an_id(row["id"]), Decimal(row["cost"]) / MoneyColumn.scale
        for one in map(UUID, listed(row["individuals"])) if row["status"] == "booked" else ():
            if seats.get((an_id(row["booking_id"]), one)) not in (*LIVING, *LEFT):
                yield f"{one} has a night near the airport, and no seat"
        whole = Decimal(row["night_price"]) / MoneyColumn.scale * row["rooms"]
        if row["status"] == "booked" and cost < whole:
            yield f"the stay {stay} stands, and {cost} is owed for it of {whole} a night"
        if (row["status"] == "booked") != (row["ended_at"] is None):
            yield f"the stay {stay} is {row['status']}, and ended at {row['ended_at']}"


def who_walked_in_was_let_in_as_was_said(evidence: Evidence) -> Findings:
    """A booking for everyone who was named, and check-in for whoever was let through with the call, and lacked
    nothing."""
    rows = grouped(evidence.all_of("travel", "passenger"), "booking_id", "individual_id")
    for asked in evidence.journal:
        if not (asked.acknowledged and asked.path.endswith("/walk-ins")):
            continue
        for said in asked.ids["persons"]:
            found = rows.get((UUID(asked.ids["booking_id"]), UUID(said["individual_id"])), [])
            through = said["status"] == "checked_in"
            if not found:
                yield f"{asked.name}: {said['individual_id']} was taken in, and has no seat"
            elif through and (said["missing"] or found[0]["checked_in_at"] is None):
                yield f"{asked.name}: {said['individual_id']} was checked in, and is not, or lacked something"


def every_notice_is_told_once(evidence: Evidence) -> Findings:
    """One telling reached somebody where it says told, none where it does not; each that was recorded is there once."""
    tellings = grouped(evidence.all_of("registration", "notice_telling"), "notice_id")
    asked_of = Counter(
        notice for notice, _ in {(_notice(asked), asked.key) for asked in evidence.journal if asked.acknowledged}
    )  # by key: one that was repeated was done once
    unclear = {_notice(asked) for asked in evidence.journal if not asked.acknowledged and not asked.refused}
    for row in evidence.all_of("registration", "notice"):
        one = an_id(row["id"])
        told = tellings.get(one, [])
        reached = sum(bool(each["reached"]) for each in told)
        if reached != (row["status"] == "told"):
            yield f"the notice {one} is {row['status']}, and was told {reached} times"
        if row["attempts"] != len(told):
            yield f"the notice {one} counts {row['attempts']} attempts, and {len(told)} are kept"
        if one not in unclear and asked_of[one] and asked_of[one] != len(told):
            yield f"the notice {one}: {asked_of[one]} attempts were acknowledged, and {len(told)} are kept"


def _notice(asked: Asked) -> UUID | None:
    part = asked.path.split("/")
    return UUID(part[2]) if part[1] == "notices" else None


def everyone_has_the_notice_of_what_concerns_them(evidence: Evidence) -> Findings:
    """Each adult of the case whom a fact of travel names that must be told; once for each fact, and for no other."""
    adults = {
        (an_id(row["case_id"]), an_id(row["individual_id"]))
        for row in evidence.all_of("travel", "member_fact")
        if row["adult"]
    }
    changed = {an_id(row["individual_id"]) for row in evidence.all_of("registration", "membership_change")}
    notices = grouped(evidence.all_of("registration", "notice"), "event_id", "individual_id")
    facts = {UUID(fact.id): fact for fact in evidence.told["travel"]}
    for event, fact in facts.items():
        if not _must_be_told(fact.type, fact.document["data"]):
            continue
        for one in map(UUID, fact.document["data"]["individuals"]):
            if (UUID(fact.key), one) in adults and one not in changed and (event, one) not in notices:
                yield f"{one} has no notice of {fact.type} ({event})"
    for (event, one), rows in notices.items():
        if len(rows) > 1:
            yield f"{one} has {len(rows)} notices of the same fact {event}"
        if event not in facts:
            yield f"{one} is to be told of the fact {event}, which travel never told"


def _must_be_told(type_: str, data: Row) -> bool:
    kind = type_.removeprefix("homeward.travel.").rsplit(".v", 1)[0]
    if kind == "booking.cancelled":
        return data["reason"] not in OWN_DOING
    return kind == "booking.waiting" or kind in TO_BE_TOLD


CHECKS: tuple[Check, ...] = (
    nobody_rides_without_a_seat,
    nights_are_for_who_flies,
    who_walked_in_was_let_in_as_was_said,
    every_notice_is_told_once,
    everyone_has_the_notice_of_what_concerns_them,
)
