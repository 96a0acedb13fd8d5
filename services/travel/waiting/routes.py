"""The waiting list, and seats given from it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.travel.bookings.queries import take_turn
from services.travel.bookings.rules import CaseNotKnownYet
from services.travel.facts.queries import dossier_of
from services.travel.flights.queries import flight
from services.travel.seating.actions import seat_in_order
from services.travel.waiting import actions
from services.travel.waiting.queries import WaitingEntry, first_in_line, place_of, waiting_entry
from services.travel.waiting.rules import ORDER, place_from
from services.travel.waiting.schemas import (
    SeatedAnswer,
    SeatingAnswer,
    SeatingBody,
    WaitingAnswer,
    WaitingBody,
    WaitingList,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, cursor_at, place_after
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["waiting list"])
BOOKERS = (Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)


@router.post("/waiting-list", status_code=201, dependencies=[allow(*BOOKERS)])
async def join_waiting_list(body: WaitingBody, call: Call) -> WaitingAnswer:
    """Everyone of a case who could be booked waits together, from now on."""
    await take_turn(call.session, body.case_id)
    dossier = await dossier_of(call.session, body.case_id)
    if dossier.case is None:
        raise CaseNotKnownYet()
    return _shown(await actions.join_waiting_list(call.session, call.act, dossier))


@router.post("/waiting-list/{entry_id}/leaving", dependencies=[allow(*BOOKERS)])
async def end_waiting(entry_id: UUID, call: Call) -> WaitingAnswer:
    """A case waits no more, because its people ask for that, or because others of it are to wait. Nothing of a
    return follows from it; who waits again stands at the end of their level."""
    await take_turn(call.session, (await waiting_entry(call.session, entry_id)).case_id)
    return _shown(await actions.end_waiting(call.session, call.act, entry_id))


@router.get("/waiting-list", dependencies=[allow(*BOOKERS, Role.COUNSELLOR, Role.PROGRAMME_OFFICER, Role.AUDITOR)])
async def list_waiting(
    call: Call,
    destination: Annotated[str, Query(pattern="^[A-Z]{3}$")],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> WaitingList:
    """Who waits for seats to a country, in the order in which they are given."""
    rows = await first_in_line(call.session, destination, place_after(cursor, place_from), limit + 1)
    more = cursor_at(*place_of(rows[limit - 1]).key) if len(rows) > limit else None
    return WaitingList(order=ORDER, items=[_shown(row) for row in rows[:limit]], next=more)


@router.post("/flights/{flight_id}/seating", dependencies=[allow(*BOOKERS)])
async def seat_in_line(flight_id: UUID, body: SeatingBody, call: Call) -> SeatingAnswer:
    """Gives the free seats of a flight to those who wait, in the order of the list, each family whole or not at all.
    Who does not fit or may not be booked now is passed over, with the reason, and keeps the place. `cursor`: go on
    after those an earlier answer looked at, by its `next`."""
    on = await flight(call.session, flight_id)
    found_on = await first_in_line(call.session, on.to_country, place_after(body.cursor, place_from), body.most + 1)
    entries = found_on[: body.most]
    more = cursor_at(*place_of(entries[-1]).key) if len(found_on) > len(entries) else None
    found = await seat_in_order(
        call.session, call.act, flight_id, [(each.case_id, each.individuals) for each in entries]
    )
    seated = [
        SeatedAnswer(
            case_id=each.case_id,
            entry_id=each.id,
            people=len(each.individuals),
            booking_id=booking,
            why=why,
        )
        for each, (booking, why) in zip(entries, found, strict=True)
    ]
    on = await flight(call.session, flight_id)
    return SeatingAnswer(flight_id=flight_id, seated=seated, left=on.left, next=more)


def _shown(row: WaitingEntry) -> WaitingAnswer:
    return WaitingAnswer(
        id=row.id,
        case_id=row.case_id,
        destination=row.destination,
        individuals=[UUID(each) for each in row.individuals],
        level=row.level,
        since=row.since,
        status=row.status,
    )
