"""Entering what a paper manifest says of a locked flight, and settling what contradicts it.

What happened is kept, whoever it was that flew: registration hears of each that they left on paper and whether all was
in order, and opens its incident where nobody would have been cleared.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.travel.bookings.actions import BookingBody, give_seats, who_travelled
from services.travel.bookings.queries import BOOKING, bookings_by_id
from services.travel.bookings.rules import AlreadyTravelled, CaseNotKnownYet, NotOfThisCase
from services.travel.desk.actions import keep_written_answer
from services.travel.doors.actions import settle_by_paper, tell_departed
from services.travel.escorts.actions import note_escorts_flown
from services.travel.facts.queries import Dossier, dossiers_of
from services.travel.flights.queries import FLIGHT, Flight, legs_of
from services.travel.gates.queries import gatekeeper
from services.travel.offers.queries import held_for
from services.travel.paper_flights.queries import PAPER, PaperManifest, paper_alike
from services.travel.paper_flights.rules import (
    Difference,
    Recorded,
    Resolution,
    SeatElsewhere,
    Stayed,
    Written,
    WrittenOutcome,
    check_left,
    check_lines,
    counts_as_said,
    departed_too,
    differences,
    left_a_child_alone,
    not_in_order,
    seats_beyond,
    walked_in,
)
from services.travel.paper_flights.schemas import PaperLine, PaperManifestBody
from services.travel.passengers.actions import Leaver, take_off, take_seat_again, travellers_among
from services.travel.passengers.queries import (
    FLOWN,
    LIVING,
    PASSENGER,
    Passenger,
    TakenOff,
    living_of_individuals,
    passengers_on,
    those_who_cannot_fly,
)
from services.travel.returns.actions import note_departures
from services.travel.waiting.actions import leave_waiting_list
from shared.act import Act
from shared.clock import rfc3339
from shared.concurrency import touch
from shared.contracts.travel import BookingReason, WillingnessAnswer
from shared.database import Session

REASONS = {WrittenOutcome.NO_SHOW: BookingReason.NO_SHOW, WrittenOutcome.LEFT_BEHIND: BookingReason.OFFLOADED}


async def enter_paper_manifest(
    session: Session, act: Act, flight: Flight, body: PaperManifestBody, departed_at: datetime
) -> PaperManifest:
    """The flight stands as the paper says, and has left. The same paper again changes nothing; another one that says
    the same neither; one that contradicts what is on record is kept beside it, until a person has looked.

    The turns of the cases on the flight are taken. Raises `NotPossibleNow`, `NotOnThisFlight`, `PaperIncomplete`,
    `DepartedBeforeCheckIn`, `SeatElsewhere`, and of who was in no booking `CaseNotKnownYet`, `NotOfThisCase`,
    `AlreadyTravelled`.
    """
    digest = _digest(body)
    known = await paper_alike(session, flight.id, digest)
    if known is not None:
        return known
    everyone = _last_of_each(await passengers_on(session, flight.id))
    seated = [who for who, each in everyone.items() if each.status in (*LIVING, *FLOWN)]
    came = walked_in(body.lines, everyone) if flight.status != "departed" else []
    check_lines([each.individual_id for each in body.lines], {*everyone, *(each for each, _ in came)}, seated)
    check_left(departed_at, flight.check_in_opens_at, flight.closing_at)
    amiss = await _seat_walk_ins(session, act, flight, came, departed_at, everyone)
    paper = PaperManifest(
        flight_id=flight.id,
        digest=digest,
        departed_at=departed_at,
        reason=str(body.reason),
        worked_by=body.worked_by,
        evidence=body.evidence,
        lines=await _lines(session, body.lines, everyone, amiss),
        entered_at=act.now,
        by=act.by,
    )
    session.add(paper)
    await session.flush()
    if flight.status == "departed":
        await _compare(session, act, flight, paper, body.lines, everyone)
        return paper
    flight.status = FLIGHT.after(flight.status, "enter_paper_manifest")
    flight.departed_at = departed_at
    touch(flight)
    await settle_by_paper(session, act, flight)
    for line in body.lines:
        await _keep_answer(session, act, paper, line, everyone[line.individual_id])
    left = [each.individual_id for each in body.lines if each.outcome is WrittenOutcome.DEPARTED]
    await _depart(session, act, flight, paper, [everyone[each] for each in left])
    await _leave_behind(session, act, flight, body.lines, everyone)
    await note_escorts_flown(session, act, flight, departed_at)
    return paper


async def resolve_paper(
    session: Session, act: Act, flight: Flight, paper: PaperManifest, resolution: Resolution
) -> None:
    """A person has looked at what contradicts. Raises `NotPossibleNow`, `CannotBeUndone`, `SeatElsewhere`."""
    paper.status = PAPER.after(paper.status, "resolve_paper")
    paper.resolution = str(resolution)
    paper.resolved_at, paper.resolved_by = act.now, act.by
    touch(paper)
    if resolution is Resolution.DEPARTED_TOO:
        people = departed_too(paper.differs)
        everyone = _last_of_each(await passengers_on(session, flight.id))
        await _depart(session, act, flight, paper, [everyone[each] for each in people])
        touch(flight)


async def _seat_walk_ins(
    session: Session,
    act: Act,
    flight: Flight,
    came: Sequence[tuple[UUID, UUID]],
    departed_at: datetime,
    everyone: dict[UUID, Passenger],
) -> set[UUID]:
    """Who was in no booking and flew has a seat now, and is among `everyone`: those of a case by one booking. Gives
    those whom check-in would not have let pass on that day."""
    cases: dict[UUID, list[UUID]] = defaultdict(list)
    for who, case_id in came:
        cases[case_id].append(who)
    legs = (await legs_of(session, [flight.id]))[flight.id] if cases else []
    amiss = set()
    for case_id, people in sorted(cases.items()):
        keeper = await gatekeeper(session, [case_id], legs, departed_at.date())
        seated = await _seat_who_flew(session, act, flight, keeper.dossiers[case_id], people)
        everyone.update({each.individual_id: each for each in seated})
        amiss |= {
            each.individual_id for each in seated if keeper.at_check_in(case_id, each.individual_id, each.attempt)
        }
    return amiss


async def _seat_who_flew(
    session: Session, act: Act, flight: Flight, dossier: Dossier, people: Sequence[UUID]
) -> list[Passenger]:
    """No gate is asked, for it has happened; where no seat is left, the airline gave one it had not sold here."""
    if dossier.case is None:
        raise CaseNotKnownYet()
    case_id = dossier.case.case_id
    if strangers := sorted(set(people) - set(dossier.members)):
        raise NotOfThisCase(individuals=strangers)
    await _check_not_elsewhere(session, flight, people)
    if gone := sorted({*people} & await who_travelled(session, dossier, case_id)):
        raise AlreadyTravelled(individuals=gone)
    kept = await held_for(session, flight.id, case_id)
    flight.seats += max(len(people) - flight.left - (kept.seats if kept else 0), 0)
    wanted = BookingBody(case_id=case_id, flight_id=flight.id, individuals=tuple(people))
    _, passengers = await give_seats(session, act, flight, dossier, people, wanted, {})
    return passengers


def _digest(body: PaperManifestBody) -> str:
    said = sorted(
        (
            *(str(each.individual_id), each.outcome, str(each.willingness), each.asked_alone, str(each.at)),
            *([] if each.case_id is None else [str(each.case_id)]),
        )
        for each in body.lines
    )
    return hashlib.sha256(json.dumps([rfc3339(body.departed_at), said]).encode()).hexdigest()


def _last_of_each(rows: Sequence[Passenger]) -> dict[UUID, Passenger]:
    """The last seat of each, should somebody have been taken off and booked again."""
    return {each.individual_id: each for each in sorted(rows, key=lambda row: row.id)}


async def _lines(
    session: Session, lines: Sequence[PaperLine], everyone: Mapping[UUID, Passenger], amiss: Collection[UUID]
) -> list[dict[str, Any]]:
    written = [_written(each) for each in lines]
    people = {each.individual: everyone[each.individual] for each in written}
    travellers = await travellers_among(session, list(people.values()), everywhere=True)

    def cannot_fly(flown: Collection[UUID]) -> Collection[UUID]:
        return those_who_cannot_fly([each for each in travellers if each.individual in flown])

    adults = {who for who, each in people.items() if each.adult}
    wrong = not_in_order(written, adults, cannot_fly) | set(amiss)
    wrong |= await _left_a_child_alone(session, [each for each in written if each.departed], everyone)
    return [
        {**each.model_dump(mode="json"), "in_order": each.individual_id not in wrong}
        for each in sorted(lines, key=lambda line: line.individual_id)
    ]


async def _left_a_child_alone(
    session: Session, flown: Sequence[Written], everyone: Mapping[UUID, Passenger]
) -> set[UUID]:
    """Those who by the paper flew away from a child, whether it had a seat on this flight or none at all."""
    left = {each.individual for each in flown}
    found: set[UUID] = set()
    dossiers = await dossiers_of(session, {everyone[who].case_id for who in left})
    for case_id, dossier in sorted(dossiers.items()):
        here = {who for who, member in dossier.members.items() if member.adult}
        children = [
            Stayed(who, frozenset(member.guardians) & here or (frozenset(here) if who in everyone else frozenset()))
            for who, member in dossier.members.items()
            if not member.adult and who not in left
        ]
        if children:
            found |= left_a_child_alone(left, await who_travelled(session, dossier, case_id), children)
    return found


def _written(line: PaperLine) -> Written:
    answer = None if line.willingness is None else str(line.willingness)
    return Written(line.individual_id, line.outcome is WrittenOutcome.DEPARTED, answer, line.asked_alone)


async def _compare(
    session: Session,
    act: Act,
    flight: Flight,
    paper: PaperManifest,
    lines: Sequence[PaperLine],
    everyone: Mapping[UUID, Passenger],
) -> None:
    record = {who: Recorded(each.status in FLOWN, each.word) for who, each in everyone.items()}
    found = differences([_written(each) for each in lines], record, paper.departed_at, flight.departed_at)
    if not found:
        return
    paper.status = PAPER.after(paper.status, "keep_as_correction")
    paper.differs = [each.as_told() for each in found]
    touch(paper)
    for line in _said_otherwise(lines, found):
        # Whoever flew and had said no by this paper is protection's to look at, whatever is found about the paper.
        await _keep_answer(session, act, paper, line, everyone[line.individual_id], standing=False)


def _said_otherwise(lines: Sequence[PaperLine], found: Collection[Difference]) -> list[PaperLine]:
    asked = {each.individual for each in found if each.what == "answer" and each.written != "yes"}
    return [each for each in lines if each.individual_id in asked]


async def _keep_answer(
    session: Session, act: Act, paper: PaperManifest, line: PaperLine, passenger: Passenger, *, standing: bool = True
) -> None:
    if line.willingness is None or not counts_as_said(_written(line)):
        return
    if line.willingness is WillingnessAnswer.YES and not passenger.adult:
        return
    at = min(line.at or paper.departed_at, act.now)
    said = (line.willingness, line.asked_alone, line.language, at)
    await keep_written_answer(session, act, passenger, said, paper.evidence, standing=standing)


async def _depart(
    session: Session, act: Act, flight: Flight, paper: PaperManifest, people: Sequence[Passenger]
) -> None:
    await _check_not_elsewhere(session, flight, [each.individual_id for each in people])
    in_order = {UUID(each["individual_id"]): each["in_order"] for each in paper.lines}
    for each in people:
        if each.status not in LIVING:
            take_seat_again(flight, each)
    given = flight.seats_taken + flight.seats_lost + flight.seats_aside
    flight.seats += seats_beyond(flight.seats, given)
    for booking in await bookings_by_id(session, {each.booking_id for each in people}):
        if booking.status != "closed":
            booking.status = BOOKING.after(booking.status, "close_on_paper")
            booking.cancelled_for = None
            touch(booking)
    left: dict[UUID, Passenger] = {}
    for each in sorted(people, key=lambda passenger: (passenger.case_id, passenger.individual_id)):
        if each.clearance_id is None or each.status not in ("boarded", "cleared"):
            each.clearance_id = paper.id  # nobody was asked about them for this departure
        each.status = PASSENGER.after(each.status, "depart_on_paper")
        each.departed_at = paper.departed_at
        touch(each)
        event = await tell_departed(
            session, act, flight, each, paper.departed_at, on_paper=True, in_order=in_order[each.individual_id]
        )
        left[event] = each
    await note_departures(session, act, flight, left, on_paper=True)
    for case_id in sorted({each.case_id for each in people}):
        gone = [each.individual_id for each in people if each.case_id == case_id]
        await leave_waiting_list(session, act, case_id, "seated", gone)


async def _check_not_elsewhere(session: Session, flight: Flight, people: Sequence[UUID]) -> None:
    seats = [
        {"individual_id": str(each.individual_id), "flight_id": str(each.flight_id)}
        for each in await living_of_individuals(session, people)
        if each.flight_id != flight.id
    ]
    if seats:
        raise SeatElsewhere(seats=sorted(seats, key=lambda each: each["individual_id"]))


async def _leave_behind(
    session: Session,
    act: Act,
    flight: Flight,
    lines: Sequence[PaperLine],
    everyone: Mapping[UUID, Passenger],
) -> None:
    leavers = []
    for line in lines:
        passenger = everyone[line.individual_id]
        if line.outcome is WrittenOutcome.DEPARTED or passenger.status not in LIVING:
            continue
        no_show = line.outcome is WrittenOutcome.NO_SHOW and PASSENGER.may(passenger.status, "mark_no_show")
        verb = "mark_no_show" if no_show else "offload_passenger"
        why = None if no_show else TakenOff.LEFT_BEHIND
        reason = REASONS[line.outcome]
        if line.willingness is WillingnessAnswer.NO:
            why, verb, reason = TakenOff.NOT_WILLING, "offload_passenger", BookingReason.WITHDRAWN
        leavers.append(Leaver(passenger, verb, reason, why))
    await take_off(session, act, flight, leavers)
