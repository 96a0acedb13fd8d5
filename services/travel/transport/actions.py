"""Planning runs and seating people on them. All of it on a locked flight, so that no place is given twice."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from services.travel.facts.queries import dossier_of
from services.travel.flights.queries import BEFORE_DOORS, Flight, FlightNotOpen
from services.travel.passengers.queries import Passenger, living_on, parties_of
from services.travel.supports.rules import support_now
from services.travel.transport.models import TransportPlace, TransportRun
from services.travel.transport.queries import places_held_by, places_on, run, runs_to
from services.travel.transport.rules import (
    RUN,
    ChildWouldRideAlone,
    NeedsAnotherVehicle,
    NotOnThatFlight,
    OnARunAlready,
    Place,
    Vehicle,
    check_not_given,
    check_pickup,
    check_places,
    place_needed,
)
from services.travel.transport.schemas import PickUpBody, RidersBody, RunBody
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.travel import GroundArranged, GroundCancelled, GroundKind
from shared.database import Session
from shared.outbox import stage
from shared.problems import NotFound


async def plan_run(session: Session, act: Act, flight: Flight, body: RunBody) -> TransportRun:
    """Raises `FlightNotOpen`, `RunTooLate`."""
    if flight.status not in BEFORE_DOORS:
        raise FlightNotOpen(state=flight.status)
    check_pickup(body.pickup_at, act.now, flight.doors_at)
    planned = TransportRun(
        flight_id=flight.id,
        vehicle=str(body.vehicle),
        pickup_place=body.pickup_place,
        pickup_at=body.pickup_at,
        places=body.places,
        wheelchair_places=body.wheelchair_places,
        cost=body.cost.amount,
        currency=body.cost.currency,
        project_code=body.project_code,
        budget_line=body.budget_line,
        by=act.by,
        recorded_at=act.now,
    )
    session.add(planned)
    await session.flush()
    return planned


async def seat_on_run(session: Session, act: Act, flight: Flight, planned: TransportRun, body: RidersBody) -> None:
    """Places for all of them, or for none. Raises `NotPossibleNow`, `RunTooLate`, `NotOnThatFlight`, `OnARunAlready`,
    `ChildWouldRideAlone`, `NeedsAnotherVehicle`, `RunFull`."""
    RUN.after(planned.status, "seat_on_run")
    check_pickup(planned.pickup_at, act.now, flight.doors_at)
    of_case = [each for each in await living_on(session, flight.id) if each.case_id == body.case_id]
    going = await _those_who_ride(session, of_case, body.individuals)
    here = (await places_on(session, [planned.id]))[planned.id]
    party = await parties_of(session, of_case)
    _check_children(going, of_case, {each.passenger_id for each in here}, party)
    dossier = await dossier_of(session, body.case_id)
    needs = {
        each.individual_id: place_needed(support_now(dossier.checks.get(each.individual_id, []))) for each in going
    }
    lying = sorted(each for each, place in needs.items() if place is Place.STRETCHER)
    if lying and planned.vehicle != Vehicle.AMBULANCE:
        raise NeedsAnotherVehicle(individuals=lying)
    wanted = Counter(needs.values())
    ordinary = wanted[Place.ORDINARY] + wanted[Place.STRETCHER]
    check_places(Place.WHEELCHAIR, planned.wheelchair_places - planned.wheelchair_taken, wanted[Place.WHEELCHAIR])
    check_places(Place.ORDINARY, planned.places - planned.places_taken, ordinary)
    planned.places_taken += ordinary
    planned.wheelchair_taken += wanted[Place.WHEELCHAIR]
    touch(planned)
    session.add_all(
        TransportPlace(
            run_id=planned.id,
            passenger_id=each.id,
            individual_id=each.individual_id,
            case_id=each.case_id,
            place=str(needs[each.individual_id]),
        )
        for each in going
    )
    await session.flush()
    await _tell_arranged(session, act, planned, body.case_id, [each.individual_id for each in going])


async def change_pickup(session: Session, act: Act, flight: Flight, planned: TransportRun, body: PickUpBody) -> None:
    """Everyone who has a place is told anew; the same time and place again change nothing.

    Raises `NotPossibleNow`, `PickUpIsOver`, `FlightNotOpen`, `RunTooLate`.
    """
    RUN.after(planned.status, "change_pickup")
    check_not_given(planned.pickup_at, act.now)
    if flight.status not in BEFORE_DOORS:
        raise FlightNotOpen(state=flight.status)
    check_pickup(body.pickup_at, act.now, flight.doors_at)
    if (planned.pickup_at, planned.pickup_place) == (body.pickup_at, body.pickup_place):
        return
    planned.pickup_at, planned.pickup_place = body.pickup_at, body.pickup_place
    touch(planned)
    await session.flush()
    for case_id, people in _by_case((await places_on(session, [planned.id]))[planned.id]):
        await _tell_arranged(session, act, planned, case_id, people)


async def _tell_arranged(
    session: Session, act: Act, planned: TransportRun, case_id: UUID, people: Iterable[UUID]
) -> None:
    fact = GroundArranged(
        arrangement=planned.id,
        kind=GroundKind.TRANSPORT,
        flight=planned.flight_id,
        individuals=tuple(sorted(people)),
        begins=planned.pickup_at,
    )
    await stage(session, act, fact, key=case_id, subject=planned.id)


def _by_case(places: Iterable[TransportPlace]) -> list[tuple[UUID, list[UUID]]]:
    riders: dict[UUID, list[UUID]] = {}
    for each in places:
        riders.setdefault(each.case_id, []).append(each.individual_id)
    return sorted(riders.items())


async def _those_who_ride(session: Session, of_case: Sequence[Passenger], named: Collection[UUID]) -> list[Passenger]:
    strangers = sorted(set(named) - {each.individual_id for each in of_case})
    if strangers or not of_case:
        raise NotOnThatFlight(individuals=strangers)
    riding = {each.passenger_id for each in await places_held_by(session, [each.id for each in of_case])}
    twice = sorted(each.individual_id for each in of_case if each.id in riding and each.individual_id in named)
    going = [each for each in of_case if each.id not in riding and (not named or each.individual_id in named)]
    if twice or not going:
        raise OnARunAlready(individuals=twice or sorted(each.individual_id for each in of_case))
    return going


def _check_children(
    going: Iterable[Passenger], of_case: Iterable[Passenger], there: Collection[UUID], party: Mapping[UUID, UUID]
) -> None:
    """A child whose party has an adult in it rides with one of them. `party`: of each booking."""
    people = list(going)
    adults = [each for each in of_case if each.adult]
    with_adults = {party[each.booking_id] for each in adults}
    accompanied = {party[each.booking_id] for each in adults if each.id in there or each in people}
    alone = [each for each in people if not each.adult and party[each.booking_id] in with_adults - accompanied]
    if alone:
        raise ChildWouldRideAlone(children=sorted(each.individual_id for each in alone))


async def leave_run(session: Session, act: Act, planned: TransportRun, individual_id: UUID) -> None:
    """Gives one place back. Raises `NotPossibleNow`, `NotFound`."""
    RUN.after(planned.status, "leave_run")
    here = [
        each for each in (await places_on(session, [planned.id]))[planned.id] if each.individual_id == individual_id
    ]
    if not here:
        raise NotFound("passenger of this vehicle")
    _give_back(act, planned, here)
    await session.flush()
    await _tell_cancelled(session, act, planned, here)


async def cancel_run(session: Session, act: Act, planned: TransportRun) -> None:
    """The vehicle does not go: everyone on it needs another, and is told. Raises `NotPossibleNow`."""
    await _tell_cancelled(session, act, planned, await _end_run(session, act, planned))


async def _end_run(session: Session, act: Act, planned: TransportRun) -> Sequence[TransportPlace]:
    """Gives the places that were held on it."""
    status = RUN.after(planned.status, "cancel_run")
    held = (await places_on(session, [planned.id]))[planned.id]
    _give_back(act, planned, held)
    planned.status = status
    touch(planned)
    await session.flush()
    return held


async def _tell_cancelled(session: Session, act: Act, planned: TransportRun, places: Iterable[TransportPlace]) -> None:
    for case_id, people in _by_case(places):
        fact = GroundCancelled(
            arrangement=planned.id,
            kind=GroundKind.TRANSPORT,
            flight=planned.flight_id,
            individuals=tuple(sorted(people)),
        )
        await stage(session, act, fact, key=case_id, subject=planned.id)


async def end_places(session: Session, act: Act, passengers: Iterable[UUID]) -> None:
    """Who has no seat on the flight any more takes up no place in a vehicle to it."""
    held = await places_held_by(session, passengers)
    for run_id in sorted({each.run_id for each in held}):
        _give_back(act, await run(session, run_id), [each for each in held if each.run_id == run_id])


async def cancel_runs(session: Session, act: Act, flight: Flight) -> None:
    """The flight does not go, and so no vehicle to it does."""
    for planned in await runs_to(session, flight.id):
        if RUN.may(planned.status, "cancel_run"):
            await _end_run(session, act, planned)


def _give_back(act: Act, planned: TransportRun, places: Iterable[TransportPlace]) -> None:
    for each in places:
        each.status, each.ended_at = "given_back", act.now
        if each.place == Place.WHEELCHAIR:
            planned.wheelchair_taken -= 1
        else:
            planned.places_taken -= 1
        touch(planned)
