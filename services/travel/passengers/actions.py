"""Taking people off a flight, with everything that follows from it; and showing a passenger."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.travel.bookings.queries import BOOKING, Booking, bookings_by_id
from services.travel.escorts.actions import end_escorts
from services.travel.facts.queries import is_withdrawal_stated_late, members_of
from services.travel.fares.actions import settle_fares
from services.travel.flights.queries import BEFORE_DOORS, Flight
from services.travel.groups.queries import groups_of_bookings
from services.travel.nights.actions import end_stays
from services.travel.offers.actions import offer_freed
from services.travel.passengers.models import Passenger
from services.travel.passengers.queries import parties_of, passengers_on, verbs_of
from services.travel.passengers.rules import (
    LIVING,
    ON_THE_GROUND,
    PASSENGER,
    Seat,
    TakenOff,
    Traveller,
    seat_after,
    those_who_cannot_fly,
)
from services.travel.passengers.schemas import PassengerAnswer
from services.travel.transport.actions import end_places
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.travel import BookingCancelled, BookingReason, PassengerNoShow, PassengerOffloaded
from shared.database import Session
from shared.offers import OfferedAction
from shared.outbox import stage

__all__ = [
    "Leaver",
    "PassengerAnswer",
    "passenger_shown",
    "show_passenger",
    "take_off",
    "take_seat_again",
    "travellers_among",
]


Offers = Callable[..., list[OfferedAction]]


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who loses the seat: by which verb of the passenger's table, and why."""

    passenger: Passenger
    verb: str
    reason: BookingReason
    why: TakenOff | None = None


async def take_off(
    session: Session, act: Act, flight: Flight, leavers: Iterable[Leaver], *, fare_is_lost: bool = True
) -> list[Leaver]:
    """Takes people off a locked flight, and with them the children who cannot fly on without them.

    Frees the seat before the airline's cut-off, and counts it as lost after; what is free is offered to those who wait,
    unless the flight does not go (`fare_is_lost` false). The words of the adults who stay of the same party, by one
    booking or by several, count no longer: they are asked again. Tells each passenger's fact, and for each booking who
    lost a seat by it. Gives everyone who was taken off.
    """
    everyone = await passengers_on(session, flight.id)
    leaving = await _with_children(session, everyone, list(leavers))
    if not leaving:
        return []
    for each in leaving:
        _leave(act, flight, each, fare_is_lost=fare_is_lost)
    touch(flight)
    if fare_is_lost and flight.status in BEFORE_DOORS:
        await _give_on(session, act, flight, [each.passenger for each in leaving])
    bookings = await bookings_by_id(session, {each.passenger.booking_id for each in leaving})
    booked = {each.id: each.made_at for each in bookings}
    gone = [(each.passenger, each.reason, booked[each.passenger.booking_id]) for each in leaving]
    await settle_fares(session, act, flight, gone, fare_is_lost=fare_is_lost)
    for each in leaving:
        each.passenger.extra_seats = 0
    people = {each.passenger.individual_id for each in leaving}
    await end_escorts(session, act, flight, people, fare_is_lost=fare_is_lost)
    await end_places(session, act, [each.passenger.id for each in leaving])
    await end_stays(session, act, [each.passenger for each in leaving])
    for booking in sorted(bookings, key=lambda row: (row.case_id, row.id)):
        staying = [each for each in everyone if each.booking_id == booking.id and each.status in LIVING]
        left = [each for each in leaving if each.passenger.booking_id == booking.id]
        _keep_booking(booking, left[0].reason, staying)
        await _tell(session, act, booking, left, staying)
    party = await parties_of(session, everyone)
    broken = {party[each.id] for each in bookings}
    for passenger in everyone:
        if party[passenger.booking_id] in broken:
            _ask_again(act, passenger)
    return leaving


def take_seat_again(flight: Flight, passenger: Passenger) -> None:
    """Of a locked flight: who was taken off here and flew all the same has a seat, counted once."""
    if passenger.seat == Seat.LOST:
        flight.seats_lost -= 1
    flight.seats_taken += 1
    passenger.seat = Seat.HELD
    passenger.taken_off_at = passenger.taken_off_for = None


async def travellers_among(
    session: Session, passengers: Sequence[Passenger], *, everywhere: bool = False
) -> list[Traveller]:
    """Those of these who still have a seat on the ground (or all of them: `everywhere`), with who is responsible for
    whom."""
    party = await parties_of(session, passengers)
    with_adults = {party[each.booking_id] for each in passengers if each.adult}
    members = await members_of(session, {each.case_id for each in passengers})
    guardians = {key: frozenset(member.guardians) for key, member in members.items()}
    return [
        Traveller(
            individual=each.individual_id,
            booking=party[each.booking_id],
            adult=each.adult,
            responsible=guardians.get((each.case_id, each.individual_id), frozenset()),
            came_with_adults=party[each.booking_id] in with_adults,
        )
        for each in passengers
        if everywhere or each.status in ON_THE_GROUND
    ]


async def those_who_move(session: Session, living: Sequence[Passenger], booking_id: UUID) -> list[Passenger]:
    """Of who has a seat on a flight, those who change to another with a booking: everyone who goes together with it,
    and the children with whom nobody responsible would be left, each with all of the child's own booking."""
    party = await parties_of(session, living)
    travellers = await travellers_among(session, living)
    moving, more = set[UUID](), {party[booking_id]}
    while more:
        moving |= more
        gone = {each.individual for each in travellers if each.booking in moving}
        alone = those_who_cannot_fly([each for each in travellers if each.individual not in gone])
        more = {each.booking for each in travellers if each.individual in alone and gone & each.responsible}
    return [each for each in living if party[each.booking_id] in moving]


