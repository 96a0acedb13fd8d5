"""Routes of the airport desk."""

from collections import Counter
from uuid import UUID

from fastapi import APIRouter

from services.travel.desk import actions
from services.travel.desk.rules import counted
from services.travel.desk.schemas import BaggageBody, DeskList, DeskPassenger, OffloadBody, WillingnessBody
from services.travel.flights.queries import Flight, flight, legs_of
from services.travel.gates.actions import show_gates
from services.travel.gates.queries import gatekeeper
from services.travel.passengers.actions import PassengerAnswer, passenger_shown, show_passenger
from services.travel.passengers.queries import (
    LIVING,
    Passenger,
    boarded_and_expected,
    last_of_each,
    locked_passenger,
    passenger_on,
    passengers_on,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.contracts.travel import WillingnessAnswer
from shared.occurrence import when
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["desk"])

DESK = (Role.AIRPORT_DESK, Role.TRAVEL_OFFICER)
READERS = (*DESK, Role.AUDITOR)
PASSENGER_PATH = "/flights/{flight_id}/passengers/{individual_id}"


async def _locked(call: Call, flight_id: UUID, individual_id: UUID) -> tuple[Flight, Passenger]:
    on, passenger = await locked_passenger(call.session, flight_id, individual_id)
    call.seen(passenger)
    return on, passenger


async def _shown(call: Call, on: Flight, passenger: Passenger) -> PassengerAnswer:
    call.shows(passenger)
    return await show_passenger(call.session, call.act, on, passenger, call.offers)


@router.get("/flights/{flight_id}/passengers", dependencies=[allow(*READERS)])
async def list_passengers(flight_id: UUID, call: Call) -> DeskList:
    """The desk's list: everyone who has or had a seat, what each gate still asks, and how many have boarded."""
    on = await flight(call.session, flight_id)
    everyone = await passengers_on(call.session, flight_id)
    legs = (await legs_of(call.session, [flight_id]))[flight_id]
    keeper = await gatekeeper(call.session, {each.case_id for each in everyone}, legs, call.act.today)
    works = not call.act.roles.isdisjoint(DESK)  # who only reads the list learns nothing of anybody's health by it
    shown = []
    for each in everyone:
        late = keeper.dossiers[each.case_id].stated_late(each.individual_id, each.attempt)
        answer = passenger_shown(call.act, on, each, call.offers, stated_late=late)
        gates = show_gates(keeper, each.case_id, each.individual_id, each.attempt, each.word)
        support = keeper.support(each.case_id, each.individual_id) if works else []
        by = keeper.fly_before(each.case_id, each.individual_id) if works else None
        shown.append(DeskPassenger(**dict(answer), gates=gates, support=support, fly_before=by))
    living = [each for each in everyone if each.status in LIVING]
    boarded, expected = boarded_and_expected(Counter(each.status for each in last_of_each(everyone).values()))
    return DeskList(
        flight_id=flight_id,
        status=on.status,
        waiting_for="registration" if on.status == "closing" else None,
        expected=expected,
        checked_in=sum(each.status == "checked_in" for each in living),
        boarded=boarded,
        sentence=counted(boarded, expected),
        to_ask=[each.individual_id for each in living if each.must_be_asked],
        passengers=shown,
    )


@router.get(PASSENGER_PATH, dependencies=[allow(*READERS)])
async def read_passenger(flight_id: UUID, individual_id: UUID, call: Call) -> PassengerAnswer:
    on = await flight(call.session, flight_id)
    return await _shown(call, on, await passenger_on(call.session, flight_id, individual_id))


@router.post(PASSENGER_PATH + "/check-in", dependencies=[allow(*DESK)])
async def check_in(flight_id: UUID, individual_id: UUID, call: Call) -> PassengerAnswer:
    """Asks everything again that was asked at booking, and papers and health."""
    on, passenger = await _locked(call, flight_id, individual_id)
    await actions.check_in(call.session, call.act, on, passenger)
    return await _shown(call, on, passenger)


@router.post(PASSENGER_PATH + "/willingness", dependencies=[allow(*DESK)])
async def state_willingness(flight_id: UUID, individual_id: UUID, body: WillingnessBody, call: Call) -> PassengerAnswer:
    """What an adult answered, asked alone, or a child's own no. Anything but yes takes the person off, with no
    questions and no penalty, however late it is entered and whatever its sender last read."""
    if body.answer is not WillingnessAnswer.YES:
        call.expected = None
    on, passenger = await _locked(call, flight_id, individual_id)
    if body.answer is WillingnessAnswer.YES:
        moment = when(call.act, body)
    else:
        moment = min(body.occurred_at or call.act.now, call.act.now)
    await actions.state_willingness(call.session, call.act, on, passenger, body, moment)
    return await _shown(call, on, passenger)


@router.post(PASSENGER_PATH + "/baggage", dependencies=[allow(*DESK)])
async def check_baggage(flight_id: UUID, individual_id: UUID, body: BaggageBody, call: Call) -> PassengerAnswer:
    """How many pieces a passenger has checked in. Who is taken off takes them along: `bags_taken_off`."""
    on, passenger = await _locked(call, flight_id, individual_id)
    await actions.check_baggage(call.session, call.act, on, passenger, body.pieces)
    return await _shown(call, on, passenger)


@router.post(PASSENGER_PATH + "/boarding", dependencies=[allow(*DESK)])
async def board_passenger(flight_id: UUID, individual_id: UUID, call: Call) -> PassengerAnswer:
    on, passenger = await _locked(call, flight_id, individual_id)
    await actions.board_passenger(call.session, call.act, on, passenger)
    return await _shown(call, on, passenger)


@router.post(PASSENGER_PATH + "/offload", dependencies=[allow(*DESK)])
async def offload_passenger(flight_id: UUID, individual_id: UUID, body: OffloadBody, call: Call) -> PassengerAnswer:
    """Takes a passenger and their baggage off, until the aircraft has left. While registration is deciding, `status`
    stays and `take_off_wanted` shows that it will be done."""
    on, passenger = await _locked(call, flight_id, individual_id)
    await actions.offload_passenger(call.session, call.act, on, passenger, body.reason)
    return await _shown(call, on, passenger)


@router.post(PASSENGER_PATH + "/no-show", dependencies=[allow(*DESK)])
async def mark_no_show(flight_id: UUID, individual_id: UUID, call: Call) -> PassengerAnswer:
    """The person did not come. They can be booked again, and are counted once."""
    on, passenger = await _locked(call, flight_id, individual_id)
    await actions.mark_no_show(call.session, call.act, on, passenger)
    return await _shown(call, on, passenger)
