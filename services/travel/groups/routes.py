"""Routes of groups."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from services.travel.bookings.queries import take_turn
from services.travel.flights.queries import Flight, flight, lock_flight, lock_flights
from services.travel.groups import actions, queries
from services.travel.groups.queries import TravelGroup
from services.travel.groups.rules import GROUP
from services.travel.groups.schemas import (
    AllotmentBody,
    GroupAnswer,
    GroupBody,
    GroupCaseAnswer,
    GroupCaseBody,
    GroupsAnswer,
    MoveBody,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["groups"])
BOOKERS = (Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)
READERS = allow(*BOOKERS, Role.COUNSELLOR, Role.PROGRAMME_OFFICER, Role.AUDITOR)
PATH = "/travel-groups/{group_id}"


async def _show(call: Call, groups: Sequence[TravelGroup]) -> list[GroupAnswer]:
    cases = await queries.cases_of(call.session, [each.id for each in groups])
    return [
        GroupAnswer(
            **each.model_dump(),
            cases=[GroupCaseAnswer.model_validate(row) for row in cases[each.id]],
            actions=call.offers(GROUP.verbs(each.status), group_id=each.id),
        )
        for each in groups
    ]


@router.post("/flights/{flight_id}/travel-groups", status_code=201, dependencies=[allow(Role.TRAVEL_OFFICER)])
async def form_group(flight_id: UUID, body: GroupBody, call: Call) -> GroupAnswer:
    """A group with seats allotted to it on one flight: nobody else gets them while it is open."""
    on = await lock_flight(call.session, flight_id)
    formed = await actions.form_group(call.session, call.act, on, body)
    call.made("/travel-groups", formed.id)
    return await _changed(call, formed)


@router.get("/flights/{flight_id}/travel-groups", dependencies=[READERS])
async def list_groups(flight_id: UUID, call: Call) -> GroupsAnswer:
    await flight(call.session, flight_id)
    return GroupsAnswer(items=await _show(call, await queries.groups_on(call.session, flight_id)))


@router.get(PATH, dependencies=[READERS])
async def read_group(group_id: UUID, call: Call) -> GroupAnswer:
    return await _changed(call, await queries.group(call.session, group_id))


@router.post(PATH + "/cases", dependencies=[allow(*BOOKERS)])
async def book_group_case(group_id: UUID, body: GroupCaseBody, call: Call) -> GroupAnswer:
    """Books a case out of the group's allotment. Every gate at booking is asked, and no family is split."""
    await take_turn(call.session, body.case_id)
    on, group = await _locked(call, group_id)
    await actions.book_group_case(call.session, call.act, on, group, body)
    return await _changed(call, group)


@router.post(PATH + "/allotment", dependencies=[allow(Role.TRAVEL_OFFICER)])
async def allot_seats(group_id: UUID, body: AllotmentBody, call: Call) -> GroupAnswer:
    """More or fewer seats for the group, booked ones included."""
    on, group = await _locked(call, group_id)
    await actions.allot_seats(call.session, call.act, on, group, body.seats)
    return await _changed(call, group)


@router.post(PATH + "/move", dependencies=[allow(Role.TRAVEL_OFFICER)])
async def move_group(group_id: UUID, body: MoveBody, call: Call) -> GroupAnswer:
    """Everyone of the group changes to another flight, all or none."""
    cases = (await queries.cases_of(call.session, [group_id]))[group_id]
    for each in cases:
        await take_turn(call.session, each.case_id)
    before = (await queries.group(call.session, group_id)).flight_id
    flights = {each.id: each for each in await lock_flights(call.session, {before, body.flight_id})}
    group = await queries.group(call.session, group_id)
    call.seen(group)
    await actions.move_group(call.session, call.act, flights, group, body.flight_id)
    return await _changed(call, group)


@router.post(PATH + "/closure", dependencies=[allow(Role.TRAVEL_OFFICER)])
async def close_group(group_id: UUID, call: Call) -> GroupAnswer:
    """Nobody more is booked into it; the seats it did not need are anybody's."""
    on, group = await _locked(call, group_id)
    await actions.close_group(call.session, call.act, on, group)
    return await _changed(call, group)


async def _locked(call: Call, group_id: UUID) -> tuple[Flight, TravelGroup]:
    on = await lock_flight(call.session, (await queries.group(call.session, group_id)).flight_id)
    group = await queries.group(call.session, group_id)
    call.seen(group)
    return on, group


async def _changed(call: Call, group: TravelGroup) -> GroupAnswer:
    call.shows(group)
    return (await _show(call, [group]))[0]
