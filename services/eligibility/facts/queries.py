"""Reads of folded facts, for many cases in a few statements."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.eligibility.facts.models import CaseFact, MemberFact, PassageFact
from shared.database import Session


async def case_facts(session: Session, cases: Collection[UUID]) -> dict[UUID, CaseFact]:
    rows = await session.exec(select(CaseFact).where(col(CaseFact.case_id).in_(cases)))
    return {row.case_id: row for row in rows}


async def member_facts(session: Session, cases: Collection[UUID]) -> Sequence[MemberFact]:
    """The members who belong to these cases, in an order that stays."""
    rows = select(MemberFact).where(col(MemberFact.case_id).in_(cases), col(MemberFact.belongs).is_(True))
    return (await session.exec(rows.order_by(col(MemberFact.case_id), col(MemberFact.individual_id)))).all()


async def passages_of(session: Session, individuals: Collection[UUID]) -> Sequence[PassageFact]:
    """Every passage of these individuals, in whichever case."""
    rows = select(PassageFact).where(col(PassageFact.individual_id).in_(individuals))
    return (await session.exec(rows)).all()


async def cases_of_individual(session: Session, individual: UUID) -> Sequence[UUID]:
    rows = select(MemberFact.case_id).where(MemberFact.individual_id == individual, col(MemberFact.belongs).is_(True))
    return sorted((await session.exec(rows)).all())


def bound_for(country: str) -> SelectOfScalar[UUID]:
    """The ids of the cases with that destination, to be asked within another statement."""
    return select(CaseFact.case_id).where(CaseFact.destination_country == country)
