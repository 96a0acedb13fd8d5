"""Booking out of seats that were set aside before."""

from collections.abc import Sequence
from uuid import UUID

from services.travel.bookings.actions import BookingBody, SplitBody, book_seats
from services.travel.bookings.queries import Booking, take_turn
from services.travel.bookings.rules import AlreadyBooked, CaseNotKnownYet, NobodyToBook, NotOfThisCase, check_seats
from services.travel.facts.queries import Dossier, dossier_of
from services.travel.flights.queries import BEFORE_DOORS, Flight, FlightNotOpen
from services.travel.offers.actions import give_back_due, hold_seats
from services.travel.offers.queries import OFFER, OfferExpired, SeatOffer
from services.travel.passengers.queries import Passenger, flown_of_case, living_of_individuals
from services.travel.seating.schemas import OfferBody
from services.travel.waiting.queries import still_waiting
from services.travel.waiting.rules import NothingToWaitFor
from shared.act import Act
from shared.database import Session
from shared.problems import NotFound, Problem


async def offer_seats(session: Session, act: Act, flight: Flight, body: OfferBody) -> SeatOffer:
    """Holds seats on a locked flight until a moment, for people of a case whose turn is taken: all of them, or none.
    What the gates ask is asked when the offer is accepted: an offer gives the time to get it.

    Raises `CaseNotKnownYet`, `NotOfThisCase`, `NobodyToBook`, `AlreadyBooked`, `NotEnoughSeats`, and as `hold_seats`.
    """
    dossier = await dossier_of(session, body.case_id)
    if dossier.case is None:
        raise CaseNotKnownYet()
    people = await _those_to_seat(session, dossier, body.individuals)
    await give_back_due(session, act, flight)
    if flight.status in BEFORE_DOORS:
        check_seats(flight.left, len(people))
    return await hold_seats(session, act, flight, body.case_id, people, body.expires_at)


async def accept_offer(
    session: Session, act: Act, flight: Flight, offer: SeatOffer, split: SplitBody | None
) -> tuple[Booking, list[Passenger]]:
    """The seats that were held become a booking; every gate is asked. A refusal leaves the seats held.

    Raises `OfferExpired`, `NotPossibleNow`, and as `book_seats`.
    """
    if offer.status == "expired" or (offer.status == "held" and act.now >= offer.expires_at):
        raise OfferExpired(expired_at=offer.expires_at.isoformat())
    OFFER.after(offer.status, "accept_offer")
    wanted = BookingBody(
        case_id=offer.case_id,
        flight_id=offer.flight_id,
        individuals=tuple(UUID(each) for each in offer.individuals),
        split_agreed=split,
    )
    return await book_seats(session, act, wanted)


async def seat_in_order(
    session: Session, act: Act, flight_id: UUID, waiting: Sequence[tuple[UUID, Sequence[str]]]
) -> list[tuple[UUID | None, str | None]]:
    """Books one case after the other on a flight: the booking of each, or the kind of the refusal. A refusal has
    changed nothing, and the next is asked for."""
    for case_id in sorted({case_id for case_id, _ in waiting}):
        await take_turn(session, case_id)
    # Whoever left the list while their turn was waited for asks for no seat.
    still = await still_waiting(session, (case_id for case_id, _ in waiting))
    found: list[tuple[UUID | None, str | None]] = []
    for case_id, individuals in waiting:
        if case_id not in still:
            found.append((None, NothingToWaitFor.slug))
            continue
        body = BookingBody(case_id=case_id, flight_id=flight_id, individuals=tuple(UUID(each) for each in individuals))
        try:
            booking, _ = await book_seats(session, act, body)
            found.append((booking.id, None))
        except (FlightNotOpen, NotFound):
            raise
        except Problem as refusal:
            found.append((None, refusal.slug))
    return found


async def _those_to_seat(session: Session, dossier: Dossier, named: Sequence[UUID]) -> list[UUID]:
    strangers = sorted(set(named) - set(dossier.members))
    if strangers:
        raise NotOfThisCase(individuals=strangers)
    assert dossier.case is not None
    case_id = dossier.case.case_id
    travelled = {
        each.individual_id
        for each in await flown_of_case(session, case_id)
        if each.attempt == dossier.attempt_now(each.individual_id)
    }
    travelled |= {each for each, attempt in dossier.returns if attempt == dossier.attempt_now(each)}
    seated = {each.individual_id for each in await living_of_individuals(session, list(dossier.members))}
    if seated & set(named):
        raise AlreadyBooked(individuals=sorted(seated & set(named)))
    going = [
        each
        for each in sorted(set(named) or set(dossier.members))
        if each not in travelled | seated and not dossier.withdrawn(each, dossier.attempt_now(each))
    ]
    if not going or dossier.case.closed:
        raise NobodyToBook()
    return going
