"""Verbs of notices."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.registration.cases.queries import CaseFile, lock_files
from services.registration.facts.queries import FlightFact, SeatFact, flight_tellings, hold_flight, seats_by, seats_on
from services.registration.notices.models import Notice, Telling
from services.registration.notices.queries import open_about, open_of_flight, told_about, told_of
from services.registration.notices.rules import (
    OF_THE_GROUND,
    About,
    Concerned,
    NoticeSettledAlready,
    came_after,
    changes_of,
    hears_of_its_end,
    must_be_told,
    overtaken_by,
    to_be_told,
)
from services.registration.notices.schemas import TellingBody
from shared.act import Act
from shared.contracts.travel import (
    BookingCancelled,
    BookingFacts,
    BookingOnHold,
    BookingResumed,
    BookingWaiting,
    GroundArranged,
    GroundCancelled,
    OfferEnded,
    OfferMade,
)
from shared.database import Session, new_id
from shared.events import Event
from shared.occurrence import when

ABOUT: Mapping[type[Event], About] = {
    BookingCancelled: About.CANCELLED,
    BookingOnHold: About.ON_HOLD,
    BookingWaiting: About.WAITING,
    BookingResumed: About.RESUMED,
}


@dataclass(frozen=True, slots=True)
class _News:
    """What is to be told, and the fact that says so."""

    event_id: UUID
    booking_id: UUID
    flight_id: UUID | None
    about: About
    reason: str | None = None
    departs_at: datetime | None = None
    answer_by: datetime | None = None


async def make_notices(
    session: Session, act: Act, file: CaseFile, event_id: UUID, about: About, fact: BookingFacts | BookingWaiting
) -> None:
    """One for each who must be told, once for each fact. What of the booking it leaves nothing to tell of is
    overtaken."""
    reason = getattr(fact, "reason", None)
    if not must_be_told(about, reason):
        return
    booking, flight = (
        (fact.entry, fact.lost_flight) if isinstance(fact, BookingWaiting) else (fact.booking, fact.flight)
    )
    await _make(session, act, file, _News(event_id, booking, flight, about, reason), fact.individuals)


async def tell_of_ground(
    session: Session, act: Act, file: CaseFile, event_id: UUID, fact: GroundArranged | GroundCancelled
) -> None:
    """How they come to the airport, or where they sleep before it; and that it is not so any more."""
    news = _News(event_id, fact.arrangement, fact.flight, About.GROUND_CANCELLED, fact.kind)
    if isinstance(fact, GroundArranged):
        news = replace(news, about=About.GROUND, departs_at=fact.begins)
    await _make(session, act, file, news, fact.individuals)


async def close_ground_of(session: Session, act: Act, file: CaseFile, flight_id: UUID) -> None:
    """Somebody lost a seat on a flight: who has no seat there any more, nor anybody they are responsible for, need not
    be told how they come to it."""
    flying = [seat.individual_id for seat in await seats_on(session, flight_id) if seat.case_id == file.id]
    still_told = _told_for(act, file, flying)
    for older in await open_of_flight(session, file.id, flight_id, OF_THE_GROUND):
        if older.individual_id not in still_told:
            _end_untold(act, older)


async def tell_of_offer(session: Session, act: Act, file: CaseFile, event_id: UUID, fact: OfferMade) -> None:
    """Whoever seats are held for learns on which flight, and until when."""
    news = _News(event_id, fact.offer, fact.flight, About.OFFERED, None, fact.departs, fact.expires_at)
    await _make(session, act, file, news, fact.individuals)


async def tell_of_offers_end(session: Session, act: Act, file: CaseFile, event_id: UUID, fact: OfferEnded) -> None:
    """What was not told of the offer yet need not be told; who knew of it learns that it is over, unless by their own
    doing."""
    news = _News(event_id, fact.offer, fact.flight, About.OFFER_ENDED, fact.how)
    await _overtake(session, act, file, news, list(file.members))
    told = await told_about(session, file.id, fact.offer, About.OFFERED)
    people = [one for one in file.members if hears_of_its_end(fact.how, one in told)]
    await _tell(session, act, file, news, people)


async def tell_of_change(session: Session, act: Act, event_id: UUID, flight_id: UUID) -> None:
    """All who were booked on a flight before it changed, whatever their cases, learn when and how it leaves now; all
    their cases are locked, in the order of their ids."""
    await hold_flight(session, flight_id, alone=True)
    changes = {change.event_id: change for change in changes_of(await flight_tellings(session, flight_id))}
    change = changes.get(event_id)
    if change is not None:
        seats = [seat for seat in await seats_on(session, flight_id) if came_after(change, seat.position, seat.since)]
        await _tell_seats(session, act, change, seats)


async def catch_up_with_changes(session: Session, act: Act, booking_id: UUID, flight_id: UUID) -> None:
    """The booking was heard of after a change of its flight that came after it: facts of a case and of a flight come
    in any order. The last change is told, if it has not been."""
    await hold_flight(session, flight_id, alone=False)
    changes = changes_of(await flight_tellings(session, flight_id))
    seats = await seats_by(session, booking_id) if changes else []
    missed = [c for c in changes if any(came_after(c, seat.position, seat.since) for seat in seats)]
    if missed:
        await _tell_seats(session, act, missed[-1], seats)


async def _tell_seats(session: Session, act: Act, change: FlightFact, seats: Sequence[SeatFact]) -> None:
    by_booking: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for seat in seats:
        by_booking[seat.case_id, seat.booking_id].append(seat.individual_id)
    files = await lock_files(session, {case_id for case_id, _ in by_booking})
    for (case_id, booking_id), people in sorted(by_booking.items()):
        if case_id in files:
            news = _News(change.event_id, booking_id, change.flight_id, About.CHANGED, departs_at=change.departs_at)
            await _make(session, act, files[case_id], news, people)


async def _make(session: Session, act: Act, file: CaseFile, news: _News, individuals: Sequence[UUID]) -> None:
    """A notice for each of these, or for those responsible for them, who has none of the same fact yet."""
    await _tell(session, act, file, news, _told_for(act, file, individuals))


def _told_for(act: Act, file: CaseFile, individuals: Sequence[UUID]) -> list[UUID]:
    concerned = [file.members[one] for one in individuals if one in file.members]
    return to_be_told(Concerned(each.id, each.is_adult(act.today), each.responsible) for each in concerned)


async def _tell(session: Session, act: Act, file: CaseFile, news: _News, people: Sequence[UUID]) -> None:
    told = await told_of(session, news.event_id)
    new = [one for one in people if one not in told]
    if not new:
        return
    await _overtake(session, act, file, news, new)
    for individual in new:
        row = Notice(
            id=new_id(),
            case_id=file.id,
            individual_id=individual,
            event_id=news.event_id,
            booking_id=news.booking_id,
            flight_id=news.flight_id,
            about=news.about,
            reason=news.reason,
            departs_at=news.departs_at,
            answer_by=news.answer_by,
            made_at=act.now,
        )
        session.add(row)
    await session.flush()


async def _overtake(session: Session, act: Act, file: CaseFile, news: _News, people: Sequence[UUID]) -> None:
    """What need not be told these people any more, once this is to be told."""
    found = await open_about(session, file.id, news.booking_id, people, overtaken_by(news.about))
    for older in [each for each in found if each.event_id != news.event_id]:
        _end_untold(act, older)


def _end_untold(act: Act, older: Notice) -> None:
    older.status = "overtaken"
    older.settled_at = act.now
    older.version += 1


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
