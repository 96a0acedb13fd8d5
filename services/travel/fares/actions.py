"""Writing down fares, and what became of each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.travel.fares.models import Fare, FareEntry, FareEntryBeside
from services.travel.fares.queries import Sold, entries_of_passengers, fares_of, sold_as, terms_of
from services.travel.fares.rules import OUTCOME_OF, FareOutcome, Settled, Terms, check_terms, settled
from services.travel.fares.schemas import FareBody
from services.travel.flights.queries import Flight
from services.travel.passengers.queries import Passenger
from shared.act import Act
from shared.contracts.travel import BookingReason
from shared.database import Session
from shared.fields import plain_decimal


async def set_fare(session: Session, act: Act, flight: Flight, body: FareBody) -> Fare:
    """A fare for seats that are booked from now on. Raises `FareUnclear`."""
    fare = Fare(
        flight_id=flight.id,
        for_whom=str(body.for_whom),
        amount=body.price.amount,
        currency=body.price.currency,
        steps=[
            {
                "hours_before": step.hours_before,
                "share": None if step.share is None else plain_decimal(step.share),
                "amount": None if step.amount is None else plain_decimal(step.amount),
            }
            for step in body.steps
        ],
        no_show_fee=body.no_show_fee,
        project_code=body.project_code,
        budget_line=body.budget_line,
        source=body.source,
        by=act.by,
        recorded_at=act.now,
    )
    check_terms(terms_of(fare), flight.currency)
    session.add(fare)
    await session.flush()
    return fare


async def settle_fares(
    session: Session,
    act: Act,
    flight: Flight,
    gone: Sequence[tuple[Passenger, BookingReason, datetime]],
    *,
    fare_is_lost: bool,
) -> None:
    """What is refunded and what is lost of seats given up on a locked flight: by each passenger, why, and when the seat
    was booked. Told on the passenger, and written to the ledger; the person pays nothing."""
    fares = await fares_of(session, flight.id)
    before = await entries_of_passengers(session, [passenger.id for passenger, _, _ in gone])
    for passenger, reason, booked_at in gone:
        outcome = OUTCOME_OF.get(reason, FareOutcome.CANCELLED) if fare_is_lost else FareOutcome.FLIGHT_CANCELLED
        sold = sold_as(flight, fares, adult=passenger.adult, booked_at=booked_at)
        of_seat = settled(sold[0], flight.departs_at, act.now, outcome)
        number = len(before.get(passenger.id, [])) + 1
        session.add(_entry(act, flight, passenger, sold, outcome, of_seat, number, act.now))
        seats = 1 + passenger.extra_seats
        passenger.fare_refunded, passenger.fare_lost = of_seat.refunded * seats, of_seat.lost * seats
        passenger.fare_currency = sold[0].currency


async def note_flown(
    session: Session, act: Act, flight: Flight, flown: Iterable[Passenger], booked: Mapping[UUID, datetime]
) -> None:
    """These passengers flew: their fares are spent. What was written down before of one who was thought left behind is
    taken back. `booked`: when, by booking."""
    people = list(flown)
    fares = await fares_of(session, flight.id)
    before = await entries_of_passengers(session, [each.id for each in people])
    for passenger in people:
        assert passenger.departed_at is not None
        there = before.get(passenger.id, [])
        number = len(there) + 1
        if there and there[-1].outcome not in (FareOutcome.REVERSED, FareOutcome.FLOWN):
            session.add(_reversed(act, there[-1], number))
            number += 1
            passenger.fare_refunded = passenger.fare_lost = passenger.fare_currency = None
        sold = sold_as(flight, fares, adult=passenger.adult, booked_at=booked[passenger.booking_id])
        nothing = settled(sold[0], flight.departs_at, act.now, FareOutcome.FLOWN)
        at = passenger.departed_at
        session.add(_entry(act, flight, passenger, sold, FareOutcome.FLOWN, nothing, number, at))


def _entry(
    act: Act,
    flight: Flight,
    passenger: Passenger,
    sold: Sold,
    outcome: FareOutcome,
    of_seat: Settled,
    number: int,
    at: datetime,
) -> FareEntry:
    terms, fare_id, project_code, budget_line = sold
    seats = 1 + passenger.extra_seats
    return FareEntry(
        passenger_id=passenger.id,
        number=number,
        flight_id=flight.id,
        case_id=passenger.case_id,
        fare_id=fare_id,
        outcome=str(outcome),
        seats=seats,
        fare=terms.amount * seats,
        refunded=of_seat.refunded * seats,
        lost=of_seat.lost * seats,
        currency=terms.currency,
        project_code=project_code,
        budget_line=budget_line,
        at=at,
        recorded_at=act.now,
    )


def note_beside(
    session: Session,
    act: Act,
    flight: Flight,
    of: Mapping[str, UUID],
    sold: tuple[Terms, str, str],
    outcome: FareOutcome,
    seat: str,
    *,
    seats: int = 1,
    at: datetime | None = None,
) -> None:
    """Writes down what became of seats beside the passengers' own. `of`: the escort_id, or the passenger_id; `sold`:
    terms of one seat, project code and budget line; `at`: now, where it is left out."""
    terms, project_code, budget_line = sold
    of_seat = settled(terms, flight.departs_at, act.now, outcome)
    entry = FareEntryBeside(
        **of,
        flight_id=flight.id,
        outcome=str(outcome),
        seat=seat,
        seats=seats,
        fare=terms.amount * seats,
        refunded=of_seat.refunded * seats,
        lost=of_seat.lost * seats,
        currency=terms.currency,
        project_code=project_code,
        budget_line=budget_line,
        at=at or act.now,
        recorded_at=act.now,
    )
    session.add(entry)


def _reversed(act: Act, entry: FareEntry, number: int) -> FareEntry:
    said = entry.model_dump(exclude={"id", "number", "outcome", "fare", "refunded", "lost", "recorded_at"})
    return FareEntry(
        **said,
        number=number,
        outcome=str(FareOutcome.REVERSED),
        fare=-entry.fare,
        refunded=-entry.refunded,
        lost=-entry.lost,
        recorded_at=act.now,
    )
