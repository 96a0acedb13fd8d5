"""A destination is suspended in mid-run, by the area, and opened again: nobody bound for it is booked meanwhile."""

from collections.abc import Awaitable, Callable
from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk, Refused

AREAS = ("IQ-AN", "IQ-BA", "IQ-BB", "IQ-BG", "IQ-DA", "IQ-DI", "IQ-DQ", "IQ-KA", "IQ-KI", "IQ-MA", "IQ-MU", "IQ-NI")
"""Where nobody else is bound for. Parties that are under way at once have one each."""
WHILE_SUSPENDED = "while-suspended"
"""Part of the key of a booking that must be refused."""
Do = Callable[..., Awaitable[Any]]
REFUSALS = ("gate-not-passed",)


def area_of(number: int) -> str:
    return AREAS[number // 9 % len(AREAS)]


async def suspend_for_a_while(do: Do, desk: Desk, flight: str, case: str, number: int, calendar: Calendar) -> Any:
    """Set, known to travel, asked for seats in vain, lifted, and decided again. Gives where the case stands then.
    Raises `Refused`, `GaveUp`."""
    day, at = calendar.at("papers").date().isoformat(), calendar.at("papers")
    body = {"country": "IRQ", "area": area_of(number), "valid_from": day, "source": f"load {number}"}
    made = await do("restriction", "eligibility", "/restrictions", body, "programme_officer", "papers")
    path = f"/cases/{case}"

    def stopped(ready: Any) -> bool:
        return bool(ready["individuals"]) and not any(each["at_booking"]["passed"] for each in ready["individuals"])

    ready = f"{path}/readiness?flight_id={flight}"
    await desk.until("suspended", "travel", ready, stopped, role="travel_officer", at=at)
    seats = {"case_id": case, "flight_id": flight}
    try:
        await do("booking", "travel", "/bookings", seats, "travel_officer", "papers", WHILE_SUSPENDED)
    except Refused as refused:
        if refused.problem not in REFUSALS:
            raise
    lifting = f"/restrictions/{made['restriction_id']}/lifting"
    await do("lifting", "eligibility", lifting, {"lifted_on": day}, "programme_officer", "papers")

    def decided(standing: Any) -> bool:
        return bool(standing["status"] == "eligible")

    desk.tally.beside["suspended and open again"] += 1
    return await desk.until("open again", "eligibility", path, decided, role="counsellor", at=at)
