"""What registration hears, and what it does about it.

Every fact about a case is a line of its journey. What travel tells of passengers may have consequences here, and so
has the end of assistance: all of them by looking again at everything told of the case. What became of a booking is to
be told to its people besides, and so is a change of the flight they are on. A cancelled flight is told by the bookings
that fall with it.
"""

from uuid import UUID

from services.registration.cases.queries import lock_files
from services.registration.facts.actions import (
    keep_assistance,
    keep_booking,
    keep_flight,
    keep_line,
    keep_passage,
    keep_willingness,
)
from services.registration.notices.actions import (
    ABOUT,
    catch_up_with_changes,
    close_ground_of,
    make_notices,
    tell_of_change,
    tell_of_ground,
    tell_of_offer,
    tell_of_offers_end,
)
from services.registration.passages.actions import look_again
from shared.act import Act
from shared.contracts import eligibility, reintegration, travel
from shared.database import Session
from shared.events import Envelope, Event
from shared.inbox import Handler, Handlers


async def on_fact_about_case(session: Session, act: Act, envelope: Envelope, _fact: Event) -> None:
    """Looks again at all that was told of the case. A case that is not known here has nothing to follow."""
    case_id = UUID(envelope.key)
    file = (await lock_files(session, [case_id])).get(case_id)
    if file is not None:
        await look_again(session, act, file)


async def on_booking_changed(
    session: Session, act: Act, envelope: Envelope, fact: travel.BookingFacts | travel.BookingWaiting
) -> None:
    """Who must be told of it is listed; then all that was told of the case is looked at again."""
    case_id = UUID(envelope.key)
    file = (await lock_files(session, [case_id])).get(case_id)
    if file is None:
        return
    await make_notices(session, act, file, envelope.id, ABOUT[type(fact)], fact)
    if isinstance(fact, travel.BookingCancelled):
        await close_ground_of(session, act, file, fact.flight)
    await look_again(session, act, file)


async def on_ground_changed(
    session: Session, act: Act, envelope: Envelope, fact: travel.GroundArranged | travel.GroundCancelled
) -> None:
    case_id = UUID(envelope.key)
    file = (await lock_files(session, [case_id])).get(case_id)
    if file is not None:
        await tell_of_ground(session, act, file, envelope.id, fact)


async def on_offer_made(session: Session, act: Act, envelope: Envelope, fact: travel.OfferMade) -> None:
    case_id = UUID(envelope.key)
    file = (await lock_files(session, [case_id])).get(case_id)
    if file is not None:
        await tell_of_offer(session, act, file, envelope.id, fact)


async def on_offer_ended(session: Session, act: Act, envelope: Envelope, fact: travel.OfferEnded) -> None:
    case_id = UUID(envelope.key)
    file = (await lock_files(session, [case_id])).get(case_id)
    if file is not None:
        await tell_of_offers_end(session, act, file, envelope.id, fact)


async def on_booking_made(session: Session, act: Act, _envelope: Envelope, fact: travel.BookingMade) -> None:
    """What changed of the flight after they were booked may have been heard of before the booking."""
    await catch_up_with_changes(session, act, fact.booking, fact.flight)


async def on_flight_changed(session: Session, act: Act, envelope: Envelope, fact: travel.FlightChanged) -> None:
    """Its key is the flight: who is on it is known here from the bookings."""
    await tell_of_change(session, act, envelope.id, fact.flight)


HANDLERS: Handlers = {
    travel.FlightScheduled: Handler(fold=keep_flight),
    travel.FlightChanged: Handler(fold=keep_flight, react=on_flight_changed),
    travel.WillingnessStated: Handler(fold=keep_willingness, react=on_fact_about_case),
    travel.BookingMade: Handler(fold=keep_booking, react=on_booking_made),
    travel.BookingCancelled: Handler(fold=keep_booking, react=on_booking_changed),
    travel.BookingWaiting: Handler(fold=keep_line, react=on_booking_changed),
    travel.BookingOnHold: Handler(fold=keep_line, react=on_booking_changed),
    travel.BookingResumed: Handler(fold=keep_line, react=on_booking_changed),
    travel.GroundArranged: Handler(fold=keep_line, react=on_ground_changed),
    travel.GroundCancelled: Handler(fold=keep_line, react=on_ground_changed),
    travel.OfferMade: Handler(fold=keep_line, react=on_offer_made),
    travel.OfferEnded: Handler(fold=keep_line, react=on_offer_ended),
    travel.PassengerNoShow: Handler(fold=keep_passage, react=on_fact_about_case),
    travel.PassengerOffloaded: Handler(fold=keep_passage, react=on_fact_about_case),
    travel.PassengerDeparted: Handler(fold=keep_passage, react=on_fact_about_case),
    travel.PassengerNotAdmitted: Handler(fold=keep_passage, react=on_fact_about_case),
    reintegration.AssistanceClosed: Handler(fold=keep_assistance, react=on_fact_about_case),
    # Lines of the journey, and nothing else here.
    travel.AllowancePaid: Handler(fold=keep_line),
    travel.PassengerInTransit: Handler(fold=keep_line),
    travel.PassengerArrived: Handler(fold=keep_line),
    eligibility.EligibilityDecided: Handler(fold=keep_line),
    reintegration.PlanApproved: Handler(fold=keep_line),
    reintegration.PlanChanged: Handler(fold=keep_line),
    reintegration.DeliveryConfirmed: Handler(fold=keep_line),
    reintegration.InstalmentPaid: Handler(fold=keep_line),
    reintegration.PaymentReversed: Handler(fold=keep_line),
    reintegration.VisitMade: Handler(fold=keep_line),
    reintegration.CounsellingHeld: Handler(fold=keep_line),
    reintegration.HelpGiven: Handler(fold=keep_line),
    reintegration.SurveyScored: Handler(fold=keep_line),
    reintegration.ContactLost: Handler(fold=keep_line),
    reintegration.AssistanceReopened: Handler(fold=keep_line),
    reintegration.ContactRegained: Handler(fold=keep_line),
}
