"""Closing the doors, carrying the hand-over on, and saying that the aircraft left.

Registration decides who is cleared. The clearance id and everyone on it are written down before it is asked; the errand
asks until it is answered, and the answer may also come as facts. Both settle through `note_outcomes`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.travel.bookings.queries import BOOKING, bookings_by_id, has_grown
from services.travel.doors.models import HandedOver, HandOver
from services.travel.doors.queries import flight_of_hand_over, hand_over_of_flight, handed_over, waiting_hand_overs
from services.travel.doors.rules import (
    WILLING_OF_A_CHILD,
    AtTheDoor,
    Count,
    Left,
    check_counted,
    check_departure,
    those_left,
)
from services.travel.doors.schemas import ClearanceAnswer
from services.travel.escorts.actions import note_escorts_flown
from services.travel.escorts.queries import booked_on
from services.travel.flights.queries import FLIGHT, Flight, legs_of, lock_flight
from services.travel.gates.queries import gatekeeper
from services.travel.passengers.actions import Leaver, take_off, travellers_among
from services.travel.passengers.queries import (
    PASSENGER,
    Passenger,
    TakenOff,
    living_on,
    parties_of,
    those_who_cannot_fly,
)
from services.travel.returns.actions import note_departures
from shared.act import Act
from shared.clock import rfc3339
from shared.concurrency import locked, touch
from shared.contracts import registration as r
from shared.contracts.travel import BookingReason, PassengerDeparted
from shared.database import Session
from shared.events import Envelope
from shared.http import OtherServices
from shared.outbox import stage
from shared.runner import Errand, wished
from shared.trace import resumed

CLEARED = "cleared"
REFUSED = "refused"


async def close_doors(session: Session, act: Act, flight: Flight) -> HandOver | None:
    """Closes the doors of a locked flight: decides who stays, and writes down who registration is asked to clear.

    With nobody on board the flight is closed at once, and there is nothing to ask. Raises `NotPossibleNow`.
    """
    flight.status = FLIGHT.after(flight.status, "close_doors")
    flight.closing_at = act.now
    touch(flight)
    await _leave_behind(session, act, flight)
    boarded = await living_on(session, flight.id)
    if not boarded:
        flight.status = FLIGHT.after(flight.status, "settle_clearance")
        return None
    hand_over = HandOver(
        flight_id=flight.id,
        closing_at=act.now,
        by=act.by,
        roles=sorted(act.roles),
        correlation=act.correlation,
        traceparent=act.traced.traceparent,
    )
    session.add(hand_over)
    wished(session)
    await session.flush()
    for each in boarded:
        each.clearance_id = hand_over.id
        touch(each)
        session.add(
            HandedOver(
                clearance_id=hand_over.id,
                individual_id=each.individual_id,
                passenger_id=each.id,
                case_id=each.case_id,
                attempt=each.attempt,
                willing="yes" if each.adult else WILLING_OF_A_CHILD,
            )
        )
    await session.flush()
    return hand_over


async def _leave_behind(session: Session, act: Act, flight: Flight) -> None:
    living = await living_on(session, flight.id)
    legs = await legs_of(session, [flight.id])
    keeper = await gatekeeper(session, {each.case_id for each in living}, legs[flight.id], act.today)
    # On board before somebody joined their party: no gate says that, and nobody goes ahead of who joined.
    grown = {
        each.id
        for each in await bookings_by_id(session, {passenger.booking_id for passenger in living})
        if has_grown(
            each.joined_since,
            keeper.dossiers[each.case_id].staying(),
            {passenger.individual_id for passenger in living if passenger.case_id == each.case_id},
        )
    }
    party = await parties_of(session, living)
    people = [
        AtTheDoor(
            individual=each.individual_id,
            booking=party[each.booking_id],
            adult=each.adult,
            boarded=each.status == "boarded",
            ready=each.booking_id not in grown
            and not keeper.at_doors(each.case_id, each.individual_id, each.attempt, each.word),
        )
        for each in living
    ]
    travellers = await travellers_among(session, living)

    def cannot_fly(flying: Collection[UUID]) -> Collection[UUID]:
        return those_who_cannot_fly([each for each in travellers if each.individual in flying])

    left = those_left(people, cannot_fly)
    await take_off(
        session, act, flight, [_leaver(each, left[each.individual_id]) for each in living if each.individual_id in left]
    )


def _leaver(passenger: Passenger, why: Left) -> Leaver:
    if why is Left.NO_SHOW:
        return Leaver(passenger, "mark_no_show", BookingReason.NO_SHOW)
    return Leaver(passenger, "offload_passenger", BookingReason.OFFLOADED, TakenOff(str(why)))


@dataclass(frozen=True, slots=True)
class Asking:
    """A hand-over that registration has not answered in full: what it is asked, and on whose behalf."""

    clearance_id: UUID
    body: dict[str, Any]
    act: Act


async def take_hand_overs(session: Session) -> Sequence[Asking]:
    """The hand-overs that wait for an answer."""
    return [_asking(each, await handed_over(session, each.id)) for each in await waiting_hand_overs(session)]


def _asking(hand_over: HandOver, people: Sequence[HandedOver]) -> Asking:
    body = {
        "clearance_id": str(hand_over.id),
        "flight_id": str(hand_over.flight_id),
        "closing_at": rfc3339(hand_over.closing_at),
        "passengers": [
            {
                "individual_id": str(each.individual_id),
                "case_id": str(each.case_id),
                "attempt": each.attempt,
                "willing": each.willing,
            }
            for each in people
        ],
    }
    act = Act(
        by=hand_over.by,
        roles=frozenset(hand_over.roles),
        now=hand_over.closing_at,
        cause=hand_over.id,
        correlation=hand_over.correlation,
        service="travel",
        trace=resumed(hand_over.traceparent, hand_over.id),
    )
    return Asking(hand_over.id, body, act)


async def ask_registration(others: OtherServices, asking: Asking) -> ClearanceAnswer:
    """Asks who is cleared; the same clearance id is the same question. Raises `OtherServiceUnavailable`."""
    answer = await others.ask("registration", "/clearances", asking.body, act=asking.act, key=asking.clearance_id)
    return ClearanceAnswer.model_validate(answer)


async def settle_hand_over(session: Session, act: Act, asking: Asking, answer: ClearanceAnswer) -> None:
    outcomes: dict[UUID, str | None] = dict.fromkeys(answer.cleared)
    outcomes |= {each.individual_id: each.reason for each in answer.refused}
    await note_outcomes(session, act, asking.clearance_id, outcomes)


async def note_outcomes(session: Session, act: Act, clearance_id: UUID, outcomes: Mapping[UUID, str | None]) -> None:
    """Notes what registration decided about some of a hand-over (None: cleared, else why not). When all are decided,
    the flight is closed. What is known already stays as it is, so hearing it twice changes nothing."""
    flight_id = await flight_of_hand_over(session, clearance_id)
    if flight_id is None:
        return
    flight = await lock_flight(session, flight_id)
    hand_over = await locked(session, HandOver, clearance_id)
    if hand_over is None or hand_over.settled_at is not None:
        return
    people = await handed_over(session, clearance_id)
    for each in people:
        if each.outcome is None and each.individual_id in outcomes:
            each.reason = outcomes[each.individual_id]
            each.outcome = CLEARED if each.reason is None else REFUSED
            touch(each)
    if all(each.outcome is not None for each in people):
        await _close_flight(session, act, flight, people)
        hand_over.settled_at = act.now
        touch(hand_over)


async def _close_flight(session: Session, act: Act, flight: Flight, people: Sequence[HandedOver]) -> None:
    flight.status = FLIGHT.after(flight.status, "settle_clearance")
    touch(flight)
    decided = {each.individual_id: each for each in people}
    leavers = []
    for passenger in await living_on(session, flight.id):
        decision = decided[passenger.individual_id]
        if decision.outcome == REFUSED:
            passenger.refused_for = decision.reason
            leavers.append(Leaver(passenger, "offload_passenger", BookingReason.OFFLOADED, TakenOff.NOT_CLEARED))
            continue
        passenger.status = PASSENGER.after(passenger.status, "clear")
        touch(passenger)
        if passenger.take_off_wanted is not None:
            why = TakenOff(passenger.take_off_wanted)
            leavers.append(Leaver(passenger, "offload_passenger", BookingReason.OFFLOADED, why))
    await take_off(session, act, flight, leavers)


async def settle_by_paper(session: Session, act: Act, flight: Flight) -> None:
    """The aircraft left while registration had not answered, says a paper: about this locked flight it is asked no
    more."""
    hand_over = await hand_over_of_flight(session, flight.id)
    if hand_over is not None and hand_over.settled_at is None:
        hand_over.settled_at = act.now
        touch(hand_over)


CARRY_HAND_OVER: Errand[Asking, ClearanceAnswer] = Errand(
    name="carry_hand_over",
    take=take_hand_overs,
    go=ask_registration,
    settle=settle_hand_over,
    act=lambda asking: asking.act,
)


async def note_cleared(session: Session, act: Act, envelope: Envelope, fact: r.DepartureCleared) -> None:
    """Registration's decision as a fact, should its answer have been lost."""
    await note_outcomes(session, act, fact.clearance, dict.fromkeys(fact.individuals))


