"""Rules on flights: their statuses, and what legs and times must be like."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Final, Protocol

from pydantic import Field

from shared.problems import Problem
from shared.states import StateTable, move

AirportCode = Annotated[str, Field(pattern="^[A-Z]{3}$", description="IATA code")]

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$", description="A code, no spaces")]

FLIGHT: Final = StateTable(
    "flight",
    ("scheduled", "check_in", "closing", "closed", "departed", "cancelled"),
    "scheduled",
    (
        move("book_seats", "scheduled", "check_in"),
        move("open_check_in", "scheduled", to="check_in"),
        move("change_flight", "scheduled", "check_in"),
        move("close_doors", "scheduled", "check_in", to="closing"),
        move("settle_clearance", "closing", to="closed"),
        move("confirm_departure", "closed", to="departed"),
        move("enter_paper_manifest", "scheduled", "check_in", "closing", "closed", to="departed"),
        move("cancel_flight", "scheduled", "check_in", "closed", to="cancelled"),
    ),
)
"""`closing` while registration is asked who is cleared; that the aircraft left is said by a person, never derived. By
its paper a flight has left from wherever it stood when everything went down."""

BEFORE_DOORS: Final = frozenset({"scheduled", "check_in"})


class FlightImpossible(Problem):
    slug = "flight-impossible"
    status = 422
    title = "No aircraft could fly that"
    remedy = "`reason` says what does not fit: mend the legs or times and send it again. Nothing was changed."


class SeatsAreTaken(Problem):
    slug = "seats-are-taken"
    status = 409
    title = "More seats are given or lost than the flight would have"
    remedy = "Rebook or give back seats first: `given` of them are taken or lost, and `seats` were asked for."


class FlightNotOpen(Problem):
    slug = "flight-not-open"
    status = 409
    title = "That flight takes nobody any more"
    remedy = "Its doors are closed, it left, it was cancelled (`state`), or its time has come. Choose another flight."


class LegTimes(Protocol):
    """A leg as this rule needs it; times aware, airports IATA codes."""

    @property
    def from_airport(self) -> str: ...
    @property
    def to_airport(self) -> str: ...
    @property
    def departs(self) -> datetime: ...
    @property
    def arrives(self) -> datetime: ...


def check_legs(legs: Sequence[LegTimes]) -> None:
    """Legs follow each other in place and time. Raises `FlightImpossible`."""
    for leg in legs:
        if leg.from_airport == leg.to_airport:
            raise FlightImpossible("a leg ends where it begins", reason="leg_goes_nowhere")
        if leg.arrives <= leg.departs:
            raise FlightImpossible("a leg arrives before it departs", reason="arrives_before_departure")
    for before, after in pairwise(legs):
        if before.to_airport != after.from_airport:
            raise FlightImpossible("a leg does not begin where the one before it ended", reason="legs_not_connected")
        if after.departs < before.arrives:
            raise FlightImpossible("a leg departs before the one before it arrived", reason="connection_missed")


def check_times(departs: datetime, cut_off_at: datetime, check_in_opens_at: datetime, doors_at: datetime) -> None:
    """Check-in opens, the doors close, the aircraft leaves. Raises `FlightImpossible`."""
    if not check_in_opens_at < doors_at <= departs:
        raise FlightImpossible("check-in, doors and departure are not in this order", reason="desk_times_out_of_order")
    if cut_off_at > departs:
        raise FlightImpossible("the airline's cut-off lies after the departure", reason="cut_off_after_departure")


def check_change(given: int, seats: int, before: tuple[str, str], after: tuple[str, str]) -> None:
    """A changed flight still joins the same two countries and holds everyone who has a seat.

    Raises `FlightImpossible`, `SeatsAreTaken`.
    """
    if before != after:
        raise FlightImpossible("it would join other countries", reason="other_countries")
    if seats < given:
        raise SeatsAreTaken(given=given, seats=seats)


def check_in_is_open(status: str, opens_at: datetime, now: datetime) -> bool:
    return status in BEFORE_DOORS and now >= opens_at


def seats_left(seats: int, taken: int, lost: int, aside: int) -> int:
    """Seats that can still be given: one lost after the airline's cut-off cannot be sold again, and one set aside
    waits for somebody."""
    return seats - taken - lost - aside
