"""Whoever comes to the airport without a booking: seats and check-in with one call, as far as the gates let."""

from typing import Any

from tests.load.flights import Flight
from tests.load.groups import Do

DESK = "airport_desk"


async def walk_in(do: Do, flight: Flight, case: str, part: str) -> tuple[str, set[str]]:
    """The booking, and who of them is checked in. Raises `Refused`, `GaveUp`."""
    body: dict[str, Any] = {"case_id": case}
    made = await do("walk-in", "travel", f"{flight.path}/walk-ins", body, DESK, "check_in", part)
    through = {each["individual_id"] for each in made["persons"] if each["status"] == "checked_in"}
    return str(made["booking_id"]), through
