"""Notices: who must be told what, tried in vain, and told; by two at once, and yet once."""

import asyncio
from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk, Refused
from tests.load.groups import Do

TELLER = "counsellor"
SETTLED = ("notice-settled-already", "stale-version")
"""Said to the second of two who tell the same; and where something newer takes its place meanwhile."""


async def tell_what_is_open(do: Do, desk: Desk, case: str, moment: str, calendar: Calendar) -> None:
    """Whatever a case must be told now. Raises `Refused`, `GaveUp`."""
    path = f"/notices?status=open&case_id={case}"
    listed = await desk.until("notices", "registration", path, lambda _: True, role=TELLER, at=calendar.at(moment))
    for notice in listed["items"]:
        one = f"/notices/{notice['id']}/telling"
        part = str(notice["id"])[-12:]
        if not await _tell(do, one, {"channel": "phone", "reached": False}, TELLER, moment, f"{part}-tried"):
            continue
        said = {"channel": "in_person", "reached": True}
        roles = (TELLER, "travel_officer")
        told = await asyncio.gather(*(_tell(do, one, said, role, moment, f"{part}-{role[:9]}") for role in roles))
        desk.tally.beside["told of a notice"] += any(told)


async def heard_of(desk: Desk, case: str, about: str, calendar: Calendar) -> None:
    """Waits until registration knows that this must be told to the case, or was told before. Raises `GaveUp`."""
    at = calendar.at("checked")
    earlier: list[Any] = []

    def there(found: Any) -> bool:
        return any(each["about"] == about for each in (*found["items"], *earlier))

    for status in ("told", "overtaken"):
        path = f"/notices?status={status}&case_id={case}"
        found = await desk.until("notices", "registration", path, lambda _: True, role=TELLER, at=at)
        earlier += found["items"]
    path = f"/notices?status=open&case_id={case}"
    await desk.until("notice", "registration", path, there, role=TELLER, at=at)


async def _tell(do: Do, path: str, body: Any, role: str, moment: str, part: str) -> bool:
    try:
        await do("telling", "registration", path, body, role, moment, part)
    except Refused as refused:
        if refused.problem not in SETTLED:
            raise
        return False
    return True
