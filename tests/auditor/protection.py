"""Protection: no child alone left without every item of theirs, and nobody left who was held."""

from typing import Any
from uuid import UUID

from services.registration.children.rules import LETS_TRAVEL, Item
from tests.auditor.evidence import Check, Evidence, Findings, Row, an_id, grouped, listed
from tests.auditor.outcomes import LEFT


def no_child_alone_left_without_every_item(evidence: Evidence) -> Findings:
    """Each stood when the aircraft left, with a finding that lets the child travel."""
    items = grouped(evidence.all_of("registration", "protection_item"), "individual_id")
    alone = {
        an_id(row["individual_id"])
        for row in evidence.all_of("registration", "case_member")
        if not listed(row["responsible"])
    }
    for row in evidence.all_of("travel", "passenger"):
        child = an_id(row["individual_id"])
        if row["status"] not in LEFT or row["adult"] or child not in alone:
            continue
        there = {each["item"] for each in items.get(child, []) if _stood(each, row["departed_at"])}
        missing = [str(item) for item in Item if str(item) not in there]
        if missing:
            yield f"the child {child} left alone on flight {row['flight_id']} without {', '.join(missing)}"


def _stood(item: Row, at: Any) -> bool:
    return item["finding"] in LETS_TRAVEL and (item["taken_back_at"] is None or item["taken_back_at"] > at)


def protection_is_known_as_it_stands(evidence: Evidence) -> Findings:
    """A child alone is pending in registration as long as an item is missing, and travel holds the same of everyone."""
    items = grouped(evidence.all_of("registration", "protection_item"), "case_id", "individual_id")
    told = {
        (an_id(row["case_id"]), an_id(row["individual_id"])): bool(row["pending"])
        for row in evidence.all_of("travel", "protection_fact")
    }
    for row in evidence.all_of("registration", "case_member"):
        place, pending = (an_id(row["case_id"]), an_id(row["individual_id"])), bool(row["protection_pending"])
        if told.get(place, False) != pending:
            yield f"protection of {place[1]}: registration has pending {pending}, and travel {not pending}"
        standing = {
            each["item"]
            for each in items.get(place, [])
            if each["taken_back_at"] is None and each["finding"] in LETS_TRAVEL
        }
        if standing and pending != any(str(item) not in standing for item in Item):
            yield f"protection of {place[1]}: pending is {pending}, and {len(standing)} items of {len(Item)} stand"


def all_know_the_same_holds(evidence: Evidence) -> Findings:
    """Each hold with whom it covers, and whether it was released."""
    placed = {
        (an_id(row["id"]), UUID(one)): row["released_at"] is not None
        for row in evidence.all_of("registration", "hold")
        for one in listed(row["individuals"])
    }
    heard = {
        (an_id(row["hold_id"]), an_id(row["individual_id"])): bool(row["released"])
        for row in evidence.all_of("travel", "hold_fact")
    }
    for place in placed.keys() | heard.keys():
        here, there = placed.get(place, "no hold"), heard.get(place, "no hold")
        if here != there:
            yield f"the hold {place[0]} of {place[1]}: registration has released {here}, and travel {there}"


def no_booking_stays_on_hold(evidence: Evidence) -> Findings:
    """Where nobody in it is held any more, and its flight's doors are open."""
    held = {
        UUID(one)
        for row in evidence.all_of("registration", "hold")
        if row["released_at"] is None
        for one in listed(row["individuals"])
    }
    open_still = {
        an_id(row["id"]) for row in evidence.all_of("travel", "flight") if row["status"] in ("scheduled", "check_in")
    }
    people = grouped(evidence.all_of("travel", "passenger"), "booking_id")
    for row in evidence.all_of("travel", "booking"):
        if row["held_for"] != "held" or an_id(row["flight_id"]) not in open_still:
            continue
        if held.isdisjoint(an_id(each["individual_id"]) for each in people.get(an_id(row["id"]), [])):
            yield f"the booking {an_id(row['id'])} is on hold, and nobody in it is held"


CHECKS: tuple[Check, ...] = (
    no_child_alone_left_without_every_item,
    protection_is_known_as_it_stands,
    all_know_the_same_holds,
    no_booking_stays_on_hold,
)
