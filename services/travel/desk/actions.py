"""What the airport desk does with one passenger on a locked flight."""

from collections.abc import Sequence
from datetime import datetime

from services.travel.bookings.queries import booking, check_gate, check_party
from services.travel.desk.models import WillingnessStatement
from services.travel.desk.rules import (
    REASON_OF_ANSWER,
    AskedBeforeOthersLeft,
    AskedOfAdultsOnly,
    CheckInNotOpen,
    NotAskedAlone,
)
from services.travel.desk.schemas import OffloadReason, WillingnessBody
from services.travel.flights.queries import BEFORE_DOORS, FLIGHT, Flight, check_in_is_open, legs_of
from services.travel.gates.actions import show_missing
from services.travel.gates.queries import Gatekeeper, gatekeeper
from services.travel.holds.actions import hold_or_resume
from services.travel.passengers.actions import Leaver, take_off, travellers_among
from services.travel.passengers.queries import PASSENGER, DoorsClosed, Passenger, TakenOff, living_on
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.travel import BookingReason, WillingnessAnswer, WillingnessStated
from shared.database import Session
from shared.occurrence import LateReason
from shared.outbox import stage


async def check_in(session: Session, act: Act, flight: Flight, passenger: Passenger) -> None:
    """Raises `CheckInNotOpen`, `NotPossibleNow`, `GateNotPassed`, `PartyGrew`."""
    if not check_in_is_open(flight.status, flight.check_in_opens_at, act.now):
        raise CheckInNotOpen(opens_at=flight.check_in_opens_at.isoformat(), state=flight.status)
    status = PASSENGER.after(passenger.status, "check_in")
    keeper = await _keeper(session, act, flight, passenger)
    _check_papers_and_health(keeper, passenger)
    await _check_party(session, keeper, passenger)
    passenger.documents = [str(each) for each in keeper.relied_on(passenger.case_id, passenger.individual_id)]
    passenger.status = status
    passenger.checked_in_at = act.now
    touch(passenger)
    if flight.status == "scheduled":
        flight.status = FLIGHT.after(flight.status, "open_check_in")
        touch(flight)


async def check_baggage(session: Session, act: Act, flight: Flight, passenger: Passenger, pieces: int) -> None:
    """Pieces that go into the hold; with their owner they come off again. Raises `DoorsClosed`, `NotPossibleNow`."""
    if flight.status not in BEFORE_DOORS:
        raise DoorsClosed(state=flight.status)
    PASSENGER.after(passenger.status, "check_baggage")
    passenger.bags = pieces
    touch(passenger)


async def board_passenger(session: Session, act: Act, flight: Flight, passenger: Passenger) -> None:
    """Raises `DoorsClosed`, `NotPossibleNow`, `GateNotPassed`, `PartyGrew`."""
    if flight.status not in BEFORE_DOORS:
        raise DoorsClosed(state=flight.status)
    status = PASSENGER.after(passenger.status, "board_passenger")
    keeper = await _keeper(session, act, flight, passenger)
    _check_papers_and_health(keeper, passenger)
    await _check_party(session, keeper, passenger)
    passenger.status = status
    passenger.boarded_at = act.now
    touch(passenger)


async def state_willingness(
    session: Session, act: Act, flight: Flight, passenger: Passenger, body: WillingnessBody, stated_at: datetime
) -> None:
    """Keeps an answer: an adult's, or a child's own no. Anything but yes takes the person off at once, with every
    child they are responsible for, whoever else is; the rest of the booking is asked again.

    Taken until the doors close, and after that of those who must be asked again. Raises `DoorsClosed`,
    `AskedOfAdultsOnly`, `NotAskedAlone`, `AskedBeforeOthersLeft`, `NotPossibleNow`.
    """
    PASSENGER.after(passenger.status, "state_willingness")
    yes = body.answer is WillingnessAnswer.YES
    if yes and not passenger.adult:
        raise AskedOfAdultsOnly()
    asked_again = passenger.status == "cleared" and passenger.ask_again_since is not None
    if flight.status not in BEFORE_DOORS and not asked_again:
        raise DoorsClosed(state=flight.status)
    if yes and not body.asked_alone:
        raise NotAskedAlone()
    since = passenger.ask_again_since
    if yes and since is not None and stated_at < since:
        raise AskedBeforeOthersLeft(since=since.isoformat())
    session.add(_statement(act, passenger, body, stated_at))
    passenger.word = str(body.answer)
    passenger.word_at = stated_at
    passenger.ask_again_since = None
    touch(passenger)
    await _tell_answer(session, act, passenger, body.answer, stated_at)
    if not yes:
        await _take_off_with_children(session, act, flight, passenger, body.answer)


