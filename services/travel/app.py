"""The one place where travel is wired."""

from pathlib import Path

from fastapi import FastAPI

from services.travel.allowances.routes import router as allowances
from services.travel.bookings.routes import router as bookings
from services.travel.desk.routes import router as desk
from services.travel.doors.actions import CARRY_HAND_OVER
from services.travel.doors.routes import router as doors
from services.travel.escorts.routes import router as escorts
from services.travel.facts.models import FACTS
from services.travel.fares.routes import router as fares
from services.travel.flights.routes import router as flights
from services.travel.freed_seats.actions import GIVE_FREED_SEATS
from services.travel.gates.routes import router as gates
from services.travel.groups.routes import router as groups
from services.travel.handlers import HANDLERS
from services.travel.journeys.routes import router as journeys
from services.travel.manifests.routes import router as manifests
from services.travel.nights.routes import router as nights
from services.travel.offers.actions import EXPIRE_OFFERS
from services.travel.paper_flights.routes import router as paper_flights
from services.travel.papers.routes import router as papers
from services.travel.requests.actions import REMIND_DAILY
from services.travel.requests.routes import router as requests
from services.travel.returns.routes import router as returns
from services.travel.seating.routes import router as seating
from services.travel.settings import TravelSettings
from services.travel.supports.routes import router as supports
from services.travel.tables import Base
from services.travel.today.routes import router as today
from services.travel.transport.routes import router as transport
from services.travel.waiting.models import PriorityFact
from services.travel.waiting.routes import router as waiting
from services.travel.walk_ins.routes import router as walk_ins
from shared.contracts import travel as t
from shared.settings import Settings
from shared.web import build_app
from shared.wiring import Wiring

WIRING = Wiring(
    name="travel",
    title="travel",
    summary="Flights, bookings, gates, the airport desk, the doors, and the way to arrival",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=[
        flights,
        papers,
        gates,
        bookings,
        desk,
        allowances,
        doors,
        paper_flights,
        journeys,
        manifests,
        today,
        waiting,
        walk_ins,
        returns,
        seating,
        fares,
        transport,
        nights,
        requests,
        supports,
        escorts,
        groups,
    ],
    tells=[
        t.FlightScheduled,
        t.FlightChanged,
        t.FlightCancelled,
        t.BookingMade,
        t.BookingCancelled,
        t.BookingWaiting,
        t.BookingOnHold,
        t.BookingResumed,
        t.GroundArranged,
        t.GroundCancelled,
        t.OfferMade,
        t.OfferEnded,
        t.WillingnessStated,
        t.AllowancePaid,
        t.PassengerNoShow,
        t.PassengerOffloaded,
        t.PassengerDeparted,
        t.DepartureCountedOnce,
        t.DepartureCountedAgain,
        t.PassengerInTransit,
        t.PassengerArrived,
        t.PassengerNotAdmitted,
    ],
    handlers=HANDLERS,
    facts=[*FACTS, Base.metadata.tables[str(PriorityFact.__tablename__)]],
    errands=[CARRY_HAND_OVER, REMIND_DAILY, EXPIRE_OFFERS, GIVE_FREED_SEATS],
)


def create_app(settings: Settings | None = None, *, workers: bool = False, migrate: bool = False) -> FastAPI:
    """The service. `workers`: relay, consumer and runner in the same process; `migrate`: schema up to date first."""
    return build_app(WIRING, settings or TravelSettings(), workers=workers, migrate=migrate)
