"""Waiting for a seat: joining the list, leaving it, and being seated from it in its order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.travel.facts.queries import Dossier, dossier_of
from services.travel.passengers.queries import flown_of_case, living_of_individuals
from services.travel.waiting.models import PriorityFact, WaitingEntry
from services.travel.waiting.queries import levels_of, waiting_entry, waiting_entry_of
from services.travel.waiting.rules import NothingToWaitFor, WaitsAlready, check_waits, level_of
from shared.act import Act
from shared.concurrency import touch
from shared.contracts import registration as r
from shared.contracts.travel import BookingWaiting
from shared.database import Session
from shared.events import Envelope
from shared.outbox import stage


async def keep_priority(session: Session, envelope: Envelope, fact: r.PriorityAssigned) -> None:
    """Folds who goes first. Never why: that stays in registration."""
    individual = "" if fact.individual is None else str(fact.individual)
    await session.merge(PriorityFact(case_id=UUID(envelope.key), individual=individual, level=fact.level))


async def on_priority_assigned(session: Session, act: Act, envelope: Envelope, fact: r.PriorityAssigned) -> None:
    """Who waits moves to the place of the new level."""
    entry = await waiting_entry_of(session, UUID(envelope.key), lock=True)
    if entry is not None:
        level = await _level_of(session, entry)
        if level != entry.level:
            entry.level = level
            touch(entry)


async def join_waiting_list(session: Session, act: Act, dossier: Dossier) -> WaitingEntry:
    """Everyone of the case who could be booked waits together, from now on. The caller holds the case's turn.

    Raises `WaitsAlready`, `NothingToWaitFor`.
    """
    assert dossier.case is not None
    there = await waiting_entry_of(session, dossier.case.case_id)
    if there is not None:
        raise WaitsAlready(entry=there.id)
    travelled = {
        each.individual_id
        for each in await flown_of_case(session, dossier.case.case_id)
        if each.attempt == dossier.attempt_now(each.individual_id)  # whoever was not admitted may wait again
    }
    travelled |= {each for each, attempt in dossier.returns if attempt == dossier.attempt_now(each)}
    seated = {each.individual_id for each in await living_of_individuals(session, list(dossier.members))}
    going = {
        each: dossier.attempt_now(each)
        for each in sorted(dossier.members)
        if each not in travelled | seated and not dossier.withdrawn(each, dossier.attempt_now(each))
    }
    if not going or dossier.case.closed:
        raise NothingToWaitFor()
    case = dossier.case
    return await _enter(session, act, case.case_id, case.destination_country, going, act.now, None)


async def wait_again(
    session: Session, act: Act, case_id: UUID, flight: UUID, tries: Mapping[UUID, int], since: datetime
) -> None:
    """Those who lost their seats with a cancelled flight wait, as if they had done so `since` then. Who waited already
    waits on, together with them."""
    dossier = await dossier_of(session, case_id)
    if dossier.case is None or dossier.case.closed or not tries:
        return
    there = await waiting_entry_of(session, case_id, lock=True)
    if there is None:
        await _enter(session, act, case_id, dossier.case.destination_country, tries, since, flight)
        return
    there.individuals = sorted({*there.individuals, *(str(each) for each in tries)})
    there.since = min(there.since, since)
    there.level = await _level_of(session, there)
    touch(there)
    await _tell(session, act, there, flight, tries)


async def wait_along(session: Session, act: Act, case_id: UUID, individual: UUID) -> None:
    """Who joins a case that waits, waits with the others, in their place: it is seated as a whole or not at all."""
    there = await waiting_entry_of(session, case_id, lock=True)
    dossier = await dossier_of(session, case_id)
    if there is None or str(individual) in there.individuals or individual not in dossier.staying():
        return
    there.individuals = sorted({*there.individuals, str(individual)})
    there.level = await _level_of(session, there)
    touch(there)
    await _tell(session, act, there, None, {individual: dossier.attempt_now(individual)})


async def leave_waiting_list(
    session: Session, act: Act, case_id: UUID, status: str, gone: Collection[UUID]
) -> datetime | None:
    """Takes people off the list: seated, or no longer waiting. The entry ends with the last of them. Gives since when
    they waited; none where none of them did."""
    entry = await waiting_entry_of(session, case_id, lock=True)
    if entry is None:
        return None
    rest = [each for each in entry.individuals if UUID(each) not in gone]
    if len(rest) == len(entry.individuals):
        return None
    if rest:
        entry.individuals = rest
        entry.level = await _level_of(session, entry)
    else:
        entry.status, entry.ended_at = status, act.now
    touch(entry)
    since: datetime = entry.since
    return since


async def end_waiting(session: Session, act: Act, entry_id: UUID) -> WaitingEntry:
    """An officer takes a case off the list. The caller holds the case's turn. Raises `NotFound`, `NotPossibleNow`."""
    entry = await waiting_entry(session, entry_id, lock=True)
    check_waits(entry.status)
    entry.status, entry.ended_at = "left", act.now
    touch(entry)
    return entry


async def look_at_waiting(session: Session, act: Act, dossier: Dossier) -> None:
    """What follows for the list from everything known of a case: who withdrew, left it, or is home by
    other means waits no more."""
    if dossier.case is None:
        return
    entry = await waiting_entry_of(session, dossier.case.case_id)
    if entry is None:
        return
    waiting = [UUID(each) for each in entry.individuals]
    gone = [
        each
        for each in waiting
        if dossier.case.closed
        or each not in dossier.members
        or dossier.withdrawn(each, dossier.attempt_now(each))
        or (each, dossier.attempt_now(each)) in dossier.returns
    ]
    await leave_waiting_list(session, act, dossier.case.case_id, "left", gone)


async def _enter(
    session: Session,
    act: Act,
    case_id: UUID,
    destination: str,
    tries: Mapping[UUID, int],
    since: datetime,
    flight: UUID | None,
) -> WaitingEntry:
    entry = WaitingEntry(
        case_id=case_id,
        destination=destination,
        individuals=[str(each) for each in sorted(tries)],
        level=await _level(session, case_id, list(tries)),
        since=since,
    )
    session.add(entry)
    await session.flush()
    await _tell(session, act, entry, flight, tries)
    return entry


async def _tell(
    session: Session, act: Act, entry: WaitingEntry, flight: UUID | None, tries: Mapping[UUID, int]
) -> None:
    fact = BookingWaiting(
        entry=entry.id,
        individuals=tuple(sorted(tries)),
        attempts=dict(tries),
        destination_country=entry.destination,
        since=entry.since,
        lost_flight=flight,
    )
    await stage(session, act, fact, key=entry.case_id, subject=entry.id)


async def _level_of(session: Session, entry: WaitingEntry) -> int:
    return await _level(session, entry.case_id, [UUID(each) for each in entry.individuals])


async def _level(session: Session, case_id: UUID, people: Sequence[UUID]) -> int:
    levels = await levels_of(session, case_id)
    return level_of([levels[str(each)] for each in people if str(each) in levels], levels.get(""))