async def _take_off_with_children(
    session: Session, act: Act, flight: Flight, passenger: Passenger, answer: WillingnessAnswer
) -> None:
    reason = REASON_OF_ANSWER[answer]
    why = TakenOff.NOT_WILLING if answer is WillingnessAnswer.NO else TakenOff(str(answer))
    leavers = [Leaver(passenger, "offload_passenger", reason, why)]
    living = await living_on(session, flight.id)
    theirs = {
        each.individual
        for each in await travellers_among(session, living)
        if not each.adult and passenger.individual_id in each.responsible
    }
    for each in living:
        if each.individual_id in theirs:
            leavers.append(Leaver(each, "offload_passenger", reason, TakenOff.WITHOUT_RESPONSIBLE_ADULT))
    await _off(session, act, flight, leavers)


async def keep_written_answer(
    session: Session,
    act: Act,
    passenger: Passenger,
    said: tuple[WillingnessAnswer, bool, str, datetime],
    evidence: str | None,
    *,
    standing: bool,
) -> None:
    """Keeps and tells what a paper says was answered (which, asked alone, in which language, when), whatever became of
    the passenger. `standing`: it is the word that counts; else it stands beside the one on record."""
    answer, alone, language, at = said
    session.add(
        WillingnessStatement(
            passenger_id=passenger.id,
            answer=str(answer),
            asked_alone=alone,
            language=language,
            stated_at=at,
            recorded_at=act.now,
            late_reason=str(LateReason.PAPER_FORM),
            evidence=evidence,
            by=act.by,
        )
    )
    if standing:
        passenger.word, passenger.word_at, passenger.ask_again_since = str(answer), at, None
        touch(passenger)
    await _tell_answer(session, act, passenger, answer, at)


async def _tell_answer(
    session: Session, act: Act, passenger: Passenger, answer: WillingnessAnswer, stated_at: datetime
) -> None:
    who = passenger.individual_id
    fact = WillingnessStated(individual=who, flight=passenger.flight_id, answer=answer, stated_at=stated_at)
    await stage(session, act, fact, key=passenger.case_id, subject=who, attempt=passenger.attempt, occurred=stated_at)


async def offload_passenger(
    session: Session, act: Act, flight: Flight, passenger: Passenger, reason: OffloadReason
) -> None:
    """Takes somebody off, until the aircraft has left. While registration is deciding, the wish is kept and done as
    soon as it has, so that nobody is cleared after being taken off. Raises `NotPossibleNow`."""
    PASSENGER.after(passenger.status, "offload_passenger")
    if flight.status == "closing":
        passenger.take_off_wanted = str(reason)
        touch(passenger)
        return
    leaver = Leaver(passenger, "offload_passenger", BookingReason.OFFLOADED, TakenOff(str(reason)))
    await _off(session, act, flight, [leaver])


async def mark_no_show(session: Session, act: Act, flight: Flight, passenger: Passenger) -> None:
    """Raises `DoorsClosed`, `NotPossibleNow`."""
    if flight.status not in BEFORE_DOORS:
        raise DoorsClosed(state=flight.status)
    PASSENGER.after(passenger.status, "mark_no_show")
    await _off(session, act, flight, [Leaver(passenger, "mark_no_show", BookingReason.NO_SHOW)])


async def _off(session: Session, act: Act, flight: Flight, leavers: Sequence[Leaver]) -> None:
    """Takes people off at the desk: their bookings go on where only they were held."""
    off = [each.passenger for each in await take_off(session, act, flight, leavers)]
    await hold_or_resume(session, act, flight, {each.case_id for each in off})


async def _keeper(session: Session, act: Act, flight: Flight, passenger: Passenger) -> Gatekeeper:
    legs = await legs_of(session, [flight.id])
    return await gatekeeper(session, [passenger.case_id], legs[flight.id], act.today)


def _check_papers_and_health(keeper: Gatekeeper, passenger: Passenger) -> None:
    missing = keeper.at_check_in(passenger.case_id, passenger.individual_id, passenger.attempt)
    check_gate({passenger.individual_id: [item.model_dump() for item in show_missing(missing)]})


async def _check_party(session: Session, keeper: Gatekeeper, passenger: Passenger) -> None:
    theirs = await booking(session, passenger.booking_id)
    if theirs.joined_since:
        living = await living_on(session, passenger.flight_id)
        seated = {each.individual_id for each in living if each.case_id == passenger.case_id}
        check_party(theirs.joined_since, keeper.dossiers[passenger.case_id].staying(), seated)


def _statement(act: Act, passenger: Passenger, body: WillingnessBody, stated_at: datetime) -> WillingnessStatement:
    return WillingnessStatement(
        passenger_id=passenger.id,
        answer=str(body.answer),
        asked_alone=body.asked_alone,
        language=body.language,
        stated_at=stated_at,
        recorded_at=act.now,
        late_reason=None if body.late_reason is None else str(body.late_reason),
        evidence=body.evidence,
        by=act.by,
    )
