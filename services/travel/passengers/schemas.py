"""Passengers as they are shown: ids and statuses, never a name."""

from decimal import Decimal
from uuid import UUID

from shared.fields import Answer, AwareTime
from shared.offers import OfferedAction


class PassengerAnswer(Answer):
    """`willingness`: an adult's standing answer, null while it must be asked (again: `ask_again`).
    `bags`: pieces that are to fly; `bags_taken_off`: those that left the aircraft with them.
    `withdrawal_stated_late`: said after clearance, kept by registration, for a person to resolve. `fare_refunded`,
    `fare_lost`: of the seat of who was taken off; the programme bears it, never the person."""

    individual_id: UUID
    case_id: UUID
    flight_id: UUID
    booking_id: UUID
    version: int
    attempt: int
    adult: bool
    extra_seats: int
    status: str
    waiting_for: str | None
    willingness: str | None
    ask_again: bool
    documents: list[UUID]
    bags: int
    bags_taken_off: int
    seat: str
    checked_in_at: AwareTime | None
    boarded_at: AwareTime | None
    taken_off_at: AwareTime | None
    taken_off_for: str | None
    take_off_wanted: str | None
    fare_refunded: Decimal | None
    fare_lost: Decimal | None
    fare_currency: str | None
    refused_for: str | None
    clearance_id: UUID | None
    departed_at: AwareTime | None
    transit_at: AwareTime | None
    ended_at: AwareTime | None
    ended_airport: str | None
    ended_country: str | None
    met_by: str | None
    not_admitted_kind: str | None
    withdrawal_stated_late: bool
    actions: list[OfferedAction]
