"""Protection holds a household that has its seats, and lets it go the next day: nobody loses a seat by it."""

from datetime import datetime

from services.demo.family import Family
from services.demo.one_flight import OneFlight
from services.demo.year import flight_otherwise, year

PART = "on_hold"


def hold_and_release(family: Family) -> None:
    story = year()["otherwise"][PART]
    held_at, released_at = (datetime.fromisoformat(story[moment]) for moment in ("held_at", "released_at"))
    theirs = OneFlight(family, flight_otherwise(PART))
    theirs.hold_seats()
    theirs.decide()
    theirs.book()
    (party,) = (each for each in theirs.parties if each.case.name == story["case"])
    before = theirs.seats_taken()
    hold = family.do(
        "protection held the household",
        "registration",
        f"{party.path}/holds",
        {"individuals": [], "reason": story["reason"]},
        role="protection",
        at=held_at,
    )
    booking = theirs.until_booking(party, "its seats were held", "on_hold", "held", held_at)
    family.found["a hold, people held"] = len(booking["passengers"])
    family.found["a hold, the desk is told, and never why"] = ", ".join(
        theirs.asked_of(party, "at_check_in", theirs.at("check_in"))
    )
    family.found["a hold, adults told of it"] = theirs.tell(party, "booking_on_hold", held_at)
    path = f"{party.path}/holds/{hold['id']}/release"
    family.do("protection released the household", "registration", path, role="protection", at=released_at)
    theirs.until_booking(party, "it went on", "confirmed", None, released_at)
    family.found["a hold, adults told that it is over"] = theirs.tell(party, "booking_resumed", released_at)
    family.found["a hold, seats lost by it"] = before - theirs.seats_taken()
    theirs.fly()
    family.found["a hold, people of the flight who arrived"] = theirs.arrived()
