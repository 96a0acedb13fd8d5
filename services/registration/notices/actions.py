"""Verbs of notices."""

from collections.abc import Mapping
from uuid import UUID

from services.registration.cases.queries import CaseFile
from services.registration.notices.models import Notice, Telling
from services.registration.notices.queries import made_of, open_about
from services.registration.notices.rules import (
    About,
    Concerned,
    NoticeSettledAlready,
    must_be_told,
    to_be_told,
)
from services.registration.notices.schemas import TellingBody
from shared.act import Act
from shared.contracts.travel import BookingCancelled, BookingFacts, BookingOnHold, BookingResumed, BookingWaiting
from shared.database import Session, new_id
from shared.events import Event
from shared.occurrence import when

ABOUT: Mapping[type[Event], About] = {
    BookingCancelled: About.CANCELLED,
    BookingOnHold: About.ON_HOLD,
    BookingWaiting: About.WAITING,
    BookingResumed: About.RESUMED,
}


async def make_notices(
    session: Session, act: Act, file: CaseFile, event_id: UUID, about: About, fact: BookingFacts | BookingWaiting
) -> None:
    """One for each who must be told, once for each fact. What was still to be told about the booking is overtaken."""
    reason = getattr(fact, "reason", None)
    if not must_be_told(about, reason) or await made_of(session, event_id):
        return
    booking, flight = (
        (fact.entry, fact.lost_flight) if isinstance(fact, BookingWaiting) else (fact.booking, fact.flight)
    )
    concerned = [file.members[one] for one in fact.individuals if one in file.members]
    people = to_be_told(Concerned(each.id, each.is_adult(act.today), each.responsible) for each in concerned)
    for older in await open_about(session, file.id, booking, people):
        older.status = "overtaken"
        older.settled_at = act.now
        older.version += 1
    for individual in people:
        row = Notice(
            id=new_id(),
            case_id=file.id,
            individual_id=individual,
            event_id=event_id,
            booking_id=booking,
            flight_id=flight,
            about=about,
            reason=reason,
            made_at=act.now,
        )
        session.add(row)


async def tell_notice(session: Session, act: Act, notice: Notice, body: TellingBody) -> Telling:
    """Raises `NoticeSettledAlready`, and what `when` raises."""
    if notice.status != "open":
        raise NoticeSettledAlready()
    row = Telling(
        id=new_id(),
        notice_id=notice.id,
        channel=body.channel,
        reached=body.reached,
        told_at=when(act, body),
        recorded_at=act.now,
        told_by=act.by,
    )
    session.add(row)
    notice.attempts += 1
    if body.reached:
        notice.status = "told"
        notice.settled_at = act.now
    notice.version += 1
    return row
