"""A flight that is worked on paper, as when everything is down, and entered when it has left."""

from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk, Refused

AGAIN = ("paper-incomplete", "not-on-this-flight")
"""Somebody was given a seat, or gave theirs up, since the list was looked at."""


STILL_HERE = ("booked", "checked_in", "boarded")


async def enter_from_paper(desk: Desk, run: str, flight: str, number: int, calendar: Calendar) -> None:
    """Who was on board left, who was not did not come. `flight`: where travel has it. Raises `Refused`, `GaveUp`."""
    at, role = calendar.at("departed"), "airport_desk"
    path = f"{flight}/passengers"
    for round_ in range(5):
        listed = await desk.until("paper", "travel", path, lambda _: True, role=role, at=at)
        body = {
            "departed_at": at.isoformat(),
            "reason": "system_down",
            "worked_by": "desk-2",
            "lines": [_line(each) for each in listed["passengers"] if each["status"] in STILL_HERE],
        }
        if not body["lines"]:
            return
        key = f"{run}-flight-{number:05}-paper-{round_}"
        try:
            await desk.do("paper", "travel", f"{flight}/paper-manifests", body, role=role, at=at, key=key)
        except Refused as refused:
            if refused.problem not in AGAIN or round_ == 4:
                raise
            continue
        desk.tally.beside["flights on paper"] += 1
        return


def _line(passenger: Any) -> dict[str, Any]:
    line = {"individual_id": passenger["individual_id"]}
    if passenger["status"] != "boarded":
        return {**line, "outcome": "no_show"}
    said = {"willingness": "yes", "asked_alone": True, "language": "ckb"} if passenger["adult"] else {}
    return {**line, "outcome": "departed", **said}
