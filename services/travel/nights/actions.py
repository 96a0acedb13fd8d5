"""Booking nights near the airport, and ending them with the booking of the flight. All of it on a locked flight."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.travel.flights.queries import BEFORE_DOORS, Flight, FlightNotOpen
from services.travel.nights.models import HotelStay
from services.travel.nights.queries import stays_of_bookings
from services.travel.nights.rules import STAY, check_not_twice, check_stay, cost_of_ended, cost_within, stay_cost
from services.travel.nights.schemas import StayBody
from services.travel.passengers.queries import LIVING, Passenger, passengers_of_booking
from services.travel.transport.rules import NotOnThatFlight
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.travel import GroundArranged, GroundCancelled, GroundKind
from shared.database import Session
from shared.outbox import stage


async def book_stay(session: Session, act: Act, flight: Flight, body: StayBody) -> HotelStay:
    """Raises `FlightNotOpen`, `NotOnThatFlight`, `StayUnclear`, `NightsBookedAlready`."""
    if flight.status not in BEFORE_DOORS:
        raise FlightNotOpen(state=flight.status)
    living = [each for each in await passengers_of_booking(session, body.booking_id) if each.status in LIVING]
    chosen = sorted(set(body.individuals) or {each.individual_id for each in living})
    strangers = sorted(set(chosen) - {each.individual_id for each in living})
    if strangers or not chosen:
        raise NotOnThatFlight(individuals=strangers)
    check_stay(body.first_night, body.until, body.beds, len(chosen), flight.departs_at.date(), body.free_until)
    check_not_twice(await stays_of_bookings(session, [body.booking_id]), chosen, body.first_night, body.until)
    cost = cost_within(stay_cost(body.night_price.amount, body.rooms, body.first_night, body.until))
    booked = HotelStay(
        case_id=living[0].case_id,
        booking_id=body.booking_id,
        flight_id=flight.id,
        individuals=[str(each) for each in chosen],
        house=body.house,
        first_night=body.first_night,
        until=body.until,
        rooms=body.rooms,
        beds=body.beds,
        night_price=body.night_price.amount,
        currency=body.night_price.currency,
        free_until=body.free_until,
        cost=cost,
        project_code=body.project_code,
        budget_line=body.budget_line,
        by=act.by,
        recorded_at=act.now,
    )
    session.add(booked)
    await session.flush()
    fact = GroundArranged(
        arrangement=booked.id,
        kind=GroundKind.NIGHTS,
        flight=flight.id,
        individuals=tuple(chosen),
        night=body.first_night,
    )
    await stage(session, act, fact, key=booked.case_id, subject=booked.id)
    return booked


async def cancel_stay(session: Session, act: Act, booked: HotelStay) -> None:
    """They fly, and do not sleep there: they are told. Raises `NotPossibleNow`."""
    _end_stay(act, booked)
    fact = GroundCancelled(
        arrangement=booked.id,
        kind=GroundKind.NIGHTS,
        flight=booked.flight_id,
        individuals=tuple(UUID(each) for each in booked.individuals),
    )
    await stage(session, act, fact, key=booked.case_id, subject=booked.id)


def _end_stay(act: Act, booked: HotelStay) -> None:
    booked.status = STAY.after(booked.status, "cancel_stay")
    booked.ended_at = act.now
    booked.cost = cost_of_ended(
        booked.night_price, booked.rooms, booked.first_night, booked.until, booked.free_until, act.now
    )
    touch(booked)


async def end_stays(session: Session, act: Act, gone: Sequence[Passenger]) -> None:
    """Who lost the seat does not wait near the airport for it; the nights of a booking end with the last of them."""
    left: Iterable[str] = {str(each.individual_id) for each in gone}
    for booked in await stays_of_bookings(session, {each.booking_id for each in gone}):
        staying = [each for each in booked.individuals if each not in left]
        if not staying:
            _end_stay(act, booked)
        elif len(staying) < len(booked.individuals):
            booked.individuals = staying
            touch(booked)
