"""Taking in whoever comes to the desk without a booking."""

from dataclasses import dataclass
from uuid import UUID

from services.travel.bookings.actions import BookingBody, book_seats
from services.travel.bookings.queries import Booking, check_gate, take_turn
from services.travel.desk.actions import check_in
from services.travel.flights.queries import BEFORE_DOORS, Flight, FlightNotOpen, check_in_is_open, legs_of, lock_flight
from services.travel.gates.actions import show_missing
from services.travel.gates.queries import Gatekeeper, Missing, gatekeeper
from services.travel.passengers.queries import Passenger
from services.travel.walk_ins.schemas import WalkInBody
from shared.act import Act
from shared.database import Session


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Seats for all of them, and what check-in still asks of each."""

    booking: Booking
    flight: Flight
    passengers: list[Passenger]
    missing: dict[UUID, list[Missing]]


async def take_walk_in(session: Session, act: Act, flight_id: UUID, body: WalkInBody) -> TakenIn:
    """Books all of them, or none, through the gate at booking; checks in each whom check-in lets pass now.

    Where somebody may not be booked, says of everyone what is missing until check-in, so that one round is enough.
    Raises as `book_seats`.
    """
    await take_turn(session, body.case_id)
    flight = await lock_flight(session, flight_id)
    if flight.status not in BEFORE_DOORS or act.now >= flight.departs_at:
        raise FlightNotOpen(state=flight.status)
    legs = (await legs_of(session, [flight.id]))[flight.id]
    keeper = await gatekeeper(session, [body.case_id], legs, act.today)
    _check_bookable(keeper, body)
    wanted = BookingBody(
        case_id=body.case_id, flight_id=flight_id, individuals=body.individuals, split_agreed=body.split_agreed
    )
    booking, passengers = await book_seats(session, act, wanted)
    missing = {
        each.individual_id: keeper.at_check_in(each.case_id, each.individual_id, each.attempt) for each in passengers
    }
    if check_in_is_open(flight.status, flight.check_in_opens_at, act.now):
        for each in passengers:
            if not missing[each.individual_id]:
                await check_in(session, act, flight, each)
    return TakenIn(booking, flight, passengers, missing)


def _check_bookable(keeper: Gatekeeper, body: WalkInBody) -> None:
    dossier = keeper.dossiers[body.case_id]
    people = {each: dossier.attempt_now(each) for each in body.individuals or sorted(dossier.members)}
    known = {who: attempt for who, attempt in people.items() if who in dossier.members}
    asked = known if body.individuals else {who: n for who, n in known.items() if not dossier.withdrawn(who, n)}
    if any(keeper.at_booking(body.case_id, who, attempt) for who, attempt in asked.items()):
        check_gate(
            {
                who: [item.model_dump() for item in show_missing(keeper.at_check_in(body.case_id, who, attempt))]
                for who, attempt in asked.items()
            }
        )
