"""Rules on passengers: their statuses, who cannot fly without whom, and what becomes of a seat."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.problems import Problem
from shared.states import StateTable, move

ON_THE_GROUND = ("booked", "checked_in", "boarded", "cleared")

PASSENGER: Final = StateTable(
    "passenger",
    (
        "booked",
        "checked_in",
        "boarded",
        "cleared",
        "departed",
        "in_transit",
        "arrived",
        "not_admitted",
        "no_show",
        "offloaded",
        "cancelled",
    ),
    "booked",
    (
        move("check_in", "booked", to="checked_in"),
        move("pay_allowance", *ON_THE_GROUND),
        move("state_willingness", *ON_THE_GROUND),
        move("check_baggage", "checked_in", "boarded"),
        move("board_passenger", "checked_in", to="boarded"),
        move("mark_no_show", "booked", "checked_in", to="no_show"),
        move("offload_passenger", *ON_THE_GROUND, to="offloaded"),
        move("cancel", *ON_THE_GROUND, to="cancelled"),
        move("clear", "boarded", to="cleared"),
        move("depart", "cleared", to="departed"),
        move("depart_on_paper", *ON_THE_GROUND, "no_show", "offloaded", "cancelled", to="departed"),
        move("record_transit", "departed", "in_transit", to="in_transit"),
        move("record_arrival", "departed", "in_transit", to="arrived"),
        move("record_non_admission", "departed", "in_transit", to="not_admitted"),
    ),
)
"""Only a paper that says they left brings someone aboard who was not cleared, or had been taken off here."""
LIVING: Final = (*ON_THE_GROUND, "departed", "in_transit")
"""Has a seat, or is on the way: nobody can be this on two flights."""
FLOWN: Final = ("departed", "in_transit", "arrived", "not_admitted")
NOT_FLOWN: Final = ("offloaded", "no_show", "cancelled")


ABOARD: Final = ("boarded", "cleared", *FLOWN)


def boarded_and_expected(statuses: Mapping[str, int]) -> tuple[int, int]:
    """How many got aboard, and of how many: everyone who has or had a seat, but whose booking was cancelled. By this
    count every list of the desk goes, before and after the flight."""
    boarded = sum(number for status, number in statuses.items() if status in ABOARD)
    return boarded, sum(number for status, number in statuses.items() if status != "cancelled")


class TakenOff(StrEnum):
    """Why somebody was taken off. The first six an officer may say; none of them says anything about health."""

    MEDICAL = "medical"
    DOCUMENTS = "documents"
    AIRLINE = "airline"
    SECURITY = "security"
    CONDUCT = "conduct"
    ASKED_TO_LEAVE = "asked_to_leave"
    NOT_WILLING = "not_willing"
    NOT_SURE = "not_sure"
    PRESSED = "pressed"
    WITHDRAWN = "withdrawn"
    CASE_CLOSED = "case_closed"
    HOME_ALREADY = "home_already"
    GATE_NOT_PASSED = "gate_not_passed"
    PARTY_INCOMPLETE = "party_incomplete"
    WITHOUT_RESPONSIBLE_ADULT = "without_responsible_adult"
    NOT_CLEARED = "not_cleared"
    CLEARANCE_RELEASED = "clearance_released"
    LEFT_BEHIND = "left_behind"


class Seat(StrEnum):
    """What became of the seat: given back in time, or lost to the programme after the airline's cut-off."""

    HELD = "held"
    FREED = "freed"
    LOST = "lost"


class DoorsClosed(Problem):
    slug = "doors-closed"
    status = 409
    title = "The doors of that flight are closed"
    remedy = (
        "Until departure a passenger can still be taken off (offload). What someone says now is recorded as a "
        "withdrawal in registration, whose answer says what can still be done."
    )


@dataclass(frozen=True, slots=True)
class Traveller:
    """Someone with a seat on a flight. `booking`: theirs, or the first of those that go together with it.
    `responsible`: who holds parental responsibility for a child. `came_with_adults`: the party had an adult in it, so a
    child of it does not fly on without one."""

    individual: UUID
    booking: UUID
    adult: bool
    responsible: frozenset[UUID]
    came_with_adults: bool = False


def those_who_cannot_fly(travellers: Iterable[Traveller]) -> set[UUID]:
    """The children among these who would fly without a responsible adult beside them.

    A child for whom nobody in the case is responsible flies with an adult of the same booking; alone only if booked
    alone, which protection's clearance of the reception makes possible and nothing else does.
    """
    people = list(travellers)
    adults = {each.individual for each in people if each.adult}
    accompanied = {each.booking for each in people if each.adult}
    return {
        each.individual
        for each in people
        if not each.adult
        and (
            adults.isdisjoint(each.responsible)
            if each.responsible
            else each.came_with_adults and each.booking not in accompanied
        )
    }


def seat_after(now: datetime, cut_off_at: datetime, *, fare_is_lost: bool) -> Seat:
    """Until the airline's cut-off a seat goes back to be given again; after it the programme bears the fare."""
    return Seat.LOST if fare_is_lost and now >= cut_off_at else Seat.FREED


def verbs_now(status: str, flight_status: str, *, checks_in: bool, adult: bool, ask_again: bool) -> list[str]:
    """What can be done with a passenger now, in the table's order; `checks_in`: check-in is open. A child is not asked,
    but its no is taken as long as the doors are open."""
    before_doors = flight_status in ("scheduled", "check_in")
    possible = {
        "check_in": checks_in,
        "pay_allowance": flight_status != "departed",
        "state_willingness": before_doors or (adult and status == "cleared" and ask_again),
        "check_baggage": before_doors,
        "board_passenger": before_doors,
        "mark_no_show": before_doors,
    }
    inner = ("cancel", "clear", "depart", "depart_on_paper")
    return [verb for verb in PASSENGER.verbs(status) if verb not in inner and possible.get(verb, True)]
