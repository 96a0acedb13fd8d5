"""Reads of community projects and shares."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.community.models import CommunityProject, ProjectShare
from services.reintegration.community.rules import check_not_shared
from shared.concurrency import locked
from shared.database import Session
from shared.pagination import exactly
from shared.problems import NotFound


async def project_with_code(session: Session, code: str) -> CommunityProject | None:
    return (await session.exec(select(CommunityProject).where(CommunityProject.code == code))).first()


async def project_of(session: Session, project_id: UUID) -> CommunityProject:
    """Raises `NotFound`."""
    found = await session.get(CommunityProject, project_id)
    if found is None:
        raise NotFound("community project")
    return found


async def locked_project(session: Session, project_id: UUID) -> CommunityProject:
    """Locked after the case and the plan, where there are any. Raises `NotFound`."""
    found = await locked(session, CommunityProject, project_id)
    if found is None:
        raise NotFound("community project")
    return found


async def projects_after(
    session: Session, status: str | None, after: UUID | None, limit: int
) -> Sequence[CommunityProject]:
    """Up to `limit` + 1 projects in the order in which they were added."""
    rows = select(CommunityProject).limit(limit + 1)
    if status is not None:
        rows = rows.where(exactly(col(CommunityProject.status), status)).order_by(col(CommunityProject.status))
    rows = rows.order_by(col(CommunityProject.id))
    if after is not None:
        rows = rows.where(col(CommunityProject.id) > after)
    return (await session.exec(rows)).all()


async def share_of(session: Session, share_id: UUID) -> ProjectShare:
    """As it is now. Raises `NotFound`."""
    found = await session.get(ProjectShare, share_id, populate_existing=True)
    if found is None:
        raise NotFound("share of a community project")
    return found


async def live_share(session: Session, line_id: UUID) -> ProjectShare | None:
    rows = select(ProjectShare).where(ProjectShare.line_id == line_id, col(ProjectShare.released_at).is_(None))
    return (await session.exec(rows)).first()


async def check_gives_nothing(session: Session, line_id: UUID) -> None:
    """Raises `SharedAlready` for a line that gives to a project."""
    share = await live_share(session, line_id)
    check_not_shared(share.id if share else None)


async def shares_of_plan(session: Session, plan_id: UUID) -> dict[UUID, Decimal]:
    """What each line of the plan gives to a project."""
    rows = select(ProjectShare).where(ProjectShare.plan_id == plan_id, col(ProjectShare.released_at).is_(None))
    return {each.line_id: each.amount for each in (await session.exec(rows)).all()}


async def shared_of(session: Session, line_id: UUID) -> Decimal:
    """What the line gives to a project."""
    share = await live_share(session, line_id)
    return share.amount if share else Decimal("0.00")


async def shares_after(session: Session, project_id: UUID, after: UUID | None, limit: int) -> Sequence[ProjectShare]:
    """Up to `limit` + 1 shares in the order in which they were taken."""
    rows = select(ProjectShare).where(ProjectShare.project_id == project_id).order_by(col(ProjectShare.id))
    if after is not None:
        rows = rows.where(col(ProjectShare.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()
