"""Verbs of duplicates."""

from collections.abc import Callable, Collection
from datetime import datetime
from itertools import chain
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from services.registration.cases.queries import CaseFile, Individual, lock_files
from services.registration.cases.rules import LEFT
from services.registration.documents.queries import documents_of
from services.registration.duplicates.models import PeopleLink, PossibleDuplicate
from services.registration.duplicates.queries import alike, case_of, likenesses, live_links
from services.registration.duplicates.rules import (
    DecidedAlready,
    LinkMakesAChain,
    LinkUndoneAlready,
    Verdict,
    check_on_the_way,
    check_stands,
    pair,
)
from services.registration.duplicates.schemas import DecisionBody
from services.registration.holds.actions import HoldBody, HoldReason, place_hold, release_if_open
from services.registration.reckoning.actions import reckon
from services.registration.reckoning.rules import What
from shared.act import Act
from shared.concurrency import locked, locked_all
from shared.contracts.registration import PeopleLinked, PeopleUnlinked
from shared.database import Session, core, new_id
from shared.outbox import stage
from shared.problems import NotFound


async def review_duplicates(session: Session, now: datetime, limit: int) -> tuple[int, int]:
    """Compares up to `limit` records that are new or were changed with all others. Gives how many were compared, and
    how many likenesses were found. People of one household are not compared: a child may stand in a parent's paper."""
    waiting = select(Individual.id).where(col(Individual.compared_at).is_(None)).order_by(col(Individual.id))
    ids = (await session.exec(waiting.limit(limit))).all()
    people = [one for one in await locked_all(session, Individual, ids) if one.compared_at is None]
    if not people:
        return 0, 0
    papers = await documents_of(session, [one.id for one in people])
    numbers = {one.id: [(p.number_key, p.issuing_country) for p in papers.get(one.id, [])] for one in people}
    names = {one.id: [(one.birth_date, one.given_key), (one.birth_date, one.family_key)] for one in people}
    like = await alike(session, set(chain(*numbers.values())), set(chain(*names.values())))
    households = await _households(session, set().union(*like.values()))
    found: dict[tuple[UUID, UUID], list[str]] = {}
    for one in people:
        for other, reasons in likenesses(like, numbers[one.id], names[one.id]).items():
            if households[other] != one.household_id:
                found[pair(one.id, other)] = reasons
    await _keep(session, now, found)
    same = update(Individual).where(col(Individual.id).in_([one.id for one in people]))
    await core(session, same.values(compared_at=now))  # not by the unit of work: for who reads it nothing has changed
    return len(people), len(found)


async def _households(session: Session, individuals: Collection[UUID]) -> dict[UUID, UUID]:
    rows = select(Individual.id, Individual.household_id).where(col(Individual.id).in_(list(individuals)))
    return {one: household for one, household in (await session.exec(rows)).all()}


async def _keep(session: Session, now: datetime, found: dict[tuple[UUID, UUID], list[str]]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"id": new_id(), "one_id": one, "other_id": other, "likeness": reasons, "found_at": now}
        | {"status": "open", "version": 1}
        for (one, other), reasons in sorted(found.items())
    ]
    if rows:
        await core(session, dialect.insert(PossibleDuplicate).on_conflict_do_nothing(), rows)


async def decide_likeness(
    session: Session, act: Act, likeness_id: UUID, body: DecisionBody, seen_as: Callable[[PossibleDuplicate], None]
) -> tuple[PossibleDuplicate, PeopleLink | None]:
    """The same person, or two. A link holds the duplicate, so that nobody is booked twice.
    `seen_as`: compares the version that the caller decided on, under the lock.

    Raises `NotFound`, `DecidedAlready`, `StandsUnclear`, `LinkMakesAChain`, `DuplicateOnTheWay`.
    """
    seen = await session.get(PossibleDuplicate, likeness_id)
    if seen is None:
        raise NotFound("possible duplicate")
    two = (seen.one_id, seen.other_id)
    cases = {one: await case_of(session, one) for one in two}
    files = await lock_files(session, [case for case in cases.values() if case is not None])
    row = await locked(session, PossibleDuplicate, likeness_id)
    assert row is not None  # likenesses are never deleted
    seen_as(row)
    if row.status != "open":
        raise DecidedAlready()
    check_stands(body.verdict, body.stands, two)
    row.status = "linked" if body.verdict is Verdict.SAME else "different"
    row.decided_at = act.now
    row.decided_by = act.by
    row.version += 1
    if body.stands is None:
        return row, None
    duplicate = two[1] if body.stands == two[0] else two[0]
    return row, await _link(session, act, row, duplicate, body.stands, {one: files[c] for one, c in cases.items() if c})


async def _link(
    session: Session, act: Act, likeness: PossibleDuplicate, duplicate: UUID, stands: UUID, files: dict[UUID, CaseFile]
) -> PeopleLink:
    chained = [
        link for link in await live_links(session, [duplicate, stands]) if not _both_stand(link, duplicate, stands)
    ]
    if chained:
        raise LinkMakesAChain(linked=sorted({one for link in chained for one in (link.duplicate_id, link.stands_id)}))
    file = files[duplicate]
    status = _status(file, duplicate)
    check_on_the_way(status, _status(files[stands], stands))
    hold = None
    if not file.closed and status not in ("departed", LEFT):
        hold = await place_hold(session, act, file, HoldBody(individuals=[duplicate], reason=HoldReason.OTHER))
        await session.flush()
    link = PeopleLink(
        id=new_id(),
        likeness_id=likeness.id,
        duplicate_id=duplicate,
        duplicate_case=file.id,
        stands_id=stands,
        standing_case=files[stands].id,
        hold_id=hold.id if hold else None,
        linked_at=act.now,
        linked_by=act.by,
    )
    session.add(link)
    reckon(session, What.LINK, link.id)
    fact = PeopleLinked(link=link.id, duplicate=duplicate, stands=stands, standing_case=link.standing_case)
    await stage(session, act, fact, key=file.id, subject=link.id)
    return link


def _status(file: CaseFile, individual: UUID) -> str:
    standing = file.members.get(individual)
    return LEFT if standing is None else standing.member.status


def _both_stand(link: PeopleLink, duplicate: UUID, stands: UUID) -> bool:
    """Several duplicates may stand for one person; nothing else of a link may be linked again."""
    return link.stands_id == stands and link.duplicate_id != duplicate


async def undo_link(session: Session, act: Act, link_id: UUID, seen_as: Callable[[PeopleLink], None]) -> PeopleLink:
    """They are two people again, and the hold of the link is released. Raises `NotFound`, `LinkUndoneAlready`."""
    seen = await session.get(PeopleLink, link_id)
    if seen is None:
        raise NotFound("link")
    files = await lock_files(session, [seen.duplicate_case, seen.standing_case])
    link = await locked(session, PeopleLink, link_id)
    assert link is not None  # links are never deleted
    seen_as(link)
    if link.undone_at is not None:
        raise LinkUndoneAlready()
    link.undone_at = act.now
    link.undone_by = act.by
    reckon(session, What.UNLINK, link.id)
    link.version += 1
    likeness = await locked(session, PossibleDuplicate, link.likeness_id)
    assert likeness is not None  # a foreign key
    likeness.status = "different"
    likeness.version += 1
    await release_if_open(session, act, files[link.duplicate_case], link.hold_id)
    fact = PeopleUnlinked(
        link=link.id, duplicate=link.duplicate_id, stands=link.stands_id, standing_case=link.standing_case
    )
    await stage(session, act, fact, key=link.duplicate_case, subject=link.id)
    return link
