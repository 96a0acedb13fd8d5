"""A destination is suspended in mid-run, by the area, and opened again: nobody bound for it is booked meanwhile."""

from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk, Refused
from tests.load.flights import Airport
from tests.load.groups import Do
from tests.load.people import area_of

WHILE_SUSPENDED = "while-suspended"
"""Part of the key of a booking that must be refused."""
SUSPENDED = "destination_suspended"
"""What is missing at the gate then."""
REFUSALS = ("gate-not-passed", "flight-not-open")


async def suspend_for_a_while(do: Do, airport: Airport, case: str, number: int, calendar: Calendar) -> Any:
    """Set, known to travel, asked for seats in vain, lifted, and decided again. Gives where the case stands then.
    Raises `Refused`, `GaveUp`."""
    desk = airport.desk
    day, at = calendar.at("papers").date().isoformat(), calendar.at("papers")
    body = {"country": "IRQ", "area": area_of(number), "valid_from": day, "source": f"load {number}"}
    made = await do("restriction", "eligibility", "/restrictions", body, "programme_officer", "papers")

    def stopped(ready: Any) -> bool:
        missing = [{item["code"] for item in each["at_booking"]["missing"]} for each in ready["individuals"]]
        return bool(missing) and all(SUSPENDED in each for each in missing)

    ready = f"/cases/{case}/readiness?flight_id={(await airport.open_flight()).id}"
    await desk.until("suspended", "travel", ready, stopped, role="travel_officer", at=at)
    seats = {"case_id": case, "flight_id": (await airport.open_flight()).id}
    try:
        await do("booking", "travel", "/bookings", seats, "travel_officer", "papers", WHILE_SUSPENDED)
    except Refused as refused:
        if refused.problem not in REFUSALS:
            raise
    lifting = f"/restrictions/{made['restriction_id']}/lifting"
    await do("lifting", "eligibility", lifting, {"lifted_on": day}, "programme_officer", "papers")
    desk.tally.beside["suspended and open again"] += 1
    return await decided(desk, case, calendar)


async def decided(desk: Desk, case: str, calendar: Calendar) -> Any:
    """Where the case stands, when no change of the rules is still to be looked at for it. Raises `GaveUp`."""

    def stands(standing: Any) -> bool:
        return bool(standing["status"] == "eligible" and not standing["looks_again"])

    at = calendar.at("papers")
    return await desk.until("decided", "eligibility", f"/cases/{case}", stands, role="counsellor", at=at)
