"""A case that is held after it was booked: its booking is put on hold, and goes on when it is released."""

from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk
from tests.load.flights import Flight
from tests.load.groups import Do


async def hold_for_a_while(do: Do, desk: Desk, flight: Flight, case: str, number: int, calendar: Calendar) -> None:
    """Raises `Refused`, `GaveUp`."""
    path, hold = f"/cases/{case}/holds", {"individuals": [], "reason": "document"}
    made = await do("hold", "registration", path, hold, "counsellor", "checked")
    if number % 2 == 0:  # the others are released before anybody need have noticed

        def stopped(ready: Any) -> bool:
            return not any(each["at_booking"]["passed"] for each in ready["individuals"])

        ready, at = f"/cases/{case}/readiness?flight_id={flight.id}", calendar.at("checked")
        await desk.until("held", "travel", ready, stopped, role="travel_officer", at=at)
    await do("release", "registration", f"{path}/{made['id']}/release", {}, "counsellor", "checked")
    desk.tally.beside["held and released"] += 1
