"""Putting bookings on hold, and letting them go on: derived again from all that is known, so twice is once."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.travel.bookings.queries import (
    BOOKING,
    Booking,
    bookings_by_id,
    has_grown,
    hold_reason,
    open_bookings,
    take_turn,
)
from services.travel.flights.queries import BEFORE_DOORS, Flight, legs_of, lock_flights
from services.travel.gates.queries import Gatekeeper, gatekeeper
from services.travel.passengers.queries import Passenger, booked_to, living_on
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.eligibility import RestrictionLifted, RestrictionSet
from shared.contracts.travel import BookingOnHold, BookingReason, BookingResumed
from shared.database import Session
from shared.events import Envelope
from shared.outbox import stage

__all__ = ["hold_or_resume", "look_at_those_aboard", "note_joined", "on_restriction_changed"]


async def on_restriction_changed(
    session: Session, act: Act, envelope: Envelope, fact: RestrictionSet | RestrictionLifted
) -> None:
    """A destination is suspended, or open again: everyone booked to it is looked at, on flights whose doors are open.
    As many as have seats to that country on the ground: what this costs is bounded by the seats held."""
    waiting = await booked_to(session, fact.country)
    cases = {case_id for case_id, _ in waiting}
    for case_id in sorted(cases):
        await take_turn(session, case_id)
    for flight in await lock_flights(session, {flight_id for _, flight_id in waiting}):
        await hold_or_resume(session, act, flight, cases)


async def hold_or_resume(session: Session, act: Act, flight: Flight, case_ids: Collection[UUID]) -> None:
    """On a locked flight: the bookings of these cases whose people a gate would now stop, for a reason that holds, are
    put on hold, and those that nothing holds any more go on. Seats are kept. From the doors on clearance decides."""
    if flight.status not in BEFORE_DOORS:
        return
    living = [each for each in await living_on(session, flight.id) if each.case_id in case_ids]
    if not living:
        return
    legs = await legs_of(session, [flight.id])
    keeper = await gatekeeper(session, {each.case_id for each in living}, legs[flight.id], act.today)
    for booking in await bookings_by_id(session, {each.booking_id for each in living}):
        people = [each for each in living if each.booking_id == booking.id]
        missing = {
            item.code for each in people for item in keeper.at_booking(each.case_id, each.individual_id, each.attempt)
        }
        going = [each.individual_id for each in living if each.case_id == booking.case_id]
        if has_grown(booking.joined_since, keeper.dossiers[booking.case_id].staying(), going):
            missing.add("joined_without_seat")
        await _settle(session, act, keeper, booking, people, hold_reason(missing))


async def look_at_those_aboard(session: Session, act: Act, flight: Flight, aboard: Sequence[Passenger]) -> None:
    """Others of a case whose people just got seats on a locked flight: they may have waited for just that."""
    if aboard:
        await hold_or_resume(session, act, flight, {each.case_id for each in aboard})


async def note_joined(session: Session, case_id: UUID, individual: UUID) -> None:
    """Somebody came into the case: its bookings were made without them."""
    await take_turn(session, case_id)
    theirs = await open_bookings(session, case_id)
    await lock_flights(session, {each.flight_id for each in theirs})
    for booking in await bookings_by_id(session, {each.id for each in theirs}):
        if str(individual) not in booking.joined_since:
            booking.joined_since = [*booking.joined_since, str(individual)]
            touch(booking)
    await session.flush()


async def _settle(
    session: Session,
    act: Act,
    keeper: Gatekeeper,
    booking: Booking,
    people: Sequence[Passenger],
    reason: BookingReason | None,
) -> None:
    if booking.held_for == (None if reason is None else str(reason)):
        return
    told = {
        "booking": booking.id,
        "flight": booking.flight_id,
        "individuals": tuple(each.individual_id for each in people),
        "attempts": {each.individual_id: each.attempt for each in people},
    }
    booking.held_from = booking.held_source = None
    if reason is None:
        booking.status = BOOKING.after(booking.status, "resume_booking")
        booking.held_for = booking.held_at = None
        fact: BookingOnHold | BookingResumed = BookingResumed.model_validate(told)
    else:
        booking.status = BOOKING.after(booking.status, "hold_booking")
        booking.held_for, booking.held_at = str(reason), act.now
        if reason is BookingReason.RESTRICTION:
            booking.held_from, booking.held_source = keeper.suspended_by(booking.case_id) or (None, None)
        fact = BookingOnHold.model_validate({**told, "reason": reason})
    touch(booking)
    await stage(session, act, fact, key=booking.case_id, subject=booking.id)
