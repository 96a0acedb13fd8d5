"""Seats that are held for a case until it answers: declined once, and taken."""

from datetime import datetime

from tests.load.desk import Refused
from tests.load.flights import Flight
from tests.load.groups import OFFICER, Do

NOT_PASSED = "gate-not-passed"
OVER = ("not-possible-now", "offer-expired")
"""Said of an offer that ran out: others on its flight are later in their day."""


async def take_an_offer(do: Do, flight: Flight, case: str, until: datetime, part: str) -> None:
    """The first is declined, and its seats are for everyone again; the second is taken. `until`: late enough for who is
    seated at check-in. Raises `Refused`, `GaveUp`."""
    offer = {"case_id": case, "flight_id": flight.id, "expires_at": until.isoformat()}
    for answer in ("refusal", "acceptance"):
        named = f"{part}-{answer}"
        made = await do("offer", "travel", "/offers", offer, OFFICER, "booked", named)
        path = f"/offers/{made['id']}"
        try:
            await do("offer-answered", "travel", f"{path}/{answer}", {}, OFFICER, "booked", named)
        except Refused as refused:
            if refused.problem == NOT_PASSED:  # else its seats would be held until it runs out
                await do("offer-answered", "travel", f"{path}/refusal", {}, OFFICER, "booked", f"{named}-after-all")
            raise
