"""Scheduling and cancelling flights."""

from collections.abc import Sequence

from services.travel.bookings.queries import bookings_by_id
from services.travel.flights.models import Flight, FlightLeg
from services.travel.flights.rules import FLIGHT, check_legs, check_times
from services.travel.flights.schemas import FlightBody
from services.travel.passengers.actions import Leaver, take_off
from services.travel.passengers.queries import Passenger, living_on
from services.travel.waiting.actions import wait_again
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.travel import BookingReason, FlightCancelled, FlightScheduled, Leg
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


async def cancel_flight(session: Session, act: Act, flight: Flight) -> Flight:
    """Cancels a locked flight: everyone on it loses the seat by its booking, and no fare is lost; each case waits from
    then on, in the place of the day on which it was booked. Those already cleared
    are told as such, so that registration lets them go. Raises `NotPossibleNow`, also while registration is asked."""
    status = FLIGHT.after(flight.status, "cancel_flight")
    leavers = [Leaver(each, "cancel", BookingReason.FLIGHT_CANCELLED) for each in await living_on(session, flight.id)]
    off = await take_off(session, act, flight, leavers, fare_is_lost=False)
    await _wait_again(session, act, flight, [each.passenger for each in off])
    flight.status = status
    touch(flight)
    await stage(session, act, FlightCancelled(flight=flight.id), key=flight.id)
    return flight


async def _wait_again(session: Session, act: Act, flight: Flight, off: Sequence[Passenger]) -> None:
    """Nobody is lost with a flight: whoever had a seat stands on the waiting list."""
    made_at = {each.id: each.made_at for each in await bookings_by_id(session, {each.booking_id for each in off})}
    for case_id in sorted({each.case_id for each in off}):
        of_case = [each for each in off if each.case_id == case_id]
        since = min(made_at[each.booking_id] for each in of_case)
        await wait_again(
            session, act, case_id, flight.id, {each.individual_id: each.attempt for each in of_case}, since
        )
