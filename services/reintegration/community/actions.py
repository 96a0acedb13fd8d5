"""Community projects, and the shares that cases take in them."""

from services.reintegration.cases.queries import AssistedCase
from services.reintegration.community.models import CommunityProject, ProjectShare
from services.reintegration.community.queries import check_gives_nothing, project_with_code
from services.reintegration.community.rules import (
    ProjectCodeTaken,
    ProjectEnded,
    ShareReleased,
    check_share,
    shared_after,
)
from services.reintegration.community.schemas import ProjectBody, ShareBody
from services.reintegration.lines.actions import open_line
from services.reintegration.lines.rules import CASH
from services.reintegration.plans.actions import note_money
from services.reintegration.plans.queries import Plan
from shared.act import Act
from shared.concurrency import alone_with, touch
from shared.database import Session, new_id
from shared.states import NotPossibleNow


async def add_community_project(session: Session, act: Act, body: ProjectBody) -> CommunityProject:
    """Raises `ProjectCodeTaken`."""
    await alone_with(session, "project", body.code)
    if await project_with_code(session, body.code) is not None:
        raise ProjectCodeTaken()
    project = CommunityProject(id=new_id(), **dict(body), made_by=act.by, made_at=act.now)
    session.add(project)
    return project


async def take_share(
    session: Session, act: Act, case: AssistedCase, plan: Plan, project: CommunityProject, body: ShareBody
) -> ProjectShare:
    """Gives a part of a line of a locked, approved plan to a locked project.

    Raises `NotPossibleNow`, `ProjectEnded`, `LineReleased`, `SharedAlready`, `ShareDoesNotFit`, `ProjectFull`,
    `NotFound`.
    """
    note_money(plan, "take_share")
    if project.status != "open":
        raise ProjectEnded()
    line = await open_line(session, plan.id, body.line_id)
    await check_gives_nothing(session, line.id)
    same = line.currency == project.currency
    check_share(body.amount, line.amount, same_currency=same, cash=line.modality == CASH)
    project.shared = shared_after(project.amount, project.shared, body.amount)
    touch(project)
    share = ProjectShare(
        id=new_id(),
        project_id=project.id,
        case_id=case.id,
        plan_id=plan.id,
        line_id=line.id,
        amount=body.amount,
        currency=line.currency,
        taken_by=act.by,
        taken_at=act.now,
    )
    session.add(share)
    return share


async def release_share(act: Act, project: CommunityProject, share: ProjectShare) -> None:
    """Gives a share of a locked project back to its line. Raises `ShareReleased`."""
    if share.released_at is not None:
        raise ShareReleased()
    share.released_by, share.released_at = act.by, act.now
    project.shared -= share.amount
    touch(project)


async def end_community_project(project: CommunityProject) -> None:
    """A locked project takes no more shares; those it has stay. Raises `NotPossibleNow`."""
    if project.status != "open":
        raise NotPossibleNow(state=project.status, possible=[])
    project.status = "ended"
    touch(project)
