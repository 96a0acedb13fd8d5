"""Reads of who joined a case and who left it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.registration.cases.queries import CaseMember, Individual, Standing
from services.registration.memberships.models import MembershipChange
from services.registration.memberships.rules import Change
from shared.database import Session

__all__ = ["MembershipChange", "Recorded", "changes_of", "last_leaving", "next_place", "once_a_member", "once_members"]

Recorded = tuple[MembershipChange, Individual, CaseMember]


async def changes_of(session: Session, case_id: UUID) -> Sequence[Recorded]:
    """Oldest first, each with the person and where they stand in the case now."""
    rows = (
        select(MembershipChange, Individual, CaseMember)
        .join(Individual, col(Individual.id) == col(MembershipChange.individual_id))
        .join(
            CaseMember,
            (col(CaseMember.individual_id) == col(MembershipChange.individual_id))
            & (col(CaseMember.case_id) == col(MembershipChange.case_id)),
        )
        .where(MembershipChange.case_id == case_id)
        .order_by(col(MembershipChange.id))
    )
    return [(change, individual, member) for change, individual, member in (await session.exec(rows)).all()]


async def once_a_member(session: Session, case_id: UUID, individual_id: UUID) -> Standing | None:
    """Who left the case, as they last stood in it; the caller holds the case's lock."""
    member = await session.get(CaseMember, (case_id, individual_id), populate_existing=True)
    individual = await session.get(Individual, individual_id)
    if member is None or individual is None or member.left_at is None:
        return None
    return Standing(member, individual)


async def once_members(session: Session, case_id: UUID) -> list[Standing]:
    """All who left the case, as they last stood in it; the caller holds the case's lock."""
    rows = (
        select(CaseMember, Individual)
        .join(Individual, col(Individual.id) == col(CaseMember.individual_id))
        .where(CaseMember.case_id == case_id, col(CaseMember.left_at).is_not(None))
        .order_by(col(CaseMember.place))
        .execution_options(populate_existing=True)
    )
    return [Standing(member, individual) for member, individual in (await session.exec(rows)).all()]


async def last_leaving(session: Session, case_id: UUID, individual_id: UUID) -> MembershipChange | None:
    """When they last left the case, and for whom they were responsible then."""
    last = select(MembershipChange).where(
        MembershipChange.case_id == case_id,
        MembershipChange.individual_id == individual_id,
        MembershipChange.change == Change.LEFT,
    )
    return (await session.exec(last.order_by(col(MembershipChange.id).desc()).limit(1))).first()


async def next_place(session: Session, case_id: UUID) -> int:
    """Behind everybody who is or was in the case."""
    last = select(func.max(CaseMember.place)).where(CaseMember.case_id == case_id)
    return ((await session.exec(last)).one() or 0) + 1
