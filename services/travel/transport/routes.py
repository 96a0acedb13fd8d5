"""Routes of transport to the airport."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from services.travel.facts.queries import dossiers_of
from services.travel.flights.queries import Flight, flight, lock_flight
from services.travel.passengers.queries import living_on
from services.travel.supports.rules import support_now
from services.travel.transport import actions, queries
from services.travel.transport.queries import TransportRun
from services.travel.transport.rules import RUN, Place, place_needed
from services.travel.transport.schemas import (
    PickUpBody,
    RiderAnswer,
    RiderBody,
    RidersBody,
    RunAnswer,
    RunBody,
    RunsAnswer,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["transport"])
BOOKERS = (Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)
READERS = allow(*BOOKERS, Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.FINANCE, Role.AUDITOR)


async def _show(call: Call, on: Flight, runs: Sequence[TransportRun]) -> list[RunAnswer]:
    places = await queries.places_on(call.session, [each.id for each in runs])
    dossiers = await dossiers_of(call.session, {each.case_id for held in places.values() for each in held})
    shown = []
    for planned in runs:
        riders = [
            RiderAnswer(
                individual_id=each.individual_id,
                case_id=each.case_id,
                place=Place(each.place),
                fits=each.place == place_needed(support_now(dossiers[each.case_id].checks.get(each.individual_id, []))),
            )
            for each in places[planned.id]
        ]
        shown.append(
            RunAnswer(
                **planned.model_dump(),
                in_time=planned.pickup_at < on.doors_at,
                riders=riders,
                actions=call.offers(RUN.verbs(planned.status), run_id=planned.id),
            )
        )
    return shown


@router.post("/flights/{flight_id}/transport-runs", status_code=201, dependencies=[allow(*BOOKERS)])
async def plan_run(flight_id: UUID, body: RunBody, call: Call) -> RunAnswer:
    """A vehicle that takes people to a flight: when and where, how many, at what cost on which line."""
    on = await lock_flight(call.session, flight_id)
    planned = await actions.plan_run(call.session, call.act, on, body)
    call.made("/transport-runs", planned.id)
    call.shows(planned)
    return (await _show(call, on, [planned]))[0]


@router.get("/flights/{flight_id}/transport-runs", dependencies=[READERS])
async def list_runs(flight_id: UUID, call: Call) -> RunsAnswer:
    """Every run to a flight, in the order in which they leave, and who has no place on any."""
    on = await flight(call.session, flight_id)
    shown = await _show(call, on, await queries.runs_to(call.session, flight_id))
    riding = {each.individual_id for planned in shown for each in planned.riders}
    living = [each.individual_id for each in await living_on(call.session, flight_id)]
    return RunsAnswer(items=shown, without_a_place=sorted(set(living) - riding))


@router.get("/transport-runs/{run_id}", dependencies=[READERS])
async def read_run(run_id: UUID, call: Call) -> RunAnswer:
    planned = await queries.run(call.session, run_id)
    call.shows(planned)
    return (await _show(call, await flight(call.session, planned.flight_id), [planned]))[0]


@router.post("/transport-runs/{run_id}/riders", dependencies=[allow(*BOOKERS)])
async def seat_on_run(run_id: UUID, body: RidersBody, call: Call) -> RunAnswer:
    """Places for people of one case, for all of them or for none. Who needs a wheelchair's place gets one."""
    on, planned = await _locked(call, run_id)
    await actions.seat_on_run(call.session, call.act, on, planned, body)
    call.shows(planned)
    return (await _show(call, on, [planned]))[0]


@router.post("/transport-runs/{run_id}/pick-up", dependencies=[allow(*BOOKERS)])
async def change_pickup(run_id: UUID, body: PickUpBody, call: Call) -> RunAnswer:
    """The vehicle fetches its people at another time or place. Who has a place in it is to be told anew; what was still
    to be told of the earlier time need not be."""
    on, planned = await _locked(call, run_id)
    await actions.change_pickup(call.session, call.act, on, planned, body)
    call.shows(planned)
    return (await _show(call, on, [planned]))[0]


@router.post("/transport-runs/{run_id}/places-given-back", dependencies=[allow(*BOOKERS)])
async def leave_run(run_id: UUID, body: RiderBody, call: Call) -> RunAnswer:
    """One of them rides otherwise: the place is free again."""
    on, planned = await _locked(call, run_id)
    await actions.leave_run(call.session, call.act, planned, body.individual_id)
    call.shows(planned)
    return (await _show(call, on, [planned]))[0]


@router.post("/transport-runs/{run_id}/cancellation", dependencies=[allow(*BOOKERS)])
async def cancel_run(run_id: UUID, call: Call) -> RunAnswer:
    """The vehicle does not go. Who had a place is in the flight's list of those without one."""
    on, planned = await _locked(call, run_id)
    await actions.cancel_run(call.session, call.act, planned)
    call.shows(planned)
    return (await _show(call, on, [planned]))[0]


async def _locked(call: Call, run_id: UUID) -> tuple[Flight, TransportRun]:
    on = await lock_flight(call.session, (await queries.run(call.session, run_id)).flight_id)
    planned = await queries.run(call.session, run_id)
    call.seen(planned)
    return on, planned
