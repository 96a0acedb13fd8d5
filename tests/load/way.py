"""The way of those who left: in transit, and home, or not let in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.demo.year import story
from tests.load.desk import Desk
from tests.load.flights import Flight
from tests.load.groups import Do

ON_THE_GROUND = ("booked", "checked_in", "boarded", "cleared")
TEAM = "reintegration_officer"


@dataclass
class Way:
    do: Do
    desk: Desk
    flight: Flight

    async def departed(self, going: Iterable[str]) -> tuple[list[str], set[str]]:
        """Who of them left, and for what registration did not clear the others. Raises `Refused`, `GaveUp`."""
        at = self.flight.calendar.at("departed")
        found, refused = [], set()
        for one in going:
            seen = await self.desk.until(
                "departed",
                "travel",
                f"{self.flight.path}/passengers/{one}",
                lambda each: each["status"] not in ON_THE_GROUND,
                role="airport_desk",
                at=at,
            )
            if seen["status"] == "departed":
                found.append(one)
            elif seen["refused_for"]:
                refused.add(seen["refused_for"])
        return found, refused

    async def onwards(self, left: Sequence[str], *, refused: bool) -> None:
        """All of them to the transit, then home; or `refused` there. Raises `Refused`, `GaveUp`."""
        at = self.flight.calendar.at
        for place, moment in (("transit", "transit"), ("arrival", "arrived"))[: 1 if refused else 2]:
            for one in left:
                await self._told(place, one, {**story()[place], "at": at(moment).isoformat()}, moment)
        for one in left if refused else ():
            body = {"kind": "refused_entry", "country": "TUR", "at": at("transit").isoformat()}
            await self._told("non-admission", one, body, "transit")

    async def _told(self, step: str, one: str, body: Any, moment: str) -> None:
        await self.do(step, "travel", f"{self.flight.path}/passengers/{one}/{step}", body, TEAM, moment, one)
