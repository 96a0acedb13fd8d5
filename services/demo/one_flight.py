"""A flight of the year that is told part by part, because something happens to its people in between."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.demo.crowd import Crowd, crowd, together
from services.demo.family import Family
from services.demo.returns import Party, book_all, check, decided_parties, fly, hold_seats_on, seat
from services.demo.year import Flight


@dataclass
class OneFlight:
    """`path`: where travel has the flight; `parties`: its people, once they are known. All of it may raise
    `StoryDiffers`."""

    family: Family
    flight: Flight
    path: str = ""
    parties: list[Party] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    def at(self, moment: str) -> datetime:
        return self.flight.calendar.at(moment)

    def hold_seats(self) -> None:
        self.path = self._all(lambda many: hold_seats_on(many, self.flight))

    def decide(self) -> None:
        self.parties = self._all(lambda many: decided_parties(many, self.family.ids, self.flight))

    def book(self) -> None:
        self._all(lambda many: book_all(many, self.flight, self.parties, self.path))

    def seat(self) -> None:
        """Booked, and not seen by a doctor yet."""
        self._all(lambda many: together(seat(many, self.flight, party, self.path) for party in self.parties))

    def check(self) -> None:
        self._all(lambda many: together(check(many, self.flight, party) for party in self.parties))

    def fly(self) -> None:
        self._all(lambda many: fly(many, self.family.ids, self.flight, self.parties, self.path))

    def seats_taken(self) -> int:
        return int(self.family.look("travel", self.path, role="auditor", at="looked")["seats"]["taken"])

    def arrived(self) -> int:
        """How many people of these parties came home with this flight."""
        listed = self.family.look("travel", f"{self.path}/passengers", role="airport_desk", at="looked")["passengers"]
        known = {one for party in self.parties for one in party.people.values()}
        return sum(each["status"] == "arrived" and each["individual_id"] in known for each in listed)

    def asked_of(self, party: Party, gate: str, at: str | datetime) -> list[str]:
        """What a gate of travel still asks of somebody of the party, by its codes."""
        ready = self.family.look("travel", self._readiness(party), role="travel_officer", at=at)
        return _codes(ready, gate)

    def until_asked_of(self, party: Party, gate: str, codes: list[str], at: str | datetime) -> None:
        """Waits until the gate asks for just these of somebody whom travel knows."""
        self.family.until(
            f"{party.case.name}: travel asks for {', '.join(codes)}",
            "travel",
            self._readiness(party),
            lambda ready: bool(ready["individuals"]) and _codes(ready, gate) == codes,
            role="travel_officer",
            at=at,
        )

    def _readiness(self, party: Party) -> str:
        return f"{party.path}/readiness?flight_id={self.id}"

    def booking(self, party: Party) -> Any:
        """The party's booking that was not cancelled, on any flight."""
        path = f"/bookings?case_id={party.id}"
        (found,) = (
            each
            for each in self.family.listed("travel", path, role="travel_officer", at="looked")
            if each["status"] != "cancelled"
        )
        return found

    def until_booking(self, party: Party, step: str, status: str, held_for: str | None, at: str | datetime) -> Any:
        booking = self.booking(party)["id"]
        return self.family.until(
            f"{party.case.name}: {step}",
            "travel",
            f"/bookings/{booking}",
            lambda found: (found["status"], found["held_for"]) == (status, held_for),
            role="travel_officer",
            at=at,
        )

    def tell(self, party: Party, about: str, at: str | datetime, reason: str | None = None) -> int:
        """Waits until registration lists a notice about it for each adult, and tells them. How many were told."""
        adults = {party.people[label] for label in party.case.adults}

        def of_it(listed: Any) -> list[Any]:
            return [each for each in listed["items"] if each["about"] == about and reason in (None, each["reason"])]

        listed = self.family.until(
            f"{party.case.name}: those who must be told of {about} were on the list",
            "registration",
            f"/notices?status=open&case_id={party.id}",
            lambda found: {each["individual_id"] for each in of_it(found)} == adults,
            role="travel_officer",
            at=at,
        )
        for number, notice in enumerate(of_it(listed)):
            self.family.do(
                f"{party.case.name}: adult {number} was told of {about}",
                "registration",
                f"/notices/{notice['id']}/telling",
                {"channel": "in_person", "reached": True},
                role="travel_officer",
                at=at,
            )
        return len(adults)

    def _all(self, story: Callable[[Crowd], Awaitable[Any]]) -> Any:
        async def told() -> Any:
            async with crowd(self.family.teller) as many:
                return await story(many)

        return asyncio.run(told())


def _codes(ready: Any, gate: str) -> list[str]:
    return sorted({item["code"] for each in ready["individuals"] for item in each[gate]["missing"]})
