"""Routes of bookings."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.travel.bookings import actions, queries
from services.travel.bookings.models import Booking
from services.travel.bookings.rules import BOOKING
from services.travel.bookings.schemas import BookingAnswer, BookingBody, CancellationBody, RebookingBody, SeatAnswer
from services.travel.flights.queries import BEFORE_DOORS, flight, lock_flight, lock_flights, statuses_of
from services.travel.passengers.queries import Passenger, passengers_of_booking, passengers_of_bookings
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["bookings"])

BOOKERS = (Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)
READERS = (
    *BOOKERS,
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.PROTECTION,
    Role.REINTEGRATION_OFFICER,
    Role.AUDITOR,
)


def _show(call: Call, booking: Booking, passengers: Sequence[Passenger], flight_status: str) -> BookingAnswer:
    verbs = [verb for verb in BOOKING.verbs(booking.status) if verb == "cancel_booking"]
    if verbs:
        verbs.append("rebook")
    return BookingAnswer(
        **booking.model_dump(),
        passengers=[SeatAnswer.model_validate(each) for each in passengers],
        actions=call.offers(verbs if flight_status in BEFORE_DOORS else [], booking_id=booking.id),
    )


@router.post("/bookings", status_code=201, dependencies=[allow(*BOOKERS)])
async def book_seats(body: BookingBody, call: Call) -> BookingAnswer:
    """Holds seats for the whole family, or none. Each person must pass the gate at booking."""
    booking, passengers = await actions.book_seats(call.session, call.act, body)
    call.made("/bookings", booking.id)
    call.shows(booking)
    return _show(call, booking, passengers, "scheduled")


@router.get("/bookings", dependencies=[allow(*READERS)])
async def list_bookings(
    call: Call,
    case_id: Annotated[UUID, Query(description="The bookings of this case")],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[BookingAnswer]:
    rows = await queries.bookings_of_case(call.session, case_id, after(cursor), limit)
    status = await statuses_of(call.session, {row.flight_id for row in rows})
    people = await passengers_of_bookings(call.session, [row.id for row in rows])
    return page(rows, limit, lambda row: _show(call, row, people[row.id], status[row.flight_id]))


@router.get("/bookings/{booking_id}", dependencies=[allow(*READERS)])
async def read_booking(booking_id: UUID, call: Call) -> BookingAnswer:
    booking = await queries.booking(call.session, booking_id)
    on = await flight(call.session, booking.flight_id)
    call.shows(booking)
    return _show(call, booking, await passengers_of_booking(call.session, booking_id), on.status)


@router.post("/bookings/{booking_id}/rebooking", status_code=201, dependencies=[allow(*BOOKERS)])
async def rebook(booking_id: UUID, body: RebookingBody, call: Call) -> BookingAnswer:
    """Everyone of a booking, and of those that go together with it, changes to another flight, all or none; a child
    with a booking of its own comes along with the last who is responsible for it. The answer is the new booking."""
    await queries.take_turn(call.session, await queries.case_of_booking(call.session, booking_id))
    from_flight = await queries.flight_of_booking(call.session, booking_id)
    flights = {each.id: each for each in await lock_flights(call.session, {from_flight, body.flight_id})}
    (booking,) = await queries.bookings_by_id(call.session, [booking_id])
    call.seen(booking)
    onto, word = body.flight_id, body.split_agreed
    made, passengers = await actions.rebook(call.session, call.act, booking, flights[from_flight], onto, word)
    call.made("/bookings", made.id)
    call.shows(made)
    return _show(call, made, passengers, flights[body.flight_id].status)


@router.post("/bookings/{booking_id}/cancellation", dependencies=[allow(*BOOKERS)])
async def cancel_booking(booking_id: UUID, body: CancellationBody, call: Call) -> BookingAnswer:
    """Gives back the seats of some or all. Before the airline's cut-off they are free again; after it they are lost."""
    on = await lock_flight(call.session, await queries.flight_of_booking(call.session, booking_id))
    (booking,) = await queries.bookings_by_id(call.session, [booking_id])
    call.seen(booking)
    await actions.cancel_booking(call.session, call.act, booking, on, body)
    call.shows(booking)
    return _show(call, booking, await passengers_of_booking(call.session, booking_id), on.status)
