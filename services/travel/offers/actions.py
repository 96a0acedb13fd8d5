"""Holding seats until a moment, and giving them back. All of it on a locked flight."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.travel.facts.queries import Dossier
from services.travel.flights.queries import BEFORE_DOORS, Flight, FlightNotOpen, lock_flight
from services.travel.offers.models import SeatOffer
from services.travel.offers.queries import flights_with_due, held_for, held_of_case, held_on
from services.travel.offers.rules import OFFER, OfferedAlready, check_expiry, is_over
from shared.act import Act
from shared.clock import machine_now
from shared.concurrency import touch
from shared.contracts.travel import OfferEnd, OfferEnded, OfferMade
from shared.database import Session, new_id
from shared.outbox import stage
from shared.runner import Errand, nothing_to_ask, wished

FLIGHTS_AT_ONCE: Final = 50


async def hold_seats(
    session: Session, act: Act, flight: Flight, case_id: UUID, people: Sequence[UUID], expires_at: datetime
) -> SeatOffer:
    """Sets seats aside for people of a case whose turn is taken. That there are enough is the caller's check.

    Raises `FlightNotOpen`, `OfferTime`, `OfferedAlready`.
    """
    if flight.status not in BEFORE_DOORS or act.now >= flight.departs_at:
        raise FlightNotOpen(state=flight.status)
    check_expiry(expires_at, act.now, flight.doors_at)
    there = await held_of_case(session, case_id)
    if there is not None:
        raise OfferedAlready(offer=str(there.id))
    offer = SeatOffer(
        case_id=case_id,
        flight_id=flight.id,
        individuals=[str(each) for each in sorted(people)],
        seats=len(people),
        made_at=act.now,
        expires_at=expires_at,
        by=act.by,
    )
    session.add(offer)
    flight.seats_aside += offer.seats
    touch(flight)
    await session.flush()
    fact = OfferMade(
        offer=offer.id,
        flight=flight.id,
        individuals=_people(offer),
        departs=flight.departs_at,
        expires_at=expires_at,
    )
    await stage(session, act, fact, key=case_id, subject=offer.id)
    return offer


def _people(offer: SeatOffer) -> tuple[UUID, ...]:
    return tuple(UUID(each) for each in offer.individuals)


def offer_freed(session: Session, act: Act, flight: Flight) -> None:
    """Seats of a locked flight are free again: as long as its doors are open, an errand gives them to those who wait,
    from the head of their list."""
    if flight.status in BEFORE_DOORS:
        flight.seats_freed_at, flight.seats_offered_past = act.now, None
        touch(flight)
        wished(session)


_VERBS: Final = {OfferEnd.TAKEN: "accept_offer", OfferEnd.DECLINED: "decline_offer", OfferEnd.EXPIRED: "expire"}


async def let_go(session: Session, act: Act, flight: Flight, offer: SeatOffer, how: OfferEnd) -> None:
    """The seats of an offer are free on its locked flight, and that is told. Raises `NotPossibleNow`."""
    offer.status = OFFER.after(offer.status, _VERBS.get(how, "end"))
    over = how is OfferEnd.EXPIRED and act.now >= offer.expires_at
    offer.ended_at = offer.expires_at if over else act.now
    touch(offer)
    flight.seats_aside -= offer.seats
    touch(flight)
    fact = OfferEnded(offer=offer.id, flight=flight.id, individuals=_people(offer), how=how)
    await stage(session, act, fact, key=offer.case_id, subject=offer.id)


async def give_back_due(session: Session, act: Act, flight: Flight) -> list[SeatOffer]:
    """On a locked flight: the seats of every offer whose moment has passed go back. Doing it again changes nothing."""
    doors_open = flight.status in BEFORE_DOORS
    held = await held_on(session, flight.id)
    due = [each for each in held if is_over(each.expires_at, act.now, doors_open=doors_open)]
    for offer in sorted(due, key=_by_case):
        await let_go(session, act, flight, offer, OfferEnd.EXPIRED)
    if due:
        offer_freed(session, act, flight)
    await session.flush()
    return due


async def take_up(session: Session, act: Act, flight: Flight, case_id: UUID, booking_id: UUID) -> None:
    """A booking on this locked flight uses the seats that were held for its case; those it does not need are free."""
    offer = await held_for(session, flight.id, case_id)
    if offer is not None:
        await let_go(session, act, flight, offer, OfferEnd.TAKEN)
        offer.booking_id = booking_id


async def end_offers(session: Session, act: Act, flight: Flight) -> None:
    """The flight will not go: no seat of it is held for anybody."""
    for offer in sorted(await held_on(session, flight.id), key=_by_case):
        await let_go(session, act, flight, offer, OfferEnd.FLIGHT_CANCELLED)


def _by_case(offer: SeatOffer) -> UUID:
    # What is told of several cases in one transaction is told in one order, so that two do not wait for each other.
    return offer.case_id


async def look_at_offers(session: Session, act: Act, flight: Flight, dossier: Dossier) -> None:
    """What follows for an offer on this locked flight from everything known of its case: seats are not held for who
    withdrew, left the case, or is home; those for the rest are."""
    if dossier.case is None:
        return
    for offer in await held_on(session, flight.id):
        if offer.case_id != dossier.case.case_id:
            continue
        staying = [each for each in offer.individuals if not dossier.case.closed and _may_fly(dossier, UUID(each))]
        if not staying:
            await let_go(session, act, flight, offer, OfferEnd.NOBODY_LEFT)
            offer_freed(session, act, flight)
        elif len(staying) < offer.seats:
            flight.seats_aside -= offer.seats - len(staying)
            offer.individuals, offer.seats = staying, len(staying)
            touch(offer)
            offer_freed(session, act, flight)


def _may_fly(dossier: Dossier, individual: UUID) -> bool:
    attempt = dossier.attempt_now(individual)
    return (
        individual in dossier.members
        and not dossier.withdrawn(individual, attempt)
        and (individual, attempt) not in dossier.returns
    )


async def expire_offers(session: Session, act: Act, flight_ids: Iterable[UUID]) -> list[SeatOffer]:
    """The sweep: flight after flight, in the order of their ids, what is due is given back."""
    found = []
    for flight_id in sorted(set(flight_ids)):
        found += await give_back_due(session, act, await lock_flight(session, flight_id))
    return found


@dataclass(frozen=True, slots=True)
class FlightToSweep:
    """A flight on which seats are held past their moment."""

    flight_id: UUID
    now: datetime
    cause: UUID

    def act(self) -> Act:
        return Act("service:travel", frozenset({"service"}), self.now, self.cause, self.cause, "travel")


async def flights_to_sweep(session: Session) -> list[FlightToSweep]:
    """By the machine's clock. What the database says is due is found again after every restart."""
    now = machine_now()
    return [FlightToSweep(each, now, new_id()) for each in await flights_with_due(session, now, FLIGHTS_AT_ONCE)]


async def settle_flight(session: Session, act: Act, wish: FlightToSweep, _result: None) -> None:
    """Whoever came first gave the seats back; the second finds none that are due."""
    await expire_offers(session, act, [wish.flight_id])


EXPIRE_OFFERS: Errand[FlightToSweep, None] = Errand(
    name="expire_offers",
    take=flights_to_sweep,
    go=nothing_to_ask,
    settle=settle_flight,
    act=FlightToSweep.act,
    production_only=True,
)
