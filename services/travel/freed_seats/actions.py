"""The errand that gives freed seats to the waiting list.

Not in the transaction that frees them: who books takes the turns of the cases before the flight's lock, and whoever
frees seats holds that lock already. For the same reason the list is gone through a page at a time, each in a
transaction of its own. The wish and the place reached stand on the flight, so that they survive a restart.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from services.travel.flights.queries import FlightNotOpen, lock_flight
from services.travel.freed_seats.queries import flights_with_freed_seats
from services.travel.seating.actions import seat_in_order
from services.travel.waiting.queries import first_in_line, place_of
from services.travel.waiting.rules import place_from
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session
from shared.pagination import cursor_at, place_after
from shared.runner import Errand, nothing_to_ask, wished

FLIGHTS_AT_ONCE: Final = 20
ENTRIES_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class FreedSeats:
    """Seats of a flight that were freed before the airline's cut-off, since when they wait to be given, and after which
    place of the list."""

    flight_id: UUID
    country: str
    at: datetime
    past: str | None

    def act(self) -> Act:
        cause = uuid5(self.flight_id, f"seats freed {self.at.isoformat()} {self.past or ''}".strip())
        return Act("service:travel", frozenset({"service"}), self.at, cause, cause, "travel")


async def take_freed_seats(session: Session) -> list[FreedSeats]:
    return [FreedSeats(*each) for each in await flights_with_freed_seats(session, FLIGHTS_AT_ONCE)]


async def give_freed_seats(session: Session, act: Act, freed: FreedSeats, _result: None) -> None:
    """Books those who wait, each family whole or not at all; who may not be booked now keeps the place. The wish stands
    until no seat is left or the list has ended. A flight that takes nobody any more keeps its seats. Done twice, the
    second finds nothing to do."""
    waiting = await first_in_line(session, freed.country, place_after(freed.past, place_from), ENTRIES_AT_ONCE)
    reached = cursor_at(*place_of(waiting[-1]).key) if len(waiting) == ENTRIES_AT_ONCE else None
    open_still = False
    with suppress(FlightNotOpen):  # refused before it changed anything
        await seat_in_order(session, act, freed.flight_id, [(each.case_id, each.individuals) for each in waiting])
        open_still = True
    flight = await lock_flight(session, freed.flight_id)
    if (flight.seats_freed_at, flight.seats_offered_past) != (freed.at, freed.past):
        return  # what was freed since is another wish
    if open_still and flight.left and reached is not None:
        flight.seats_offered_past = reached
        wished(session)
    else:
        flight.seats_freed_at = flight.seats_offered_past = None
    touch(flight)


GIVE_FREED_SEATS: Errand[FreedSeats, None] = Errand(
    name="give_freed_seats",
    take=take_freed_seats,
    go=nothing_to_ask,
    settle=give_freed_seats,
    act=FreedSeats.act,
)
