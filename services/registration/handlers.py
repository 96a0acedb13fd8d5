"""What registration hears, and what it does about it.

Every fact about a case is a line of its journey. What travel tells of passengers may have consequences here, and so
has the end of assistance: all of them by looking again at everything told of the case. What became of a booking is to
be told to its people besides.
"""

from uuid import UUID

from services.registration.cases.queries import lock_files
from services.registration.facts.actions import (
    keep_assistance,
    keep_booking,
    keep_line,
    keep_passage,
    keep_willingness,
)
from services.registration.notices.actions import ABOUT, make_notices
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
    await look_again(session, act, file)


HANDLERS: Handlers = {
    travel.WillingnessStated: Handler(fold=keep_willingness, react=on_fact_about_case),
    travel.BookingMade: Handler(fold=keep_booking),
    travel.BookingCancelled: Handler(fold=keep_booking, react=on_booking_changed),
    travel.BookingWaiting: Handler(fold=keep_line, react=on_booking_changed),
    travel.BookingOnHold: Handler(fold=keep_line, react=on_booking_changed),
    travel.BookingResumed: Handler(fold=keep_line, react=on_booking_changed),
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
    reintegration.SurveyScored: Handler(fold=keep_line),
    reintegration.ContactLost: Handler(fold=keep_line),
    reintegration.AssistanceReopened: Handler(fold=keep_line),
    reintegration.ContactRegained: Handler(fold=keep_line),
}