async def _with_children(session: Session, everyone: Sequence[Passenger], leavers: list[Leaver]) -> list[Leaver]:
    """The leavers, each once, and the children who would be left without an adult responsible for them."""
    leaving: dict[UUID, Leaver] = {}
    for each in leavers:
        leaving.setdefault(each.passenger.individual_id, each)
    if not leaving:
        return []
    travellers = await travellers_among(session, everyone)
    gone = {each.individual for each in travellers if each.individual in leaving}
    touched = {each.booking for each in travellers if each.individual in gone}
    responsible_gone = gone & {each.individual for each in travellers if each.adult}
    alone = those_who_cannot_fly([each for each in travellers if each.individual not in gone])
    first = next(iter(leaving.values()))
    for passenger in everyone:
        child = next((each for each in travellers if each.individual == passenger.individual_id), None)
        if child is None or child.individual not in alone or passenger.status not in ON_THE_GROUND:
            continue
        if child.booking in touched or responsible_gone & child.responsible:
            verb = first.verb if first.verb == "cancel" else "offload_passenger"
            leaving[child.individual] = Leaver(passenger, verb, first.reason, TakenOff.WITHOUT_RESPONSIBLE_ADULT)
    return list(leaving.values())


def _leave(act: Act, flight: Flight, leaver: Leaver, *, fare_is_lost: bool) -> None:
    passenger = leaver.passenger
    passenger.status = PASSENGER.after(passenger.status, leaver.verb)
    passenger.taken_off_at = act.now
    passenger.taken_off_for = None if leaver.why is None else str(leaver.why)
    passenger.take_off_wanted = None
    passenger.bags, passenger.bags_taken_off = 0, passenger.bags + passenger.bags_taken_off
    seat = seat_after(act.now, flight.cut_off_at, fare_is_lost=fare_is_lost)
    passenger.seat = str(seat)
    flight.seats_taken -= 1
    flight.seats_aside -= passenger.extra_seats
    if seat is Seat.LOST:
        flight.seats_lost += 1 + passenger.extra_seats
    touch(passenger)


async def _give_on(session: Session, act: Act, flight: Flight, gone: Sequence[Passenger]) -> None:
    """Freed seats of a group's booking are the group's again; all others go to those who wait."""
    freed: dict[UUID, int] = {}
    for each in gone:
        if each.seat == Seat.FREED:
            freed[each.booking_id] = freed.get(each.booking_id, 0) + 1 + each.extra_seats
    groups = await groups_of_bookings(session, freed)
    for booking, group in sorted(groups.items()):
        back = min(freed[booking], group.seats - group.seats_left)
        group.seats_left += back
        flight.seats_aside += back
        freed[booking] -= back
        touch(group)
    if any(freed.values()):
        offer_freed(session, act, flight)


def _ask_again(act: Act, passenger: Passenger) -> None:
    if passenger.adult and passenger.status in ON_THE_GROUND:
        passenger.word = None
        passenger.ask_again_since = act.now
        touch(passenger)


def _keep_booking(booking: Booking, reason: BookingReason, staying: Sequence[Passenger]) -> None:
    if not staying:
        booking.status = BOOKING.after(booking.status, "cancel_booking")
        booking.cancelled_for = str(reason)
    touch(booking)


async def _tell(
    session: Session, act: Act, booking: Booking, left: Sequence[Leaver], staying: Sequence[Passenger]
) -> None:
    for each in left:
        kind = {"offload_passenger": PassengerOffloaded, "mark_no_show": PassengerNoShow}.get(each.verb)
        if kind is None:
            continue
        passenger = each.passenger
        fact = kind(
            individual=passenger.individual_id,
            booking=booking.id,
            flight=booking.flight_id,
            at=act.now,
            clearance=passenger.clearance_id,
        )
        await stage(session, act, fact, key=booking.case_id, subject=passenger.individual_id, attempt=passenger.attempt)
    cancelled = BookingCancelled(
        booking=booking.id,
        flight=booking.flight_id,
        individuals=tuple(each.passenger.individual_id for each in left),
        attempts={each.passenger.individual_id: each.passenger.attempt for each in left},
        reason=left[0].reason,
        remaining=tuple(each.individual_id for each in staying),
    )
    await stage(session, act, cancelled, key=booking.case_id, subject=booking.id)


async def show_passenger(
    session: Session, act: Act, flight: Flight, passenger: Passenger, offers: Offers
) -> PassengerAnswer:
    """The passenger as an answer; `offers` says which of the verbs the caller may do."""
    late = await is_withdrawal_stated_late(session, passenger.case_id, passenger.individual_id, passenger.attempt)
    return passenger_shown(act, flight, passenger, offers, stated_late=late)


def passenger_shown(
    act: Act, flight: Flight, passenger: Passenger, offers: Offers, *, stated_late: bool
) -> PassengerAnswer:
    """The same, where it was read before whether a withdrawal was stated late."""
    waits = flight.status == "closing" and passenger.status == "boarded"
    verbs = verbs_of(passenger, flight, act.now)
    return PassengerAnswer(
        **passenger.model_dump(exclude={"id", "word", "word_at", "ask_again_since"}),
        waiting_for="registration" if waits else None,
        willingness=passenger.word,
        ask_again=passenger.ask_again_since is not None and passenger.must_be_asked,
        withdrawal_stated_late=stated_late,
        actions=offers(verbs, flight_id=flight.id, individual_id=passenger.individual_id),
    )
