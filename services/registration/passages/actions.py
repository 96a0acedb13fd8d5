"""Verbs of passages: doing what follows from the facts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.registration.cases.queries import CaseFile, Standing
from services.registration.clearances.actions import end_with_departure, release_clearance
from services.registration.clearances.queries import closing_times
from services.registration.closures.actions import close_with_assistance
from services.registration.declarations.queries import end_declaration, live_declarations
from services.registration.departures.queries import Departure, departures_of
from services.registration.facts.queries import PassageFact, passages_of
from services.registration.holds.actions import hold_after_desk
from services.registration.holds.queries import held_in
from services.registration.incidents.actions import open_incident
from services.registration.incidents.queries import IncidentKind, open_about, reasons_of
from services.registration.memberships.queries import once_a_member
from services.registration.passages.rules import ENDS_CLEARANCE, LEFT, NEVER_SILENT, UNSURE, Follow, Where, next_step
from services.registration.withdrawals.actions import Said, note_contradictions, take_withdrawal
from services.registration.withdrawals.queries import WithdrawalChannel, origins_of
from shared.act import Act
from shared.database import Session

MOST_STEPS = 1_000
"""A guard against a rule that never comes to rest: such a fact is parked, not looped over for ever."""

_ABOUT_EVENTS = {
    "pressed": IncidentKind.PRESSED_AT_DESK,
    "not_sure": IncidentKind.NOT_SURE_AT_DESK,
    "not_admitted": IncidentKind.NOT_ADMITTED,
}


class NeverAtRest(Exception):
    """Looking at the same facts again and again finds something to do each time."""


async def look_again(session: Session, act: Act, file: CaseFile) -> None:
    """Looks at all that travel and reintegration told of the case, and does what follows and has not been done.

    Called again with nothing new, it changes nothing.
    """
    facts: dict[UUID, list[PassageFact]] = defaultdict(list)
    for fact in await passages_of(session, file.id):
        if fact.individual_id in file.members:
            facts[fact.individual_id].append(fact)
        elif fact.kind in NEVER_SILENT:
            await _told_of_who_left(session, act, file, fact)
    kinds = {fact.kind for told in facts.values() for fact in told}
    kept = await _kept(session, file, kinds)
    for individual, told in facts.items():
        for _ in range(MOST_STEPS):
            found = next_step(told, _where(file, file.members[individual], kept))
            if found is None:
                break
            step, fact = found
            await _follow(session, act, file, file.members[individual], step, fact)
            await session.flush()
            kept = await _kept(session, file, kinds)
        else:
            raise NeverAtRest()
    await close_with_assistance(session, act, file)


async def _told_of_who_left(session: Session, act: Act, file: CaseFile, fact: PassageFact) -> None:
    """A flight left with somebody who is of the case no more, or they were pressed at its door, or turned back at the
    border: nobody here cleared them, and it is never silent. A person looks at it; who did fly rejoins first."""
    standing = await once_a_member(session, file.id, fact.individual_id)
    if standing is None:
        return
    if fact.kind == "departed":
        await open_incident(session, act, file, standing, IncidentKind.DEPARTED_UNCLEARED, fact.flight_id, fact.at)
    elif fact.attempt in (None, standing.member.attempt):
        await open_incident(session, act, file, standing, _ABOUT_EVENTS[fact.kind], fact.event_id, fact.at)


async def hold_who_is_back(session: Session, act: Act, file: CaseFile, individual: UUID) -> None:
    """What they said at the desk while they were out of the case had its incident and no hold: who comes back before
    protection has looked at it is held."""
    waiting = await open_about(session, individual)
    for fact in await passages_of(session, file.id) if waiting else ():
        if fact.individual_id == individual and fact.kind in UNSURE and fact.event_id in waiting:
            await hold_after_desk(session, act, file, individual, fact.event_id)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is on record of a case beside its members, read in one go; each step may change it."""

    held: Collection[tuple[UUID, UUID]] = ()
    heard: Collection[tuple[UUID, UUID]] = ()
    incidents: Collection[tuple[UUID, UUID]] = ()
    departures: Sequence[Departure] = ()
    closing: Mapping[UUID, datetime] = field(default_factory=dict)


