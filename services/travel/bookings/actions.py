"""Booking a family, giving seats back, and looking again when a fact about a case arrives."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from services.travel.bookings.models import Booking
from services.travel.bookings.queries import bookings_by_id, has_grown, take_turn
from services.travel.bookings.rules import (
    BOOKING,
    AlreadyBooked,
    AlreadyTravelled,
    CaseNotKnownYet,
    ChildWouldFlyAlone,
    NobodyToBook,
    NotOfThisCase,
    Relative,
    SameFlight,
    check_agreed_on,
    check_gate,
    check_seats,
    check_split,
)
from services.travel.bookings.schemas import BookingBody, CancellationBody, SplitBody, split_given
from services.travel.facts.queries import Dossier, dossier_of
from services.travel.flights.queries import (
    BEFORE_DOORS,
    Flight,
    FlightNotOpen,
    legs_of,
    lock_flight,
    lock_flights,
)
from services.travel.gates.actions import show_missing
from services.travel.gates.queries import gatekeeper
from services.travel.holds.actions import hold_or_resume, look_at_those_aboard
from services.travel.offers.actions import give_back_due, look_at_offers, take_up
from services.travel.offers.queries import flights_offered_to, held_for
from services.travel.passengers.actions import Leaver, take_off, those_who_move, travellers_among
from services.travel.passengers.queries import (
    LIVING,
    DoorsClosed,
    Passenger,
    TakenOff,
    Traveller,
    flights_waited_for,
    flown_of_case,
    living_of_individuals,
    living_on,
    passengers_of_booking,
    those_who_cannot_fly,
)
from services.travel.supports.queries import extra_seats_of
from services.travel.waiting.actions import leave_waiting_list, look_at_waiting
from services.travel.waiting.queries import waiting_entry_of
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.travel import BookingMade, BookingReason
from shared.database import Session
from shared.occurrence import on_day
from shared.outbox import stage

__all__ = [
    "BookingBody",
    "SplitBody",
    "book_seats",
    "cancel_booking",
    "give_seats",
    "look_again",
    "rebook",
    "who_travelled",
]

REASON_OF: Final = {
    TakenOff.CASE_CLOSED: BookingReason.CASE_CLOSED,
    TakenOff.HOME_ALREADY: BookingReason.BY_OFFICER,
}


async def book_seats(session: Session, act: Act, body: BookingBody) -> tuple[Booking, list[Passenger]]:
    """Seats for the whole family, or none.

    Raises `CaseNotKnownYet`, `NotOfThisCase`, `NobodyToBook`, `FlightNotOpen`, `AlreadyBooked`, `AlreadyTravelled`,
    `GateNotPassed`, `InTheFuture`, `AgreedBeforeRegistration`, `NeverSplitWithoutTheirWord`, `ChildWouldFlyAlone`,
    `NotEnoughSeats`.
    """
    await take_turn(session, body.case_id)
    flight = await lock_flight(session, body.flight_id)
    await give_back_due(session, act, flight)
    if flight.status not in BEFORE_DOORS or act.now >= flight.departs_at:
        raise FlightNotOpen(state=flight.status)
    legs = (await legs_of(session, [flight.id]))[flight.id]
    keeper = await gatekeeper(session, [body.case_id], legs, act.today)
    dossier = keeper.dossiers[body.case_id]
    if dossier.case is None:
        raise CaseNotKnownYet()
    _check_day_of_word(act, dossier, body.split_agreed)
    travelled = await who_travelled(session, dossier, body.case_id)
    going = _those_asked_for(dossier, body.individuals, travelled)
    await _check_not_booked(session, going)
    flown = sorted({*going} & travelled - {each for each, _ in dossier.returns})
    if flown:
        raise AlreadyTravelled(individuals=flown)
    check_gate(
        {
            each: [
                item.model_dump()
                for item in show_missing(keeper.at_booking(body.case_id, each, dossier.attempt_now(each)))
            ]
            for each in going
        }
    )
    aboard = [each for each in await living_on(session, flight.id) if each.case_id == body.case_id]
    _check_family(dossier, going, aboard, travelled, body.split_agreed)
    kept = await held_for(session, flight.id, body.case_id)
    extras = await extra_seats_of(session, dossier, going, flight.departs_at.date())
    check_seats(flight.left + (kept.seats if kept else 0), len(going) + sum(extras.values()))
    made = await give_seats(session, act, flight, dossier, going, body, extras)
    await look_at_those_aboard(session, act, flight, aboard)
    return made


async def who_travelled(session: Session, dossier: Dossier, case_id: UUID) -> set[UUID]:
    """Those of a case who departed, or are home by other means, in the attempt they are in."""
    flown = await flown_of_case(session, case_id)
    gone = {each.individual_id for each in flown if each.attempt == dossier.attempt_now(each.individual_id)}
    return gone | {each for each, attempt in dossier.returns if attempt == dossier.attempt_now(each)}


def _check_day_of_word(act: Act, dossier: Dossier, split: SplitBody | None) -> None:
    """The day on which the adults agreed has come, and the case was registered by then."""
    if split is not None:
        on_day(act, split.on)
        check_agreed_on(split.on, dossier.case.registered_at if dossier.case else None)


def _those_asked_for(dossier: Dossier, named: Sequence[UUID], travelled: Collection[UUID]) -> list[UUID]:
    strangers = sorted(set(named) - set(dossier.members))
    if strangers:
        raise NotOfThisCase(individuals=strangers)
    if named:
        return sorted(set(named))
    everyone = sorted(dossier.staying().difference(travelled))
    if not everyone:
        raise NobodyToBook()
    return everyone


async def _check_not_booked(session: Session, individuals: Sequence[UUID]) -> None:
    booked = await living_of_individuals(session, individuals)
    if booked:
        raise AlreadyBooked(individuals=sorted(each.individual_id for each in booked))


def _check_family(
    dossier: Dossier,
    going: Collection[UUID],
    aboard: Sequence[Passenger],
    travelled: Collection[UUID],
    split: SplitBody | None,
) -> None:
    """Nobody is left behind without the word of every adult, and no child flies without one responsible."""
    together = {*going, *(each.individual_id for each in aboard)}
    staying = dossier.staying().difference(travelled)
    family = [
        Relative(who, member.adult, going=who in together, elsewhere=who not in staying)
        for who, member in dossier.members.items()
    ]
    check_split(family, split.stated_by if split else ())
    here = dossier.members
    adults_go = any(here[each].adult for each in going)
    travellers = [
        Traveller(
            individual=each,
            booking=dossier.case.case_id if dossier.case else each,
            adult=here[each].adult,
            responsible=frozenset(here[each].guardians),
            came_with_adults=adults_go,
        )
        for each in sorted(together & set(here))
    ]
    alone = those_who_cannot_fly(travellers)
    if alone:
        raise ChildWouldFlyAlone(children=sorted(alone))


async def give_seats(
    session: Session,
    act: Act,
    flight: Flight,
    dossier: Dossier,
    going: Sequence[UUID],
    body: BookingBody,
    extras: Mapping[UUID, int],
) -> tuple[Booking, list[Passenger]]:
    """A booking with seats of a locked flight, told and taken from what was offered; asks nothing."""
    waited = await leave_waiting_list(session, act, body.case_id, "seated", going)
    booking = Booking(case_id=body.case_id, flight_id=flight.id, made_at=act.now, waited_since=waited)
    if body.split_agreed is not None:
        booking.split_stated_by = [str(each) for each in body.split_agreed.stated_by]
        booking.split_stated_on = body.split_agreed.on
    session.add(booking)
    await session.flush()
    passengers = [
        Passenger(
            flight_id=flight.id,
            booking_id=booking.id,
            case_id=body.case_id,
            individual_id=each,
            attempt=dossier.attempt_now(each),
            adult=dossier.members[each].adult,
            extra_seats=extras.get(each, 0),
        )
        for each in going
    ]
    session.add_all(passengers)
    await take_up(session, act, flight, booking.case_id, booking.id)
    flight.seats_taken += len(passengers)
    flight.seats_aside += sum(extras.values())
    touch(flight)
    await session.flush()
    fact = BookingMade(
        booking=booking.id,
        flight=flight.id,
        individuals=tuple(going),
        attempts={each.individual_id: each.attempt for each in passengers},
        departs=flight.departs_at,
        arrives=flight.arrives_at,
        destination_country=flight.to_country,
        destination_airport=flight.to_airport,
    )
    await stage(session, act, fact, key=body.case_id, subject=booking.id)
    return booking, passengers


async def rebook(
    session: Session, act: Act, booking: Booking, flight: Flight, onto: UUID, word: SplitBody | None = None
) -> tuple[Booking, list[Passenger]]:
    """Everyone who has a seat by a booking, or by one that goes together with it, changes to another flight by one
    booking, all or none, and the children with them who would be left alone. The case's turn is taken and both flights
    are locked. The word the adults gave to travel apart stands where no other is said, unless somebody joined them
    since who does not move along: it was given for another party.

    Raises as `cancel_booking` and `book_seats`, and `SameFlight`.
    """
    if onto == flight.id:
        raise SameFlight()
    BOOKING.after(booking.status, "cancel_booking")
    if flight.status not in BEFORE_DOORS:
        raise DoorsClosed(state=flight.status)
    leaving = await those_who_move(session, await living_on(session, flight.id), booking.id)
    moving, staying = {each.individual_id for each in leaving}, (await dossier_of(session, booking.case_id)).staying()
    theirs = await bookings_by_id(session, {each.booking_id for each in leaving})
    grown = any(has_grown(each.joined_since, staying, moving) for each in theirs)
    split = None if grown else split_given(booking.split_stated_by, booking.split_stated_on)
    await take_off(session, act, flight, [Leaver(each, "cancel", BookingReason.BY_OFFICER) for each in leaving])
    await hold_or_resume(session, act, flight, {booking.case_id})
    wanted = BookingBody(
        case_id=booking.case_id,
        flight_id=onto,
        individuals=tuple(each.individual_id for each in leaving),
        split_agreed=word or split,
    )
    made, passengers = await book_seats(session, act, wanted)
    made.waited_since = min(each.since for each in (made, booking, *theirs))
    return made, passengers


async def cancel_booking(session: Session, act: Act, booking: Booking, flight: Flight, body: CancellationBody) -> None:
    """Gives back the seats of some or all of a booking on a locked flight, before its doors close.

    Raises `NotPossibleNow`, `DoorsClosed`, `NotOfThisCase`, `InTheFuture`, `AgreedBeforeRegistration`,
    `NeverSplitWithoutTheirWord`, `ChildWouldFlyAlone`.
    """
    BOOKING.after(booking.status, "cancel_booking")
    if flight.status not in BEFORE_DOORS:
        raise DoorsClosed(state=flight.status)
    everyone = [each for each in await passengers_of_booking(session, booking.id) if each.status in LIVING]
    chosen = set(body.individuals) or {each.individual_id for each in everyone}
    strangers = sorted(chosen - {each.individual_id for each in everyone})
    if strangers:
        raise NotOfThisCase(individuals=strangers)
    _check_day_of_word(act, await dossier_of(session, booking.case_id), body.split_agreed)
    family = [Relative(each.individual_id, each.adult, each.individual_id not in chosen) for each in everyone]
    check_split(family, body.split_agreed.stated_by if body.split_agreed else ())
    travellers = await travellers_among(session, await living_on(session, flight.id))
    alone = those_who_cannot_fly([each for each in travellers if each.individual not in chosen])
    if alone:
        raise ChildWouldFlyAlone(children=sorted(alone))
    reason = BookingReason(str(body.reason))
    leavers = [Leaver(each, "cancel", reason) for each in everyone if each.individual_id in chosen]
    await take_off(session, act, flight, leavers)
    await hold_or_resume(session, act, flight, {booking.case_id})


async def look_again(session: Session, act: Act, case_id: UUID) -> None:
    """What follows for bookings from everything now known about a case. Doing it again changes nothing.

    Who withdrew in the attempt they are booked in, is no longer of the case, or whose case was closed loses the seat,
    as long as the doors are open. Who came of age is counted as an adult. From the doors on registration's clearance
    decides, and facts that come later only mark.
    """
    await take_turn(session, case_id)
    waited_for = await flights_waited_for(session, case_id)
    offered = await flights_offered_to(session, case_id)
    waits = await waiting_entry_of(session, case_id)
    if not waited_for and not offered and waits is None:
        return
    dossier = await dossier_of(session, case_id)
    for flight in await lock_flights(session, [*waited_for, *offered]):
        if flight.status not in BEFORE_DOORS:
            continue
        await look_at_offers(session, act, flight, dossier)
        leavers = []
        for passenger in [each for each in await living_on(session, flight.id) if each.case_id == case_id]:
            _note_age(dossier, passenger)
            why = _why_not(dossier, passenger)
            if why is not None:
                verb = "cancel" if passenger.status == "booked" else "offload_passenger"
                reason = REASON_OF.get(why, BookingReason.WITHDRAWN)
                leavers.append(Leaver(passenger, verb, reason, why))
        await take_off(session, act, flight, leavers)
        await hold_or_resume(session, act, flight, {case_id})
    # After the flights, as who cancels one does: whoever did so while they were waited for has put people on the list.
    await look_at_waiting(session, act, dossier)


def _note_age(dossier: Dossier, passenger: Passenger) -> None:
    """Who came of age since the booking is asked alone from now on, and is nobody's child on this flight any more. Who
    turns out to be a child after all is not asked: no word of theirs stands."""
    member = dossier.members.get(passenger.individual_id)
    if member is not None and member.adult != passenger.adult:
        passenger.adult = member.adult
        passenger.word = None
        passenger.word_at = None
        passenger.ask_again_since = None
        touch(passenger)


def _why_not(dossier: Dossier, passenger: Passenger) -> TakenOff | None:
    if dossier.case is None:
        return None
    if dossier.case.closed:
        return TakenOff.CASE_CLOSED
    if (passenger.individual_id, passenger.attempt) in dossier.returns:
        return TakenOff.HOME_ALREADY
    gone = passenger.individual_id not in dossier.members
    return TakenOff.WITHDRAWN if gone or dossier.withdrawn(passenger.individual_id, passenger.attempt) else None
