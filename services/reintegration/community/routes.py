"""Community projects that several cases share."""

from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter

from services.reintegration.community import actions
from services.reintegration.community.models import CommunityProject, ProjectShare
from services.reintegration.community.queries import (
    locked_project,
    project_of,
    projects_after,
    share_of,
    shares_after,
)
from services.reintegration.community.schemas import ProjectAnswer, ProjectBody, ShareAnswer, ShareBody
from services.reintegration.plans.queries import locked_plan
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["community projects"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.PROGRAMME_OFFICER, Role.FINANCE, Role.AUDITOR)


class ProjectStatus(StrEnum):
    OPEN = "open"
    ENDED = "ended"


@router.post("/community-projects", status_code=201, dependencies=[allow(Role.PROGRAMME_OFFICER)])
async def add_community_project(body: ProjectBody, call: Call) -> ProjectAnswer:
    """From now on cases can take shares in it, up to what it costs."""
    project = await actions.add_community_project(call.session, call.act, body)
    call.made("/community-projects", project.id)
    call.shows(project)
    return _project(project, call)


@router.get("/community-projects", dependencies=[READERS])
async def list_community_projects(
    call: Call, status: ProjectStatus | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[ProjectAnswer]:
    """All, or those in one status, in the order in which they were added."""
    rows = await projects_after(call.session, status, after(cursor), limit)
    return page(rows, limit, lambda row: _project(row, call))


@router.get("/community-projects/{project_id}", dependencies=[READERS])
async def show_community_project(project_id: UUID, call: Call) -> ProjectAnswer:
    """What it costs, and what cases give to it."""
    project = await project_of(call.session, project_id)
    call.shows(project)
    return _project(project, call)


@router.post("/community-projects/{project_id}/end", dependencies=[allow(Role.PROGRAMME_OFFICER)])
async def end_community_project(project_id: UUID, call: Call) -> ProjectAnswer:
    """It takes no more shares."""
    project = await locked_project(call.session, project_id)
    call.seen(project)
    await actions.end_community_project(project)
    call.shows(project)
    return _project(project, call)


@router.post(
    "/community-projects/{project_id}/shares", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)]
)
async def take_share(project_id: UUID, body: ShareBody, call: Call) -> ShareAnswer:
    """A line of an approved plan gives a part of its amount to the project."""
    case, plan = await locked_plan(call.session, body.plan_id)
    project = await locked_project(call.session, project_id)
    share = await actions.take_share(call.session, call.act, case, plan, project, body)
    return _share(share, call)


@router.get("/community-projects/{project_id}/shares", dependencies=[READERS])
async def list_shares(project_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[ShareAnswer]:
    """The shares of a project, oldest first, those that were released too."""
    await project_of(call.session, project_id)
    rows = await shares_after(call.session, project_id, after(cursor), limit)
    return page(rows, limit, lambda row: _share(row, call))


@router.post("/shares/{share_id}/release", dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def release_share(share_id: UUID, call: Call) -> ShareAnswer:
    """Gives the share back to its line; the project needs that much more."""
    project = await locked_project(call.session, (await share_of(call.session, share_id)).project_id)
    share = await share_of(call.session, share_id)
    await actions.release_share(call.act, project, share)
    return _share(share, call)


def _project(row: CommunityProject, call: CallState) -> ProjectAnswer:
    verbs = ["take_share", "end_community_project"] if row.status == "open" else []
    return ProjectAnswer.model_validate(
        {
            **row.model_dump(),
            "project_id": row.id,
            "left": row.amount - row.shared,
            "actions": call.offers(verbs, project_id=row.id),
        }
    )


def _share(row: ProjectShare, call: CallState) -> ShareAnswer:
    status = "taken" if row.released_at is None else "released"
    verbs = ["release_share"] if status == "taken" else []
    actions_ = call.offers(verbs, share_id=row.id)
    return ShareAnswer.model_validate({**row.model_dump(), "share_id": row.id, "status": status, "actions": actions_})
