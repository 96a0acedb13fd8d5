"""Programmes over HTTP: founded and given versions by programme officers, read by everyone who explains them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from services.eligibility.programmes import actions
from services.eligibility.programmes.queries import (
    compiled,
    list_of_programmes,
    locked_programme,
    programme_of_id,
    version_of_number,
    versions_of,
)
from services.eligibility.programmes.schemas import (
    NewVersionAnswer,
    ProgrammeAnswer,
    ProgrammeBody,
    VersionAnswer,
    VersionBody,
    VersionLine,
    programme_answer,
    version_line,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["programmes"])

READERS = allow(
    Role.PROGRAMME_OFFICER,
    Role.REGISTRATION_OFFICER,
    Role.COUNSELLOR,
    Role.TRAVEL_OFFICER,
    Role.REINTEGRATION_OFFICER,
    Role.APPROVER,
    Role.FINANCE,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
VERBS = ["add_version"]


@router.post("/programmes", status_code=201, dependencies=[allow(Role.PROGRAMME_OFFICER)])
async def found_programme(body: ProgrammeBody, call: Call) -> ProgrammeAnswer:
    """A new programme; its rules and package come with its first version."""
    row = await actions.found_programme(call.session, call.act, body)
    call.made("/programmes", row.id)
    call.shows(row)
    return programme_answer(row, call.offers(VERBS, programme_id=row.id))


@router.get("/programmes", dependencies=[READERS])
async def list_programmes(call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[ProgrammeAnswer]:
    """Every programme."""
    rows = await list_of_programmes(call.session, after(cursor), limit)
    return page(rows, limit, lambda row: programme_answer(row, call.offers(VERBS, programme_id=row.id)))


@router.get("/programmes/{programme_id}", dependencies=[READERS])
async def read_programme(programme_id: UUID, call: Call) -> ProgrammeAnswer:
    """One programme."""
    row = await programme_of_id(call.session, programme_id)
    call.shows(row)
    return programme_answer(row, call.offers(VERBS, programme_id=row.id))


@router.post("/programmes/{programme_id}/versions", status_code=201, dependencies=[allow(Role.PROGRAMME_OFFICER)])
async def add_version(programme_id: UUID, body: VersionBody, call: Call) -> NewVersionAnswer:
    """A version with its dates, questions, rules and package. Open cases are decided again by it."""
    programme = await locked_programme(call.session, programme_id)
    call.seen(programme)
    added = await actions.add_version(call.session, call.act, programme, body)
    call.location = f"/programmes/{programme_id}/versions/{added.row.number}"
    call.shows(programme)
    line = version_line(added.row).model_dump()
    return NewVersionAnswer(**line, supersedes=added.supersedes, cases_still_to_look_at=added.left)


@router.get("/programmes/{programme_id}/versions", dependencies=[READERS])
async def list_versions(programme_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[VersionLine]:
    """The versions of a programme, the oldest first."""
    await programme_of_id(call.session, programme_id)
    rows = await versions_of(call.session, programme_id, after(cursor), limit)
    return page(rows, limit, version_line)


@router.get("/programmes/{programme_id}/versions/{number}", dependencies=[READERS])
async def read_version(
    programme_id: UUID, number: Annotated[int, Path(ge=1, le=1_000_000)], call: Call
) -> VersionAnswer:
    """One version, as it was added."""
    row = await version_of_number(call.session, programme_id, number)
    return VersionAnswer(**version_line(row).model_dump(), content=compiled(bytes(row.document)).content)
