"""Keeping rules on support, and holding the seats that a check asks for."""

from uuid import UUID

from services.travel.bookings.queries import bookings_by_id, take_turn
from services.travel.bookings.rules import check_seats
from services.travel.facts.queries import dossier_of
from services.travel.fares.actions import note_beside
from services.travel.fares.queries import fares_of, sold_as
from services.travel.fares.rules import FareOutcome
from services.travel.flights.queries import BEFORE_DOORS, Flight, FlightNotOpen, lock_flights
from services.travel.offers.actions import give_back_due, offer_freed
from services.travel.passengers.queries import Passenger, Seat, flights_waited_for, living_on
from services.travel.passengers.rules import seat_after
from services.travel.supports.models import CheckRule, SupportRule
from services.travel.supports.queries import extra_seats_of
from services.travel.supports.schemas import CheckRuleBody, SupportRuleBody
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.registration import FitnessAssessed
from shared.database import Session
from shared.events import Envelope


async def set_support_rule(session: Session, act: Act, body: SupportRuleBody) -> SupportRule:
    rule = SupportRule(
        code=str(body.code),
        extra_seats=body.extra_seats,
        escorts=[str(each) for each in body.escorts],
        valid_from=body.valid_from,
        source=body.source,
        by=act.by,
        recorded_at=act.now,
    )
    session.add(rule)
    await session.flush()
    return rule


async def set_check_rule(session: Session, act: Act, body: CheckRuleBody) -> CheckRule:
    said = body.model_dump(exclude={"outcome"})
    rule = CheckRule(**said, outcome=str(body.outcome), by=act.by, recorded_at=act.now)
    session.add(rule)
    await session.flush()
    return rule


async def on_fitness_assessed(session: Session, act: Act, envelope: Envelope, fact: FitnessAssessed) -> None:
    """A check may ask for more seats, or fewer: they are held at once where there are enough. Where there are not,
    the gate at check-in says so, and the travel officer asks again when some are free."""
    case_id = UUID(envelope.key)
    await take_turn(session, case_id)
    for flight in await lock_flights(session, await flights_waited_for(session, case_id)):
        if flight.status in BEFORE_DOORS:
            await give_back_due(session, act, flight)
            for passenger in await living_on(session, flight.id):
                if passenger.individual_id == fact.individual and passenger.case_id == case_id:
                    wanted = await _wanted(session, flight, passenger)
                    if wanted - passenger.extra_seats <= flight.left:
                        await _hold(session, act, flight, passenger, wanted)


async def hold_second_seats(session: Session, act: Act, flight: Flight, passenger: Passenger) -> None:
    """What the last check asks for is held on a locked flight, all of it or none.

    Raises `FlightNotOpen`, `NotEnoughSeats`.
    """
    if flight.status not in BEFORE_DOORS:
        raise FlightNotOpen(state=flight.status)
    wanted = await _wanted(session, flight, passenger)
    await give_back_due(session, act, flight)
    check_seats(flight.left, wanted - passenger.extra_seats)
    await _hold(session, act, flight, passenger, wanted)
    await session.flush()


async def _wanted(session: Session, flight: Flight, passenger: Passenger) -> int:
    dossier = await dossier_of(session, passenger.case_id)
    individual = passenger.individual_id
    found = await extra_seats_of(session, dossier, [individual], flight.departs_at.date())
    return found.get(individual, 0)


async def _hold(session: Session, act: Act, flight: Flight, passenger: Passenger, wanted: int) -> None:
    """More seats are set aside; those no longer needed are given up as a passenger's own is: free until the airline's
    cut-off, lost after it."""
    given_up = passenger.extra_seats - wanted
    if not given_up:
        return
    flight.seats_aside -= given_up
    passenger.extra_seats = wanted
    touch(flight)
    touch(passenger)
    if given_up < 0:
        return
    seat = seat_after(act.now, flight.cut_off_at, fare_is_lost=True)
    if seat is Seat.LOST:
        flight.seats_lost += given_up
    else:
        offer_freed(session, act, flight)
    (booking,) = await bookings_by_id(session, [passenger.booking_id])
    terms, _, *line = sold_as(
        flight, await fares_of(session, flight.id), adult=passenger.adult, booked_at=booking.made_at
    )
    of = {"passenger_id": passenger.id}
    note_beside(session, act, flight, of, (terms, line[0], line[1]), FareOutcome.CANCELLED, str(seat), seats=given_up)
