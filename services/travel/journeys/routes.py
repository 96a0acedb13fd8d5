"""Routes of journeys after departure."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from services.travel.flights.queries import Flight
from services.travel.journeys import actions
from services.travel.journeys.schemas import ArrivalBody, HappenedBody, NonAdmissionBody, TransitBody
from services.travel.passengers.actions import PassengerAnswer, show_passenger
from services.travel.passengers.queries import Passenger, locked_passenger, passenger_under_way
from shared.auth import Role, allow
from shared.call import Call
from shared.occurrence import Occurrence, when
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["journeys"])

WHO_HEAR = (Role.TRAVEL_OFFICER, Role.AIRPORT_DESK, Role.REINTEGRATION_OFFICER)
PASSENGER_PATH = "/flights/{flight_id}/passengers/{individual_id}"


async def _locked(call: Call, flight_id: UUID, individual_id: UUID) -> tuple[Flight, Passenger]:
    on, passenger = await locked_passenger(call.session, flight_id, individual_id)
    call.seen(passenger)
    return on, passenger


async def _under_way(call: Call, flight_id: UUID, individual_id: UUID) -> tuple[Flight, Passenger]:
    on, passenger = await passenger_under_way(call.session, flight_id, individual_id)
    call.seen(passenger)
    return on, passenger


async def _shown(call: Call, on: Flight, passenger: Passenger) -> PassengerAnswer:
    call.shows(passenger)
    return await show_passenger(call.session, call.act, on, passenger, call.offers)


def _moment(call: Call, body: HappenedBody) -> datetime:
    return when(call.act, Occurrence(occurred_at=body.at, late_reason=body.late_reason, evidence=body.evidence))


@router.post(PASSENGER_PATH + "/transit", dependencies=[allow(*WHO_HEAR)])
async def record_transit(flight_id: UUID, individual_id: UUID, body: TransitBody, call: Call) -> PassengerAnswer:
    """The person is at a stop on the way."""
    on, passenger = await _under_way(call, flight_id, individual_id)
    await actions.record_transit(call.session, call.act, passenger, body, _moment(call, body))
    return await _shown(call, on, passenger)


@router.post(PASSENGER_PATH + "/arrival", dependencies=[allow(*WHO_HEAR)])
async def record_arrival(flight_id: UUID, individual_id: UUID, body: ArrivalBody, call: Call) -> PassengerAnswer:
    """The person is home, and was met by someone, or by nobody."""
    on, passenger = await _under_way(call, flight_id, individual_id)
    await actions.record_arrival(call.session, call.act, on, passenger, body, _moment(call, body))
    return await _shown(call, on, passenger)


@router.post(PASSENGER_PATH + "/non-admission", dependencies=[allow(*WHO_HEAR)])
async def record_non_admission(
    flight_id: UUID, individual_id: UUID, body: NonAdmissionBody, call: Call
) -> PassengerAnswer:
    """The journey ended elsewhere: entry refused, detained, or left in transit. This is no arrival."""
    on, passenger = await _locked(call, flight_id, individual_id)
    await actions.record_non_admission(call.session, call.act, passenger, body, _moment(call, body))
    return await _shown(call, on, passenger)
