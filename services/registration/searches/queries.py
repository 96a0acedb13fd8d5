"""Reads of searches: each from the beginning of its own index, and no further than the answer is long."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.registration.cases.queries import Case, CaseMember, Household, Individual
from services.registration.documents.queries import Document
from shared.database import Session
from shared.pagination import exactly

LAST = "\U0010ffff"
"""Comes after every character that a key is made of."""


async def people_named(session: Session, beginning: str, born: date | None, limit: int) -> list[UUID]:
    """Individuals whose name begins so, given name or family name first: in the order of their names."""
    found: set[tuple[str, UUID]] = set()
    for key in (col(Individual.given_key), col(Individual.family_key)):
        rows = select(key, Individual.id).where(key >= beginning, key < beginning + LAST)
        if born is not None:
            rows = rows.where(exactly(col(Individual.birth_date), born)).order_by(col(Individual.birth_date))
        rows = rows.order_by(key, col(Individual.id)).limit(limit)
        found |= {(name, individual) for name, individual in (await session.exec(rows)).all()}
    return list(dict.fromkeys(individual for _, individual in sorted(found)))


async def holders_of(session: Session, number: str, country: str | None, limit: int) -> list[UUID]:
    """Individuals with a document of this number, whatever has become of it."""
    key = col(Document.number_key)
    rows = select(Document.individual_id).where(exactly(key, number))
    if country is not None:
        rows = rows.where(Document.issuing_country == country)
    return list(dict.fromkeys((await session.exec(rows.order_by(key, col(Document.id)).limit(limit))).all()))


async def reached_by(session: Session, phone: str, limit: int) -> list[UUID]:
    """Individuals of the households that are reached by this number."""
    key = col(Household.phone_key)
    rows = select(Household.id).where(exactly(key, phone)).order_by(key, col(Household.id)).limit(limit)
    households = (await session.exec(rows)).all()
    people = select(Individual.id).where(col(Individual.household_id).in_(households)).order_by(col(Individual.id))
    return list((await session.exec(people.limit(limit))).all())


async def cases_of(session: Session, individuals: Sequence[UUID]) -> list[tuple[Individual, Case]]:
    """Each individual with each case they are in, in the order asked, the newest case first."""
    rows: Any = (
        select(Individual, Case)
        .join(CaseMember, col(CaseMember.individual_id) == col(Individual.id))
        .join(Case, col(Case.id) == col(CaseMember.case_id))
        .where(col(Individual.id).in_(individuals))
        .order_by(col(Case.id).desc())
    )
    place = {individual: number for number, individual in enumerate(individuals)}
    return sorted((await session.exec(rows)).all(), key=lambda row: place[row[0].id])