async def note_refused(session: Session, act: Act, envelope: Envelope, fact: r.DepartureRefused) -> None:
    await note_outcomes(session, act, fact.clearance, {each.individual: str(each.reason) for each in fact.refused})


async def note_release(session: Session, act: Act, envelope: Envelope, fact: r.ClearanceReleased) -> None:
    """Registration let someone go: who is still down as cleared by it is taken off: nobody departs uncleared."""
    flight_id = await flight_of_hand_over(session, fact.clearance)
    if flight_id is None:
        return
    flight = await lock_flight(session, flight_id)
    leavers = [
        Leaver(each, "offload_passenger", BookingReason.OFFLOADED, TakenOff.CLEARANCE_RELEASED)
        for each in await living_on(session, flight.id)
        if each.individual_id == fact.individual and each.clearance_id == fact.clearance and each.status == CLEARED
    ]
    await take_off(session, act, flight, leavers)


async def confirm_departure(
    session: Session, act: Act, flight: Flight, departed_at: datetime, counted: Count | None = None
) -> None:
    """The aircraft left, says a person: everyone cleared on this locked flight departed with it.

    Raises `NotPossibleNow`, `DepartedBeforeDoorsClosed`, `AskAgainFirst`, `ManifestDisagrees`.
    """
    status = FLIGHT.after(flight.status, "confirm_departure")
    aboard = await living_on(session, flight.id)
    check_departure(departed_at, flight.closing_at, [each.individual_id for each in aboard if each.must_be_asked])
    escorts = await booked_on(session, flight.id)
    check_counted(counted, Count(len(aboard) + len(escorts), sum(each.bags for each in aboard)))
    if counted is not None:
        flight.counted_persons, flight.counted_pieces = counted.persons, counted.pieces
    flight.status = status
    flight.departed_at = departed_at
    touch(flight)
    for booking in await bookings_by_id(session, {each.booking_id for each in aboard}):
        booking.status = BOOKING.after(booking.status, "close_booking")
        touch(booking)
    left: dict[UUID, Passenger] = {}
    for each in sorted(aboard, key=lambda passenger: (passenger.case_id, passenger.individual_id)):
        each.status = PASSENGER.after(each.status, "depart")
        each.departed_at = departed_at
        touch(each)
        left[await tell_departed(session, act, flight, each, departed_at)] = each
    await note_departures(session, act, flight, left)
    await note_escorts_flown(session, act, flight, departed_at)


async def tell_departed(
    session: Session,
    act: Act,
    flight: Flight,
    passenger: Passenger,
    at: datetime,
    *,
    on_paper: bool = False,
    in_order: bool = True,
) -> UUID:
    """Tells that a passenger left. `in_order`: of a flight worked on paper, that nothing on the paper was amiss."""
    if passenger.clearance_id is None:
        raise RuntimeError("a passenger is cleared without a clearance")
    fact = PassengerDeparted(
        individual=passenger.individual_id,
        booking=passenger.booking_id,
        flight=flight.id,
        at=at,
        clearance=passenger.clearance_id,
        kind=flight.kind,
        from_airport=flight.from_airport,
        entered_at=act.now,
        on_paper=on_paper,
        in_order=in_order,
    )
    return await stage(
        session,
        act,
        fact,
        key=passenger.case_id,
        subject=passenger.individual_id,
        attempt=passenger.attempt,
        occurred=at,
    )
