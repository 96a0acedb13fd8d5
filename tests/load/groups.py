"""Seats beside a party's own: out of a group's allotment, of whoever goes along with it, and on another flight."""

from collections.abc import Awaitable, Callable
from typing import Any

from services.demo.year import story
from tests.load.desk import Refused
from tests.load.flights import Airport, Flight

Do = Callable[..., Awaitable[Any]]
"""`(step, service, path, body, role, moment, part)`: a write of this journey's, sent again until it is answered."""
OFFICER = "travel_officer"
NO_SEATS = "not-enough-seats"
NOT_OPEN = "flight-not-open"


async def book_with_a_group(do: Do, flight: Flight, case: str, people: int, part: str, stays_open: bool) -> str:
    """A group of this party with a seat more than it needs, which is given back unless it `stays_open`. Gives the
    booking. Raises `Refused`, `GaveUp`."""
    body = {"label": f"Hall {part}", "seats": people + 1}
    made = await do("group", "travel", f"{flight.path}/travel-groups", body, OFFICER, "booked", part)
    path, booked = f"/travel-groups/{made['id']}", None
    try:
        booked = await do("group-case", "travel", f"{path}/cases", {"case_id": case}, OFFICER, "booked", part)
    finally:
        if booked is None or not stays_open:
            await do("group-closed", "travel", f"{path}/closure", {}, OFFICER, "booked", part)
    return str(booked["cases"][0]["booking_id"])


async def with_an_escort(do: Do, flight: Flight, number: int, individual: str) -> bool:
    """Who goes along, where there is a seat for them; every other one gives it up again. Raises `Refused`, `GaveUp`."""
    flies = story()["flight"]
    escort = {"kind": "operational", "reference": f"E-{number}", "individuals": [individual], "fare": flies["fare"]}
    body = {**escort, "project_code": flies["project_code"], "budget_line": flies["budget_line"]}
    try:
        made = await do("escort", "travel", f"{flight.path}/escorts", body, OFFICER, "checked")
    except Refused as refused:
        if refused.problem != NO_SEATS:
            raise
        return False
    if number % 2:
        await do("escort-ended", "travel", f"/escorts/{made['id']}/cancellation", {}, OFFICER, "checked")
    return True


async def change_flight(do: Do, airport: Airport, flight: Flight, booking: str) -> Flight:
    """To the next flight, before it is said that this one does not go; who finds no seat there stays. The seats are
    `settled` by the caller, on the flight that is returned."""
    if not booking:
        return flight
    await flight.full.wait()
    onto = await airport.open_flight(full=flight)
    with onto.asked_for_seats():
        path, body = f"/bookings/{booking}/rebooking", {"flight_id": onto.id}
        try:
            await do("rebooking", "travel", path, body, OFFICER, "booked")
        except Refused as refused:
            if refused.problem not in (NO_SEATS, NOT_OPEN):
                raise
            return flight
        onto.seat_taken()
    flight.settled()
    airport.desk.tally.beside["changed the flight"] += 1
    return onto
