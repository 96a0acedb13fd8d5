"""Previews over HTTP: who would be affected by a change of rules, before it is made."""

from uuid import UUID

from fastapi import APIRouter

from services.eligibility.previews import actions
from services.eligibility.previews.schemas import (
    PreviewAnswer,
    SupposedFacts,
    SupposedLifting,
    SupposedRestriction,
    SupposedVersion,
    preview_answer,
)
from shared.auth import Role, allow
from shared.call import Call, calls_outside
from shared.pagination import Cursor, Limit, after
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["previews"])

ASKERS = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROGRAMME_OFFICER)


# As calls outside: they only read, and what they answer is not kept for a repeat.
@router.post("/restrictions/preview", dependencies=[allow(Role.PROGRAMME_OFFICER), calls_outside()])
async def preview_restriction(
    body: SupposedRestriction, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> PreviewAnswer:
    """Which open cases a restriction would decide otherwise. Nothing is changed."""
    async with call.runtime.database.reading() as session:
        found = await actions.preview_restriction(session, call.act, body, after(cursor), limit)
    return preview_answer(found)


@router.post(
    "/restrictions/{restriction_id}/lifting/preview", dependencies=[allow(Role.PROGRAMME_OFFICER), calls_outside()]
)
async def preview_lifting(
    restriction_id: UUID, body: SupposedLifting, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> PreviewAnswer:
    """Which open cases lifting a restriction would decide otherwise. Nothing is changed."""
    async with call.runtime.database.reading() as session:
        found = await actions.preview_lifting(session, call.act, restriction_id, body.lifted_on, after(cursor), limit)
    return preview_answer(found)


@router.post("/cases/{case_id}/preview", dependencies=[allow(*ASKERS), calls_outside()])
async def preview_facts(case_id: UUID, body: SupposedFacts, call: Call) -> PreviewAnswer:
    """What a case would be decided today, if these were its facts. Nothing is changed."""
    async with call.runtime.database.reading() as session:
        found = await actions.preview_facts(session, call.act, case_id, body)
    return preview_answer(found)


@router.post(
    "/programmes/{programme_id}/versions/preview", dependencies=[allow(Role.PROGRAMME_OFFICER), calls_outside()]
)
async def preview_version(
    programme_id: UUID, body: SupposedVersion, call: Call, limit: Limit = 50, cursor: Cursor = None
) -> PreviewAnswer:
    """Which open cases a version would decide otherwise. Nothing is changed."""
    async with call.runtime.database.reading() as session:
        found = await actions.preview_version(session, call.act, programme_id, body, after(cursor), limit)
    return preview_answer(found)
