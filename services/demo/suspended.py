"""Returns to a country are suspended overnight: who is booked is held and told, and decided again, then and when it is
open again."""

from datetime import datetime
from typing import Any

from services.demo.family import Family
from services.demo.one_flight import OneFlight
from services.demo.returns import Party
from services.demo.year import flight_otherwise, year

PART = "suspended"
SAID = "a suspended country"


def suspend_overnight(family: Family) -> None:
    story = year()["otherwise"][PART]
    evening, morning = (datetime.fromisoformat(story[moment]) for moment in ("suspended_at", "lifted_at"))
    theirs = OneFlight(family, flight_otherwise(PART))
    theirs.hold_seats()
    theirs.decide()
    theirs.book()
    before = theirs.seats_taken()
    made = family.do(
        f"returns to {story['to']} were suspended",
        "eligibility",
        "/restrictions",
        {"country": story["to"], "valid_from": story["from"], "source": story["source"]},
        role="programme_officer",
        at=evening,
    )
    _held(family, theirs, evening)
    family.do(
        f"returns to {story['to']} were open again",
        "eligibility",
        f"/restrictions/{made['restriction_id']}/lifting",
        {"lifted_on": story["lifted_on"]},
        role="programme_officer",
        at=morning,
    )
    for party in theirs.parties:
        theirs.until_booking(party, "it went on", "confirmed", None, morning)
    told = sum(theirs.tell(party, "booking_resumed", morning) for party in theirs.parties)
    family.found[f"{SAID}, adults told that it is open"] = told
    family.found[f"{SAID}, decided"] = _decided(family, theirs.parties)
    family.found[f"{SAID}, seats lost by it"] = before - theirs.seats_taken()
    theirs.fly()
    family.found[f"{SAID}, people who arrived"] = theirs.arrived()


def _held(family: Family, theirs: OneFlight, evening: datetime) -> None:
    """Once travel has heard both the suspension and the decision: after the first alone they would be told twice."""
    held: list[Any] = []
    for party in theirs.parties:
        theirs.until_asked_of(party, "at_booking", ["destination_suspended", "not_eligible"], evening)
        held.append(theirs.until_booking(party, "its seats were held", "on_hold", "restriction", evening))
    family.found[f"{SAID}, people held"] = sum(len(each["passengers"]) for each in held)
    family.found[f"{SAID}, held since"] = ", ".join(sorted({each["held_from"] for each in held}))
    family.found[f"{SAID}, by the source"] = ", ".join(sorted({each["held_source"] for each in held}))
    family.found[f"{SAID}, adults told of it"] = sum(
        theirs.tell(party, "booking_on_hold", evening, "restriction") for party in theirs.parties
    )


def _decided(family: Family, parties: list[Party]) -> str:
    """How each case was decided, one decision after the other: the same of all of them, or each is said."""
    said = set()
    for party in parties:
        decisions = family.listed("eligibility", f"{party.path}/decisions", role="auditor", at="looked")
        said.add(", then ".join(each["outcome"].replace("_", " ") for each in decisions))
    return "; ".join(sorted(said))