async def _kept(session: Session, file: CaseFile, kinds: Collection[str]) -> _Kept:
    """As much of it as the rule looks at for these kinds of facts: most facts need little, and there are many."""
    left = not LEFT.isdisjoint(kinds)
    clearances = {each.member.clearance_id for each in file.members.values() if each.member.clearance_id is not None}
    return _Kept(
        held=await held_in(session, [file.id]) if left else (),
        heard=await origins_of(session, file.id) if "no" in kinds else (),
        incidents=await reasons_of(session, file.members) if left or not UNSURE.isdisjoint(kinds) else (),
        departures=await departures_of(session, file.id) if left else (),
        closing=await closing_times(session, clearances) if clearances and not ENDS_CLEARANCE.isdisjoint(kinds) else {},
    )


def _where(file: CaseFile, standing: Standing, kept: _Kept) -> Where:
    member = standing.member
    return Where(
        status=member.status,
        attempt=member.attempt,
        held=(file.id, standing.id) in kept.held,
        case_closed=file.closed,
        protection_pending=member.protection_pending,
        clearance_id=member.clearance_id,
        flight_id=member.flight_id,
        closing_at=kept.closing.get(member.clearance_id) if member.clearance_id else None,
        heard={origin for one, origin in kept.heard if one == standing.id},
        incidents={about for one, about in kept.incidents if one == standing.id},
        left={row.flight_id: row.attempt for row in kept.departures if row.individual_id == standing.id},
    )


async def _follow(
    session: Session, act: Act, file: CaseFile, standing: Standing, step: Follow, fact: PassageFact
) -> None:
    match step:
        case Follow.WITHDRAW:
            said = Said(fact.at, WithdrawalChannel.DESK, fact.event_id)
            await take_withdrawal(session, act, file, [standing.id], said)
        case Follow.HOLD:
            await open_incident(session, act, file, standing, _ABOUT_EVENTS[fact.kind], fact.event_id, fact.at)
            if not file.closed:
                await hold_after_desk(session, act, file, standing.id, fact.event_id)
        case Follow.RELEASE:
            await release_clearance(session, act, file, standing)
        case Follow.DEPART:
            await end_with_departure(session, standing, fact.at)
            await _depart(session, act, file, standing, fact, "cleared")
        case Follow.DEPART_ON_PAPER:
            await _depart(session, act, file, standing, fact, "on_paper")
        case Follow.INCIDENT:
            kind = IncidentKind.DEPARTED_UNCLEARED
            await open_incident(session, act, file, standing, kind, fact.flight_id, fact.at)
        case Follow.REFUSE_ENTRY:
            file.move(standing, "refuse_entry")
            declared = await live_declarations(session, [file.id])
            end_declaration(declared.get((file.id, standing.id)), "not_admitted", act.now)
            await open_incident(session, act, file, standing, _ABOUT_EVENTS[fact.kind], fact.event_id, fact.at)
            file.settle()


async def _depart(session: Session, act: Act, file: CaseFile, standing: Standing, fact: PassageFact, how: str) -> None:
    file.move(standing, "depart" if how == "cleared" else "confirm_departure")
    standing.member.clearance_id = None
    standing.member.flight_id = fact.flight_id
    session.add(
        Departure(
            individual_id=standing.id,
            flight_id=fact.flight_id,
            case_id=file.id,
            attempt=standing.member.attempt,
            how=how,
            departed_at=fact.at,
            recorded_at=act.now,
        )
    )
    file.settle()
    await note_contradictions(session, act, file, standing.id)


async def confirm_departure(session: Session, act: Act, file: CaseFile, individual: UUID, flight: UUID) -> None:
    """A person found that somebody did leave whom nobody had cleared: they stand as departed, and what travel told
    since then follows. A departure of an earlier attempt changes nothing in this one.

    Raises `NotPossibleNow` when the person stands where nobody departs from.
    """
    standing = file.one(individual)
    told = [
        fact
        for fact in await passages_of(session, file.id)
        if fact.individual_id == individual and fact.kind == "departed" and fact.flight_id == flight
    ]
    for fact in told[:1]:
        if fact.attempt in (None, standing.member.attempt):
            if standing.member.status == "cleared":
                await release_clearance(session, act, file, standing)
            await _depart(session, act, file, standing, fact, "confirmed")
    await session.flush()
    await look_again(session, act, file)
