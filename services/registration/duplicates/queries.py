"""Reads of likenesses and links: bounded by a page, whatever the number of records."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, tuple_
from sqlmodel import col, select

from services.registration.cases.queries import CaseMember, Individual
from services.registration.documents.queries import Document
from services.registration.duplicates.models import PeopleLink, PossibleDuplicate
from services.registration.duplicates.rules import Likeness
from shared.database import Session
from shared.pagination import exactly

__all__ = [
    "PeopleLink",
    "PossibleDuplicate",
    "alike",
    "case_of",
    "likenesses",
    "linked_in",
    "links_of",
    "list_rows",
    "live_links",
    "waits_to_be_compared",
]

MOST_ALIKE = 5_000
"""Records that one look may find: a number such as "none" would name everybody."""

Number = tuple[str, str]
"""A document's number as it is compared, and the country that issued it."""
Name = tuple[date, str]
"""A birth date, and a name as it is compared."""
Alike = dict[Number | Name, set[UUID]]
"""Who has that document or that name."""


async def list_rows(session: Session, *, status: str, before: UUID | None, limit: int) -> Sequence[PossibleDuplicate]:
    """Newest first, one more than `limit` where more follow."""
    rows = select(PossibleDuplicate).where(exactly(col(PossibleDuplicate.status), status))
    if before is not None:
        rows = rows.where(col(PossibleDuplicate.id) < before)
    newest = (col(PossibleDuplicate.status).desc(), col(PossibleDuplicate.id).desc())
    return (await session.exec(rows.order_by(*newest).limit(limit + 1))).all()


async def links_of(session: Session, likenesses: Iterable[UUID]) -> dict[UUID, PeopleLink]:
    """The newest link by likeness, in one query."""
    rows = select(PeopleLink).where(col(PeopleLink.likeness_id).in_(list(likenesses))).order_by(col(PeopleLink.id))
    return {row.likeness_id: row for row in (await session.exec(rows)).all()}


async def live_links(session: Session, individuals: Iterable[UUID]) -> Sequence[PeopleLink]:
    """The links, not undone, that name one of them."""
    who = list(individuals)
    named = or_(col(PeopleLink.duplicate_id).in_(who), col(PeopleLink.stands_id).in_(who))
    return (await session.exec(select(PeopleLink).where(named, col(PeopleLink.undone_at).is_(None)))).all()


async def linked_in(session: Session, case_id: UUID) -> set[UUID]:
    """Those of a case who are, by a link that stands, the duplicate of somebody."""
    rows = select(PeopleLink.duplicate_id).where(
        PeopleLink.duplicate_case == case_id, col(PeopleLink.undone_at).is_(None)
    )
    return set((await session.exec(rows)).all())


async def waits_to_be_compared(session: Session) -> bool:
    """Whether some record is new, or was changed, since records were last compared."""
    waiting = select(Individual.id).where(col(Individual.compared_at).is_(None)).limit(1)
    return (await session.exec(waiting)).first() is not None


async def case_of(session: Session, individual: UUID) -> UUID | None:
    """The newest case that the person is in."""
    rows = select(CaseMember.case_id).where(CaseMember.individual_id == individual)
    return (await session.exec(rows.order_by(col(CaseMember.case_id).desc()).limit(1))).first()


async def alike(session: Session, numbers: Collection[Number], names: Collection[Name]) -> Alike:
    """Who has one of these documents, or one of these names, given or family name first. Three queries, whatever their
    number."""
    found: Alike = defaultdict(set)
    if numbers:
        held: Any = select(Document.individual_id, Document.number_key, Document.issuing_country)
        asked = tuple_(col(Document.number_key), col(Document.issuing_country)).in_(sorted(set(numbers)))
        held = held.where(asked).limit(MOST_ALIKE)
        for individual, number, country in (await session.exec(held)).all():
            found[number, country].add(individual)
    for key in (col(Individual.given_key), col(Individual.family_key)) if names else ():
        called: Any = select(Individual.id, Individual.birth_date, key)
        called = called.where(tuple_(col(Individual.birth_date), key).in_(list(names))).limit(MOST_ALIKE)
        for individual, born, name in (await session.exec(called)).all():
            found[born, name].add(individual)
    return found


def likenesses(found: Alike, numbers: Iterable[Number], names: Iterable[Name]) -> dict[UUID, list[str]]:
    """Who is like somebody with these documents and names, and in what."""
    reasons: dict[UUID, list[str]] = defaultdict(list)
    asked: list[tuple[Likeness, Iterable[Number | Name]]] = [
        (Likeness.SAME_DOCUMENT, numbers),
        (Likeness.SAME_NAME_AND_BIRTH_DATE, names),
    ]
    for likeness, keys in asked:
        for one in sorted({one for key in keys for one in found.get(key, ())}):
            reasons[one].append(likeness)
    return reasons
