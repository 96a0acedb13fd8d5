"""A flight is cancelled with everyone booked on it: they wait, are told, and are seated on the next from the list."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.demo.family import Family
from services.demo.one_flight import OneFlight
from services.demo.year import flight_otherwise, year

PART = "cancelled"


def cancel_and_seat_again(family: Family) -> None:
    story = year()["otherwise"][PART]
    at = datetime.fromisoformat(story["cancelled_at"])
    following = OneFlight(family, flight_otherwise(PART))
    first = OneFlight(family, replace(following.flight, on=date.fromisoformat(story["first_on"])))
    for each in (first, following):
        each.hold_seats()
    first.decide()
    first.seat()
    said = "a cancelled flight"
    family.found[f"{said}, people booked on it"] = first.seats_taken()
    cancelled = family.do(
        f"the flight of {first.flight.name} was cancelled",
        "travel",
        f"{first.path}/cancellation",
        role="travel_officer",
        at=at,
    )
    family.found[f"{said}, it is"] = cancelled["status"]
    family.found[f"{said}, seats lost"] = cancelled["seats"]["lost"]
    family.found[f"{said}, people who wait"] = _waiting(family, story["to"])
    for about, what in (("booking_cancelled", "told of it"), ("booking_waiting", "told that they wait")):
        family.found[f"{said}, adults {what}"] = sum(first.tell(party, about, at) for party in first.parties)
    seated = family.do(
        f"seats on the flight of {following.flight.name} were given from the list",
        "travel",
        f"{following.path}/seating",
        role="travel_officer",
        at=following.at("booked"),
    )
    family.found[f"{said}, people seated on the next"] = sum(
        each["people"] for each in seated["seated"] if each["booking_id"] is not None
    )
    family.found[f"{said}, people who still wait"] = _waiting(family, story["to"])
    following.parties = first.parties
    following.check()
    following.fly()
    family.found[f"{said}, people who arrived with the next"] = following.arrived()


def _waiting(family: Family, country: str) -> int:
    found: list[Any] = family.listed(
        "travel", f"/waiting-list?destination={country}", role="travel_officer", at="looked"
    )
    return sum(len(each["individuals"]) for each in found)
