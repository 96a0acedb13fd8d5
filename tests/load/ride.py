"""How people come to the airport, and where they sleep before it: places and nights, given and given back."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.demo.year import story
from tests.load.desk import Desk, Refused
from tests.load.flights import Flight
from tests.load.groups import OFFICER, Do
from tests.load.line import lives

RIDES_ALREADY = "on-a-run-already"
DESK = "airport_desk"
VEHICLES = ("minibus", "coach")


@dataclass
class Ride:
    """Of one case to the flight that it is booked on."""

    do: Do
    desk: Desk
    flight: Flight
    case: str
    number: int

    async def arrange(self, one: str) -> None:
        """All of it. `one`, an adult, gives their place back and takes it again. Raises `Refused`, `GaveUp`."""
        await self._ride(one)
        await self._sleep()
        self.desk.tally.beside["fetched to the airport"] += 1

    async def _ride(self, one: str) -> None:
        """Two seat them at once, in two vehicles: they ride in one of them, and the other does not go."""
        runs = [await self._planned(vehicle, vehicle) for vehicle in VEHICLES]
        seated = await asyncio.gather(
            *(self._seated(run, role, {"case_id": self.case}) for run, role in zip(runs, (OFFICER, DESK), strict=True))
        )
        rides = runs[seated.index(True)]
        await self._do("run-cancelled", f"{runs[1 - runs.index(rides)]}/cancellation", {})
        elsewhere = {"pickup_place": "Bruzgi, gate 2", "pickup_at": self._pickup(hours=1)}
        await self._do("pick-up", f"{rides}/pick-up", elsewhere)
        await self._do("place-given-back", f"{rides}/places-given-back", {"individual_id": one})
        await self._seated(rides, OFFICER, {"case_id": self.case, "individuals": [one]}, "again")
        if self.number % 2:  # and in the end that one does not go either
            await self._do("run-cancelled", f"{rides}/cancellation", {}, "after-all")
            await self._seated(await self._planned("car", "after-all"), OFFICER, {"case_id": self.case}, "after-all")

    async def _planned(self, vehicle: str, part: str) -> str:
        body = {"vehicle": vehicle, "pickup_place": "Bruzgi, gate 1", "pickup_at": self._pickup(), "places": 6}
        money = {**self._money("cost", "180.00"), "wheelchair_places": 1}
        made = await self._do("run", f"{self.flight.path}/transport-runs", {**body, **money}, part)
        return f"/transport-runs/{made['id']}"

    async def _seated(self, run: str, role: str, body: Any, part: str = "") -> bool:
        try:
            await self._do("riders", f"{run}/riders", body, f"{part}{run[-8:]}", role)
        except Refused as refused:
            if refused.problem != RIDES_ALREADY:
                raise
            return False
        return True

    async def _sleep(self) -> None:
        """A night, given back by two at once while it is free, and another."""
        at = self.flight.calendar.at("checked")
        path = f"/bookings?case_id={self.case}"
        found = await self.desk.until("booked-on", "travel", path, lambda _: True, role=OFFICER, at=at)
        booking = next(each for each in found["items"] if each["flight_id"] == self.flight.id and lives(each))
        leaves = self.flight.calendar.at("departed").date()
        stay = {
            "booking_id": booking["id"],
            "house": "Hotel by the airport",
            "first_night": (leaves - timedelta(days=1)).isoformat(),
            "until": leaves.isoformat(),
            "rooms": 2,
            "beds": 6,
            "free_until": (at + timedelta(hours=6)).isoformat(),
            **self._money("night_price", "70.00"),
        }
        made = await self._do("night", "/hotel-stays", stay, "at-first")
        back = f"/hotel-stays/{made['id']}/cancellation"
        await asyncio.gather(*(self._given_back(back, role) for role in (OFFICER, DESK)))
        await self._do("night", "/hotel-stays", {**stay, "house": "Hotel in the town"}, "once-more")

    async def _given_back(self, path: str, role: str) -> None:
        try:
            await self._do("night-given-back", path, {}, role, role)
        except Refused as refused:
            if refused.problem != "not-possible-now":
                raise

    def _pickup(self, hours: int = 0) -> str:
        return (self.flight.calendar.at("check_in") - timedelta(hours=6 + hours)).isoformat()

    def _money(self, name: str, amount: str) -> dict[str, Any]:
        flies = story()["flight"]
        line = {part: flies[part] for part in ("project_code", "budget_line")}
        return {name: {"amount": amount, "currency": "EUR"}, **line}

    async def _do(self, step: str, path: str, body: Any, part: str = "", role: str = OFFICER) -> Any:
        return await self.do(step, "travel", path, body, role, "checked", part)
