"""Forming groups, booking cases out of their allotment, and moving them together. All of it on locked flights."""

from collections.abc import Mapping
from uuid import UUID

from services.travel.bookings.actions import BookingBody, book_seats, rebook
from services.travel.bookings.queries import bookings_by_id
from services.travel.bookings.rules import SameFlight, check_seats
from services.travel.flights.queries import BEFORE_DOORS, Flight, FlightNotOpen
from services.travel.groups.models import GroupCase, TravelGroup
from services.travel.groups.queries import cases_of, groups_on
from services.travel.groups.rules import GROUP, GroupIsEmpty, check_allotment, left_after
from services.travel.groups.schemas import GroupBody, GroupCaseBody
from services.travel.offers.actions import give_back_due, offer_freed
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session


async def form_group(session: Session, act: Act, flight: Flight, body: GroupBody) -> TravelGroup:
    """Raises `FlightNotOpen`, `NotEnoughSeats`."""
    if flight.status not in BEFORE_DOORS:
        raise FlightNotOpen(state=flight.status)
    await give_back_due(session, act, flight)
    check_seats(flight.left, body.seats)
    formed = TravelGroup(
        flight_id=flight.id,
        label=body.label,
        seats=body.seats,
        seats_left=body.seats,
        by=act.by,
        recorded_at=act.now,
    )
    session.add(formed)
    _set_left(flight, formed, 0, body.seats)
    await session.flush()
    return formed


async def book_group_case(
    session: Session, act: Act, flight: Flight, group: TravelGroup, body: GroupCaseBody
) -> GroupCase:
    """A case whose turn is taken is booked out of the group's allotment: whole, or as its adults agreed.

    Raises `NotPossibleNow`, `GroupFull`, and as `book_seats`.
    """
    GROUP.after(group.status, "book_group_case")
    left = group.seats_left
    _set_left(flight, group, left, 0)  # for `book_seats` to give; what it does not need is set aside again
    await session.flush()
    booking, passengers = await book_seats(
        session,
        act,
        BookingBody(
            case_id=body.case_id,
            flight_id=flight.id,
            individuals=body.individuals,
            split_agreed=body.split_agreed,
        ),
    )
    rest = check_allotment(left, sum(1 + each.extra_seats for each in passengers))
    _set_left(flight, group, 0, rest)
    case = await session.merge(GroupCase(group_id=group.id, case_id=body.case_id, booking_id=booking.id))
    await session.flush()
    return case


async def allot_seats(session: Session, act: Act, flight: Flight, group: TravelGroup, seats: int) -> None:
    """More or fewer seats for the group. Raises `NotPossibleNow`, `AllotmentTooSmall`, `NotEnoughSeats`."""
    GROUP.after(group.status, "allot_seats")
    left = left_after(group.seats, group.seats_left, seats)
    await give_back_due(session, act, flight)
    check_seats(flight.left, max(0, left - group.seats_left))
    group.seats = seats
    if left < group.seats_left:
        offer_freed(session, act, flight)
    _set_left(flight, group, group.seats_left, left)
    await session.flush()


async def move_group(
    session: Session, act: Act, flights: Mapping[UUID, Flight], group: TravelGroup, onto: UUID
) -> None:
    """Everyone of the group who still has a seat changes to another flight, all or none; the turns of its cases are
    taken and both flights locked. What was left of the allotment goes back to the first.

    Raises `NotPossibleNow`, `GroupIsEmpty`, and as `rebook`.
    """
    GROUP.after(group.status, "move_group")
    if onto == group.flight_id:
        raise SameFlight()
    before = flights[group.flight_id]
    cases = {each.booking_id: each for each in (await cases_of(session, [group.id]))[group.id]}
    bookings = await bookings_by_id(session, cases)
    going = [each for each in bookings if each.status in ("confirmed", "on_hold") and each.flight_id == before.id]
    if not going:
        raise GroupIsEmpty()
    seats = 0
    for booking in going:
        if booking.status == "cancelled":
            continue  # it went together with one that has moved
        made, passengers = await rebook(session, act, booking, before, onto)
        cases[booking.id].booking_id = made.id
        seats += sum(1 + each.extra_seats for each in passengers)
    if group.seats_left:
        offer_freed(session, act, before)
    _set_left(before, group, group.seats_left, 0)
    group.flight_id, group.seats = onto, seats
    await session.flush()


async def close_group(session: Session, act: Act, flight: Flight, group: TravelGroup) -> None:
    """Nobody more is booked into it, and what it did not need goes back. Raises `NotPossibleNow`."""
    group.status = GROUP.after(group.status, "close_group")
    group.ended_at = act.now
    if group.seats_left:
        offer_freed(session, act, flight)
    _set_left(flight, group, group.seats_left, 0)
    await session.flush()


async def close_groups(session: Session, act: Act, flight: Flight) -> None:
    """The flight does not go: no group holds seats on it."""
    for group in await groups_on(session, flight.id):
        if GROUP.may(group.status, "close_group"):
            await close_group(session, act, flight, group)


def _set_left(flight: Flight, group: TravelGroup, before: int, now: int) -> None:
    flight.seats_aside += now - before
    group.seats_left = now
    touch(flight)
    touch(group)
