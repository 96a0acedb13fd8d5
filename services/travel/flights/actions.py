"""Scheduling, changing and cancelling flights."""

from collections.abc import Sequence

from services.travel.bookings.queries import Booking, bookings_by_id
from services.travel.flights.models import Flight, FlightLeg
from services.travel.flights.queries import legs_of
from services.travel.flights.rules import FLIGHT, check_change, check_legs, check_times
from services.travel.flights.schemas import FlightBody, FlightChangeBody
from services.travel.groups.actions import close_groups
from services.travel.holds.actions import hold_or_resume
from services.travel.offers.actions import end_offers, give_back_due
from services.travel.passengers.actions import Leaver, take_off
from services.travel.passengers.queries import Passenger, living_on
from services.travel.transport.actions import cancel_runs
from services.travel.waiting.actions import wait_again
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.travel import BookingMade, BookingReason, FlightCancelled, FlightChanged, FlightScheduled, Leg
from shared.database import Session
from shared.outbox import stage


async def schedule_flight(session: Session, act: Act, body: FlightBody) -> tuple[Flight, list[FlightLeg]]:
    """Raises `FlightImpossible`."""
    check_legs(body.legs)
    first, last = body.legs[0], body.legs[-1]
    check_times(first.departs, body.cut_off_at, body.check_in_opens_at, body.doors_at)
    flight = Flight(
        kind=str(body.kind),
        carrier=body.carrier,
        from_airport=first.from_airport,
        from_country=first.from_country,
        to_airport=last.to_airport,
        to_country=last.to_country,
        departs_at=first.departs,
        arrives_at=last.arrives,
        seats=body.seats,
        fare=body.fare.amount,
        currency=body.fare.currency,
        cut_off_at=body.cut_off_at,
        check_in_opens_at=body.check_in_opens_at,
        doors_at=body.doors_at,
        project_code=body.project_code,
        budget_line=body.budget_line,
        recorded_at=act.now,
    )
    session.add(flight)
    await session.flush()
    legs = [
        FlightLeg(flight_id=flight.id, number=number, **leg.model_dump())
        for number, leg in enumerate(body.legs, start=1)
    ]
    session.add_all(legs)
    told = tuple(Leg(**leg.model_dump()) for leg in body.legs)
    fact = FlightScheduled(flight=flight.id, kind=flight.kind, legs=told, seats=flight.seats)
    await stage(session, act, fact, key=flight.id)
    return flight, legs


async def change_flight(session: Session, act: Act, flight: Flight, body: FlightChangeBody) -> list[FlightLeg]:
    """Other times, stops or seats, on a locked flight whose doors are open. Nobody loses a seat by it: the bookings are
    told again as they now are, each gate asks by the new times (a medical check may have grown too old), a booking is
    held where the new day falls into a suspension, and who said yes to another departure is asked again.

    Raises `NotPossibleNow`, `FlightImpossible`, `SeatsAreTaken`.
    """
    flight.status = FLIGHT.after(flight.status, "change_flight")
    check_legs(body.legs)
    first, last = body.legs[0], body.legs[-1]
    check_times(first.departs, body.cut_off_at, body.check_in_opens_at, body.doors_at)
    await give_back_due(session, act, flight)
    given = flight.seats_taken + flight.seats_lost + flight.seats_aside
    before, after = (flight.from_country, flight.to_country), (first.from_country, last.to_country)
    check_change(given, body.seats, before, after)
    moved = (flight.departs_at, flight.arrives_at) != (first.departs, last.arrives)
    asked_again = flight.departs_at != first.departs
    flight.from_airport, flight.to_airport = first.from_airport, last.to_airport
    flight.departs_at, flight.arrives_at = first.departs, last.arrives
    flight.seats = body.seats
    flight.cut_off_at, flight.doors_at = body.cut_off_at, body.doors_at
    flight.check_in_opens_at = body.check_in_opens_at
    touch(flight)
    legs = await _replace_legs(session, flight, body)
    told = tuple(Leg(**leg.model_dump()) for leg in body.legs)
    await stage(
        session, act, FlightChanged(flight=flight.id, kind=flight.kind, legs=told, seats=flight.seats), key=flight.id
    )
    living = await living_on(session, flight.id)
    for passenger in living:
        if asked_again and passenger.word is not None:
            passenger.word = None
            passenger.ask_again_since = act.now
            touch(passenger)
    await hold_or_resume(session, act, flight, {each.case_id for each in living})
    if moved:
        await _tell_again(session, act, flight, living)
    return legs


async def _replace_legs(session: Session, flight: Flight, body: FlightChangeBody) -> list[FlightLeg]:
    known = (await legs_of(session, [flight.id]))[flight.id]
    legs = []
    for number, leg in enumerate(body.legs, start=1):
        said = leg.model_dump()
        row = known[number - 1] if number <= len(known) else FlightLeg(flight_id=flight.id, number=number, **said)
        for name, value in said.items():
            setattr(row, name, value)
        session.add(row)
        legs.append(row)
    for gone in known[len(legs) :]:
        await session.delete(gone)
    await session.flush()
    return legs


async def _tell_again(session: Session, act: Act, flight: Flight, living: Sequence[Passenger]) -> None:
    """Whoever waits for these people learns the new times by their booking."""
    for booking in await bookings_by_id(session, {each.booking_id for each in living}):
        people = [each for each in living if each.booking_id == booking.id]
        await stage(session, act, booking_told(flight, booking, people), key=booking.case_id, subject=booking.id)


def booking_told(flight: Flight, booking: Booking, people: Sequence[Passenger]) -> BookingMade:
    return BookingMade(
        booking=booking.id,
        flight=flight.id,
        individuals=tuple(each.individual_id for each in people),
        attempts={each.individual_id: each.attempt for each in people},
        departs=flight.departs_at,
        arrives=flight.arrives_at,
        destination_country=flight.to_country,
        destination_airport=flight.to_airport,
    )


async def cancel_flight(session: Session, act: Act, flight: Flight) -> Flight:
    """Cancels a locked flight: everyone on it loses the seat by its booking, and no fare is lost; each case waits from
    then on, in the place of the day since which it has waited for a seat or had one. Those already cleared
    are told as such, so that registration lets them go. Raises `NotPossibleNow`, also while registration is asked."""
    status = FLIGHT.after(flight.status, "cancel_flight")
    leavers = [Leaver(each, "cancel", BookingReason.FLIGHT_CANCELLED) for each in await living_on(session, flight.id)]
    off = await take_off(session, act, flight, leavers, fare_is_lost=False)
    await end_offers(session, act, flight)
    await close_groups(session, act, flight)
    await cancel_runs(session, act, flight)
    await _wait_again(session, act, flight, [each.passenger for each in off])
    flight.status = status
    flight.seats_freed_at = flight.seats_offered_past = None
    touch(flight)
    await stage(session, act, FlightCancelled(flight=flight.id), key=flight.id)
    return flight


async def _wait_again(session: Session, act: Act, flight: Flight, off: Sequence[Passenger]) -> None:
    """Nobody is lost with a flight: whoever had a seat stands on the waiting list."""
    had_since = {each.id: each.since for each in await bookings_by_id(session, {each.booking_id for each in off})}
    for case_id in sorted({each.case_id for each in off}):
        of_case = [each for each in off if each.case_id == case_id]
        since = min(had_since[each.booking_id] for each in of_case)
        await wait_again(
            session, act, case_id, flight.id, {each.individual_id: each.attempt for each in of_case}, since
        )
