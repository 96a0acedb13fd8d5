"""What travel tells: bookings and the passage of each person. Key: the case, for flights the flight."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.registration import Part
from shared.events import Event


class Leg(Part):
    """Airports are IATA codes, countries ISO 3166-1 alpha-3, times aware."""

    flight_number: str
    from_airport: str
    from_country: str
    to_airport: str
    to_country: str
    departs: datetime
    arrives: datetime


class FlightScheduled(Event):
    type: ClassVar[str] = "homeward.travel.flight.scheduled.v1"
    key_noun: ClassVar[str] = "flight"
    flight: UUID
    kind: str
    legs: tuple[Leg, ...]
    seats: int


class FlightChanged(Event):
    """Carries the flight as it is after the change."""

    type: ClassVar[str] = "homeward.travel.flight.changed.v1"
    key_noun: ClassVar[str] = "flight"
    flight: UUID
    kind: str
    legs: tuple[Leg, ...]
    seats: int


class FlightCancelled(Event):
    type: ClassVar[str] = "homeward.travel.flight.cancelled.v1"
    key_noun: ClassVar[str] = "flight"
    flight: UUID


class BookingReason(StrEnum):
    """`not_eligible`: eligibility says no, or waits for an answer; `expired`: its decision is not good until then;
    `party_grew`: somebody joined the case since, and has no seat."""

    WITHDRAWN = "withdrawn"
    FLIGHT_CANCELLED = "flight_cancelled"
    RESTRICTION = "restriction"
    HELD = "held"
    NOT_ELIGIBLE = "not_eligible"
    CASE_CLOSED = "case_closed"
    EXPIRED = "expired"
    PARTY_GREW = "party_grew"
    NO_SHOW = "no_show"
    OFFLOADED = "offloaded"
    BY_OFFICER = "by_officer"


class BookingFacts(Event):
    """`individuals` and `attempts`: those who still have a seat by this booking."""

    booking: UUID
    flight: UUID
    individuals: tuple[UUID, ...]
    attempts: dict[UUID, int]


class BookingMade(BookingFacts):
    type: ClassVar[str] = "homeward.travel.booking.made.v1"
    departs: datetime
    arrives: datetime
    destination_country: str
    destination_airport: str


class BookingCancelled(BookingFacts):
    """Subject: the booking. `individuals`: those who lost their seat by this; `remaining`: those who keep it."""

    type: ClassVar[str] = "homeward.travel.booking.cancelled.v1"
    reason: BookingReason
    remaining: tuple[UUID, ...] = ()


class BookingWaiting(Event):
    """Subject: the entry of the waiting list. Nobody of it has a seat yet. `lost_flight`: the cancelled flight on which
    they had seats, if they had."""

    type: ClassVar[str] = "homeward.travel.booking.waiting.v1"
    entry: UUID
    individuals: tuple[UUID, ...]
    attempts: dict[UUID, int]
    destination_country: str
    since: datetime
    lost_flight: UUID | None = None


class GroundKind(StrEnum):
    TRANSPORT = "transport"
    NIGHTS = "nights"


class GroundArranged(Event):
    """Subject: the arrangement, a place in a vehicle to the airport or nights near it, by an officer for these people.
    `begins`: when they are fetched; of nights, none: `night` is the first. Told again of the same arrangement where
    they are fetched at another time or place."""

    type: ClassVar[str] = "homeward.travel.ground.arranged.v1"
    arrangement: UUID
    kind: GroundKind
    flight: UUID
    individuals: tuple[UUID, ...]
    begins: datetime | None = None
    night: date | None = None


class GroundCancelled(Event):
    """Subject: the arrangement. An officer took it back for these people, who fly all the same. Who flies no more is
    told by what became of their booking."""

    type: ClassVar[str] = "homeward.travel.ground.cancelled.v1"
    arrangement: UUID
    kind: GroundKind
    flight: UUID
    individuals: tuple[UUID, ...]


class OfferMade(Event):
    """Subject: the offer. Seats on a flight are set aside for these people until a moment, and are nobody else's."""

    type: ClassVar[str] = "homeward.travel.offer.made.v1"
    offer: UUID
    flight: UUID
    individuals: tuple[UUID, ...]
    departs: datetime
    expires_at: datetime


