"""The errand that gives freed seats to the waiting list.

Not in the transaction that frees them: who books takes the turns of the cases before the flight's lock, and the desk
holds that lock already. The wish stands on the flight, so that it survives a restart.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from services.travel.flights.queries import FlightNotOpen, lock_flight
from services.travel.freed_seats.queries import flights_with_freed_seats
from services.travel.seating.actions import seat_in_order
from services.travel.waiting.queries import first_in_line
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session
from shared.runner import Errand

FLIGHTS_AT_ONCE: Final = 20
ENTRIES_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class FreedSeats:
    """Seats of a flight that the desk freed before the airline's cut-off, and since when they wait to be given."""

    flight_id: UUID
    country: str
    at: datetime

    def act(self) -> Act:
        cause = uuid5(self.flight_id, f"seats freed {self.at.isoformat()}")
        return Act("service:travel", frozenset({"service"}), self.at, cause, cause, "travel")


async def take_freed_seats(session: Session) -> list[FreedSeats]:
    return [FreedSeats(*each) for each in await flights_with_freed_seats(session, FLIGHTS_AT_ONCE)]


async def nothing_to_ask(_others: object, _freed: FreedSeats) -> None:
    """It asks no other service."""


async def give_freed_seats(session: Session, act: Act, freed: FreedSeats, _result: None) -> None:
    """Books those who wait, each family whole or not at all; who may not be booked now keeps the place. A flight that
    takes nobody any more keeps its seats. Done twice, the second finds nothing to do."""
    waiting = await first_in_line(session, freed.country, None, ENTRIES_AT_ONCE)
    with suppress(FlightNotOpen):  # refused before it changed anything
        await seat_in_order(session, act, freed.flight_id, [(each.case_id, each.individuals) for each in waiting])
    flight = await lock_flight(session, freed.flight_id)
    if flight.seats_freed_at == freed.at:  # what was freed since is another wish
        flight.seats_freed_at = None
        touch(flight)


GIVE_FREED_SEATS: Errand[FreedSeats, None] = Errand(
    name="give_freed_seats",
    take=take_freed_seats,
    go=nothing_to_ask,
    settle=give_freed_seats,
    act=FreedSeats.act,
)
