"""Those who wait for a seat: on the list of their own wish, or because their flight did not go. Whoever of them asks
for the list to be seated may find the seats given to others, who come before; the answer says to whom."""

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk, GaveUp, Refused
from tests.load.flights import Airport, Flight

NO_SEATS = "not-enough-seats"
NOT_OPEN = "flight-not-open"
NOT_THERE = "not among the first of the list"
MOST = 30
"""Of the list, looked at by one request."""
PAUSE = 0.3
"""Seconds until what still keeps somebody from a seat is looked at again."""


@dataclass
class Line:
    """`given`: by case, the flight on which it was given seats."""

    desk: Desk
    airport: Airport
    run: str
    given: dict[str, Flight] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        self._waiting: set[str] = set()
        self._turn = asyncio.Lock()

    def expects(self, case: str) -> None:
        """It will come for its seats, whoever has them given. Before anybody can have."""
        self._waiting.add(case)

    async def join(self, case: str, calendar: Calendar, again: str = "") -> None:
        """Raises `Refused`, `GaveUp`."""
        self.expects(case)
        key = f"{self.run}-waits-{case}{again}"
        at = calendar.at("papers")
        role, body = "travel_officer", {"case_id": case}
        try:
            await self.desk.do("waiting", "travel", "/waiting-list", body, role=role, at=at, key=key)
        except Refused as refused:
            if not again or refused.problem not in ("waits-already", "nothing-to-wait-for"):
                raise

    async def seats(self, case: str, moment: str) -> Flight:
        """The flight on which a case that is expected was given its seats. Raises `Refused`, `GaveUp`."""
        begun, full, why = monotonic(), None, ""
        try:
            while monotonic() - begun < self.desk.patience:
                async with self._turn:
                    if case in self.given:
                        return self.given.pop(case)
                    flight = await self.airport.open_flight(full)
                    why = await self._seat(flight, moment, case)
                    full = flight if why in (NO_SEATS, NOT_OPEN) else None
                    unasked = await self._given_unasked(case, flight) if why == NOT_THERE else None
                    if unasked is not None:
                        return unasked
                    if case in self.given:
                        return self.given.pop(case)
                await asyncio.sleep(PAUSE)
            raise GaveUp(f"seats: {case} waits for them, and is told {why}")
        finally:  # a flight must not wait for who gave up
            self._waiting.discard(case)
            if case in self.given:
                self.given.pop(case).settled()

    async def _seat(self, flight: Flight, moment: str, case: str) -> str:
        """Gives the seats of a flight in the order of the list; and why this case was given none."""
        self.asked += 1
        key, path = f"{self.run}-seating-{self.asked:05}", f"{flight.path}/seating"
        at, role = flight.calendar.at(moment), "travel_officer"
        with flight.asked_for_seats():
            try:
                answer = await self.desk.do("seating", "travel", path, {"most": MOST}, role=role, at=at, key=key)
            except Refused as refused:
                if refused.problem != NOT_OPEN:
                    raise
                return NOT_OPEN
            said = {str(each["case_id"]): each for each in answer["seated"]}
            for given in self._waiting & {one for one, each in said.items() if each["booking_id"] is not None}:
                self._waiting.remove(given)
                flight.seat_taken()
                self.given[given] = flight
                self.desk.tally.beside["given a seat from the list"] += 1
        return str(said[case]["why"]) if case in said else NOT_THERE

    async def _given_unasked(self, case: str, now: Flight) -> Flight | None:
        """Seats that the desk freed go to those who wait, whether or not somebody asks. Whose flight leaves too soon
        after that waits again."""
        at, role = now.calendar.at("check_in"), "travel_officer"
        found = await self.desk.look("travel", f"/bookings?case_id={case}", role=role, at=at)
        if found is None:
            return None
        living = [each["flight_id"] for each in found["items"] if lives(each)]
        for flight in filter(None, map(self.airport.by_id.get, living)):
            if not flight.leaving:
                flight.seat_taken()
                self.desk.tally.beside["given a seat that was freed"] += 1
                return flight
        if not living:
            self.asked += 1
            await self.join(case, now.calendar, f"-{self.asked}")
        return None


def lives(booking: Any) -> bool:
    """Whether somebody has a seat by it whose flight has not left."""
    return any(each["status"] in ("booked", "checked_in", "boarded", "cleared") for each in booking["passengers"])