class OfferEnd(StrEnum):
    """`nobody_left`: nobody of it could be booked any more."""

    TAKEN = "taken"
    DECLINED = "declined"
    EXPIRED = "expired"
    FLIGHT_CANCELLED = "flight_cancelled"
    NOBODY_LEFT = "nobody_left"


class OfferEnded(Event):
    """Subject: the offer. Its seats are a booking's by now, or free."""

    type: ClassVar[str] = "homeward.travel.offer.ended.v1"
    offer: UUID
    flight: UUID
    individuals: tuple[UUID, ...]
    how: OfferEnd


class BookingOnHold(BookingFacts):
    """Subject: the booking. Their seats are kept, and the next gate stops them."""

    type: ClassVar[str] = "homeward.travel.booking.on_hold.v1"
    reason: BookingReason


class BookingResumed(BookingFacts):
    """Subject: the booking. What held it is gone."""

    type: ClassVar[str] = "homeward.travel.booking.resumed.v1"


class WillingnessAnswer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"
    PRESSED = "pressed"


class WillingnessStated(Event):
    """Subject: the individual, an adult, asked alone at the desk."""

    type: ClassVar[str] = "homeward.travel.willingness.stated.v1"
    individual: UUID
    flight: UUID
    answer: WillingnessAnswer
    stated_at: datetime


class AllowancePaid(Event):
    """Subject: the payment. Pocket money before departure, against a receipt. `given_back`: the earlier payment of the
    same line that came back before this one, from an attempt in which nobody flew with it; it counts no more."""

    type: ClassVar[str] = "homeward.travel.allowance.paid.v1"
    payment: UUID
    individual: UUID
    line: str
    amount: Decimal
    currency: str
    receipt: str
    given_back: UUID | None = None


class PassengerFact(Event):
    """Subject: the individual."""

    individual: UUID
    booking: UUID
    flight: UUID
    at: datetime


class PassengerNoShow(PassengerFact):
    type: ClassVar[str] = "homeward.travel.passenger.no_show.v1"
    clearance: UUID | None = None


class PassengerOffloaded(PassengerFact):
    type: ClassVar[str] = "homeward.travel.passenger.offloaded.v1"
    clearance: UUID | None = None


class PassengerDeparted(PassengerFact):
    """`kind`: commercial, charter. `on_paper`: entered afterwards from a flight worked on paper; with `in_order` false,
    the paper shows something with which nobody is cleared. What it is, is not told."""

    type: ClassVar[str] = "homeward.travel.passenger.departed.v1"
    clearance: UUID
    kind: str
    from_airport: str
    entered_at: datetime
    on_paper: bool = False
    in_order: bool = True


class DepartureCount(Event):
    """Key: the departure; subject: the individual. Whether it is counted among the returns: no fact about a case."""

    key_noun: ClassVar[str] = "departure"
    departure: UUID
    individual: UUID
    flight: UUID


class DepartureCountedOnce(DepartureCount):
    """Two records are one person, and both have departed: from here on this one is not counted beside the other."""

    type: ClassVar[str] = "homeward.travel.departure.counted_once.v1"


class DepartureCountedAgain(DepartureCount):
    """It turned out to be somebody else's: from here on it is counted."""

    type: ClassVar[str] = "homeward.travel.departure.counted_again.v1"


class PassengerInTransit(PassengerFact):
    type: ClassVar[str] = "homeward.travel.passenger.in_transit.v1"
    airport: str
    country: str


class MetBy(StrEnum):
    """Who met the person on arrival."""

    REINTEGRATION_TEAM = "reintegration_team"
    PARTNER = "partner"
    FAMILY = "family"
    AUTHORITIES = "authorities"
    NOT_MET = "not_met"


class PassengerArrived(PassengerFact):
    type: ClassVar[str] = "homeward.travel.passenger.arrived.v1"
    airport: str
    country: str
    met_by: MetBy


class PassengerNotAdmitted(PassengerFact):
    type: ClassVar[str] = "homeward.travel.passenger.not_admitted.v1"
    country: str
    kind: str
