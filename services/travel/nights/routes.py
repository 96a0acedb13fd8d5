"""Routes of nights near the airport."""

from uuid import UUID

from fastapi import APIRouter

from services.travel.bookings.queries import flight_of_booking
from services.travel.flights.queries import lock_flight
from services.travel.nights import actions, queries
from services.travel.nights.queries import HotelStay
from services.travel.nights.rules import STAY
from services.travel.nights.schemas import StayAnswer, StayBody
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["nights near the airport"])
BOOKERS = (Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)
READERS = allow(*BOOKERS, Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.FINANCE, Role.AUDITOR)


def _show(call: Call, row: HotelStay) -> StayAnswer:
    return StayAnswer(**row.model_dump(), actions=call.offers(STAY.verbs(row.status), stay_id=row.id))


@router.post("/hotel-stays", status_code=201, dependencies=[allow(*BOOKERS)])
async def book_stay(body: StayBody, call: Call) -> StayAnswer:
    """Nights in a house for people of a booking, at what cost on which line. They end with the booking."""
    on = await lock_flight(call.session, await flight_of_booking(call.session, body.booking_id))
    booked = await actions.book_stay(call.session, call.act, on, body)
    call.made("/hotel-stays", booked.id)
    call.shows(booked)
    return _show(call, booked)


@router.get("/hotel-stays", dependencies=[READERS])
async def list_stays(
    call: Call,
    case_id: UUID | None = None,
    flight_id: UUID | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[StayAnswer]:
    """Of a case, of a flight, or all."""
    rows = await queries.stays_by(call.session, case_id, flight_id, after(cursor), limit)
    return page(rows, limit, lambda row: _show(call, row))


@router.get("/hotel-stays/{stay_id}", dependencies=[READERS])
async def read_stay(stay_id: UUID, call: Call) -> StayAnswer:
    booked = await queries.stay(call.session, stay_id)
    call.shows(booked)
    return _show(call, booked)


@router.post("/hotel-stays/{stay_id}/cancellation", dependencies=[allow(*BOOKERS)])
async def cancel_stay(stay_id: UUID, call: Call) -> StayAnswer:
    """Gives the nights back; `cost` then says what is owed all the same."""
    await lock_flight(call.session, (await queries.stay(call.session, stay_id)).flight_id)
    booked = await queries.stay(call.session, stay_id)
    call.seen(booked)
    await actions.cancel_stay(call.session, call.act, booked)
    await call.session.flush()
    call.shows(booked)
    return _show(call, booked)
