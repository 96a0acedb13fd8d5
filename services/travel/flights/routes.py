"""Routes of flights."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.travel.fares.queries import losses_of
from services.travel.fares.rules import NOTHING
from services.travel.flights import actions, queries
from services.travel.flights.models import Flight, FlightLeg
from services.travel.flights.rules import FLIGHT
from services.travel.flights.schemas import (
    FareAnswer,
    FlightAnswer,
    FlightBody,
    FlightChangeBody,
    FlightKind,
    LegAnswer,
    SeatsAnswer,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.fields import BusinessDate
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["flights"])

READERS = (
    Role.TRAVEL_OFFICER,
    Role.AIRPORT_DESK,
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.PROTECTION,
    Role.PROGRAMME_OFFICER,
    Role.FINANCE,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
OFFERED = ("book_seats", "change_flight", "close_doors", "confirm_departure", "cancel_flight")


def show_flight(call: Call, flight: Flight, legs: list[FlightLeg], lost: Decimal = NOTHING) -> FlightAnswer:
    verbs = [verb for verb in FLIGHT.verbs(flight.status) if verb in OFFERED]
    return FlightAnswer(
        id=flight.id,
        version=flight.version,
        status=flight.status,
        waiting_for="registration" if flight.status == "closing" else None,
        kind=FlightKind(flight.kind),
        carrier=flight.carrier,
        legs=[LegAnswer.model_validate(leg) for leg in legs],
        seats=SeatsAnswer(
            held=flight.seats,
            taken=flight.seats_taken,
            lost=flight.seats_lost,
            left=flight.left,
        ),
        seats_aside=flight.seats_aside,
        fare=FareAnswer(amount=flight.fare, currency=flight.currency),
        fares_lost=FareAnswer(amount=lost, currency=flight.currency),
        cut_off_at=flight.cut_off_at,
        check_in_opens_at=flight.check_in_opens_at,
        doors_at=flight.doors_at,
        closing_at=flight.closing_at,
        departed_at=flight.departed_at,
        project_code=flight.project_code,
        budget_line=flight.budget_line,
        recorded_at=flight.recorded_at,
        actions=call.offers(verbs, flight_id=flight.id),
    )


async def _lost(call: Call, flight_id: UUID) -> Decimal:
    return (await losses_of(call.session, [flight_id])).get(flight_id, NOTHING)


@router.post("/flights", status_code=201, dependencies=[allow(Role.TRAVEL_OFFICER)])
async def schedule_flight(body: FlightBody, call: Call) -> FlightAnswer:
    """A flight on which seats are held for the programme."""
    flight, legs = await actions.schedule_flight(call.session, call.act, body)
    call.made("/flights", flight.id)
    call.shows(flight)
    return show_flight(call, flight, legs)


@router.get("/flights", dependencies=[allow(*READERS)])
async def list_flights(
    call: Call,
    departs_on: Annotated[BusinessDate | None, Query(description="Only those that depart on this day (UTC)")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[FlightAnswer]:
    rows = await queries.flights_on(call.session, departs_on, after(cursor), limit)
    legs = await queries.legs_of(call.session, [row.id for row in rows])
    lost = await losses_of(call.session, legs)
    return page(rows, limit, lambda row: show_flight(call, row, legs[row.id], lost.get(row.id, NOTHING)))


@router.get("/flights/{flight_id}", dependencies=[allow(*READERS)])
async def read_flight(flight_id: UUID, call: Call) -> FlightAnswer:
    flight = await queries.flight(call.session, flight_id)
    legs = await queries.legs_of(call.session, [flight_id])
    call.shows(flight)
    return show_flight(call, flight, legs[flight_id], await _lost(call, flight_id))


@router.patch("/flights/{flight_id}", dependencies=[allow(Role.TRAVEL_OFFICER)])
async def change_flight(flight_id: UUID, body: FlightChangeBody, call: Call) -> FlightAnswer:
    """Other times, stops or seats. Nobody loses a seat; what was good for the old times is asked again."""
    flight = await queries.lock_flight(call.session, flight_id)
    call.seen(flight)
    legs = await actions.change_flight(call.session, call.act, flight, body)
    call.shows(flight)
    return show_flight(call, flight, legs, await _lost(call, flight_id))


@router.post("/flights/{flight_id}/cancellation", dependencies=[allow(Role.TRAVEL_OFFICER)])
async def cancel_flight(flight_id: UUID, call: Call) -> FlightAnswer:
    """The flight will not go. Everyone booked on it loses the seat and can be booked again; no fare is lost."""
    flight = await queries.lock_flight(call.session, flight_id)
    call.seen(flight)
    await actions.cancel_flight(call.session, call.act, flight)
    legs = await queries.legs_of(call.session, [flight_id])
    call.shows(flight)
    return show_flight(call, flight, legs[flight_id], await _lost(call, flight_id))
