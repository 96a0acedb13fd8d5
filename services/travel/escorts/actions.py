"""Seats for escorts, on a locked flight."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.travel.bookings.rules import check_seats
from services.travel.escorts.models import Escort
from services.travel.escorts.queries import booked_on
from services.travel.escorts.rules import ESCORT, EscortBookedAlready
from services.travel.escorts.schemas import EscortBody
from services.travel.fares.actions import note_beside
from services.travel.fares.rules import FareOutcome, Terms, until_cut_off
from services.travel.flights.queries import BEFORE_DOORS, Flight, FlightNotOpen
from services.travel.offers.actions import give_back_due, offer_freed
from services.travel.passengers.queries import living_on
from services.travel.passengers.rules import Seat, seat_after
from services.travel.transport.rules import NotOnThatFlight
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session


async def add_escort(session: Session, act: Act, flight: Flight, body: EscortBody) -> Escort:
    """Raises `FlightNotOpen`, `NotOnThatFlight`, `EscortBookedAlready`, `NotEnoughSeats`."""
    if flight.status not in BEFORE_DOORS:
        raise FlightNotOpen(state=flight.status)
    aboard = {each.individual_id for each in await living_on(session, flight.id)}
    strangers = sorted(set(body.individuals) - aboard)
    if strangers:
        raise NotOnThatFlight(individuals=strangers)
    twice = [each for each in await booked_on(session, flight.id) if each.reference == body.reference]
    if twice:
        raise EscortBookedAlready(escort=str(twice[0].id))
    await give_back_due(session, act, flight)
    check_seats(flight.left, 1)
    added = Escort(
        flight_id=flight.id,
        kind=str(body.kind),
        reference=body.reference,
        individuals=[str(each) for each in sorted(set(body.individuals))],
        fare=body.fare.amount,
        currency=body.fare.currency,
        project_code=body.project_code,
        budget_line=body.budget_line,
        by=act.by,
        recorded_at=act.now,
    )
    session.add(added)
    flight.seats_aside += 1
    touch(flight)
    await session.flush()
    return added


def cancel_escort(session: Session, act: Act, flight: Flight, escort: Escort, *, fare_is_lost: bool = True) -> None:
    """The escort's seat is given up as a passenger's is: free until the airline's cut-off, lost after it; and so is its
    fare.

    Raises `NotPossibleNow`.
    """
    escort.status = ESCORT.after(escort.status, "cancel_escort")
    escort.ended_at = act.now
    seat = seat_after(act.now, flight.cut_off_at, fare_is_lost=fare_is_lost)
    escort.seat = str(seat)
    flight.seats_aside -= 1
    if seat is Seat.LOST:
        flight.seats_lost += 1
    outcome = FareOutcome.CANCELLED if fare_is_lost else FareOutcome.FLIGHT_CANCELLED
    note_beside(session, act, flight, {"escort_id": escort.id}, _sold(flight, escort), outcome, escort.seat)
    if seat is Seat.FREED and fare_is_lost:
        offer_freed(session, act, flight)
    touch(escort)
    touch(flight)


async def end_escorts(
    session: Session, act: Act, flight: Flight, gone: Collection[UUID], *, fare_is_lost: bool
) -> None:
    """Nobody flies along with people who do not fly: an escort's seat ends with the last of theirs."""
    left = {str(each) for each in gone}
    for escort in await booked_on(session, flight.id):
        staying = [each for each in escort.individuals if each not in left]
        if not staying:
            cancel_escort(session, act, flight, escort, fare_is_lost=fare_is_lost)
        elif len(staying) < len(escort.individuals):
            escort.individuals = staying
            touch(escort)


async def note_escorts_flown(session: Session, act: Act, flight: Flight, departed_at: datetime) -> None:
    """Whoever was booked to go along went: their fares are spent."""
    for escort in await booked_on(session, flight.id):
        sold = _sold(flight, escort)
        of = {"escort_id": escort.id}
        note_beside(session, act, flight, of, sold, FareOutcome.FLOWN, escort.seat, at=departed_at)


def _sold(flight: Flight, escort: Escort) -> tuple[Terms, str, str]:
    terms = until_cut_off(escort.fare, escort.currency, flight.departs_at, flight.cut_off_at)
    return terms, escort.project_code, escort.budget_line
