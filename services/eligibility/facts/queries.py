"""Reads of folded facts, for many cases in a few statements."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.eligibility.facts.models import CaseFact, LinkFact, MemberFact, PassageFact
from shared.database import Session

__all__ = [
    "MOST_LINKS",
    "MemberFact",
    "are_linked",
    "bound_for",
    "case_facts",
    "cases_of_individual",
    "member_facts",
    "passages_of",
    "same_people",
]


# Built once: making a statement anew costs twice what asking it does.
_AMONG_CASES: BindParameter[Any] = bindparam("cases", expanding=True)
_AMONG_INDIVIDUALS: BindParameter[Any] = bindparam("individuals", expanding=True)
_CASES = select(CaseFact).where(col(CaseFact.case_id).in_(_AMONG_CASES))
_MEMBERS = (
    select(MemberFact)
    .where(col(MemberFact.case_id).in_(_AMONG_CASES), col(MemberFact.belongs).is_(True))
    .order_by(col(MemberFact.case_id), col(MemberFact.individual_id))
)
_PASSAGES = select(PassageFact).where(col(PassageFact.individual_id).in_(_AMONG_INDIVIDUALS))
_LINKS = select(LinkFact).where(
    or_(col(LinkFact.duplicate).in_(_AMONG_INDIVIDUALS), col(LinkFact.stands).in_(_AMONG_INDIVIDUALS))
)


async def case_facts(session: Session, cases: Collection[UUID]) -> dict[UUID, CaseFact]:
    rows = await session.exec(_CASES, params={"cases": list(cases)})
    return {row.case_id: row for row in rows}


async def member_facts(session: Session, cases: Collection[UUID]) -> Sequence[MemberFact]:
    """The members who belong to these cases, in an order that stays."""
    return (await session.exec(_MEMBERS, params={"cases": list(cases)})).all()


async def passages_of(session: Session, individuals: Collection[UUID]) -> Sequence[PassageFact]:
    """Every passage of these individuals, in whichever case."""
    return (await session.exec(_PASSAGES, params={"individuals": list(individuals)})).all()


async def are_linked(session: Session, individuals: Collection[UUID]) -> set[UUID]:
    """Those of the individuals that a link names, undone or not."""
    links = (await session.exec(_LINKS, params={"individuals": list(individuals)})).all()
    return {each for link in links for each in (link.duplicate, link.stands)} & set(individuals)


MOST_LINKS = 5
"""How far records of one person are followed from link to link."""


async def same_people(session: Session, individuals: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """For each of the individuals all records of that person, their own among them."""
    groups = {each: frozenset((each,)) for each in individuals}
    known: dict[UUID, LinkFact] = {}
    asked: set[UUID] = set(individuals)
    for _ in range(MOST_LINKS):
        either = or_(col(LinkFact.duplicate).in_(asked), col(LinkFact.stands).in_(asked))
        found = (await session.exec(select(LinkFact).where(either, col(LinkFact.undone).is_(False)))).all()
        new = [link for link in found if link.link_id not in known]
        if not new:
            break
        known.update({link.link_id: link for link in new})
        for link in known.values():
            one = groups.get(link.duplicate, frozenset((link.duplicate,)))
            whole = one | groups.get(link.stands, frozenset((link.stands,)))
            groups.update(dict.fromkeys(whole, whole))
        asked = {each for link in new for each in (link.duplicate, link.stands)}
    return {each: groups[each] for each in individuals}


async def cases_of_individual(session: Session, individual: UUID) -> Sequence[UUID]:
    """The cases of a person, under whichever of their records."""
    rows = select(MemberFact).where(MemberFact.individual_id == individual, col(MemberFact.belongs).is_(True))
    found = (await session.exec(rows)).all()
    cases = {row.case_id for row in found}
    if any(row.linked for row in found):
        records = (await same_people(session, [individual]))[individual]
        others = select(MemberFact.case_id).where(col(MemberFact.individual_id).in_(records))
        cases |= set((await session.exec(others.where(col(MemberFact.belongs).is_(True)))).all())
    return sorted(cases)


def bound_for(country: str) -> SelectOfScalar[UUID]:
    """The ids of the cases with that destination, to be asked within another statement."""
    return select(CaseFact.case_id).where(CaseFact.destination_country == country)
