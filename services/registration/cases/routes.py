"""Routes of cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.registration.cases import actions
from services.registration.cases.queries import CaseFile, list_files, shown_lines
from services.registration.cases.rules import lists_names, sight
from services.registration.cases.schemas import (
    CaseAnswer,
    CaseBody,
    CaseStatus,
    ListedCase,
    RegisteredAnswer,
    RegisteredMember,
    listed_case,
    possible_shown,
    shown_case,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.offers import OfferedAction
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, next_after
from shared.ready import ready
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["cases"])
# Relief looks at no return, and a focal point for abuse at what was said to it.
STAFF = [role for role in Role if role not in (Role.SERVICE, Role.RELIEF_OFFICER, Role.PSEA_FOCAL_POINT)]


@router.post("/cases", status_code=201, dependencies=[allow(Role.REGISTRATION_OFFICER, Role.COUNSELLOR)])
async def register_case(body: CaseBody, call: Call) -> RegisteredAnswer:
    """Registers a household with its individuals and opens its case."""
    file, documents = await actions.register_case(call.session, call.act, body)
    call.made("/cases", file.id)
    call.shows(file.case)
    return RegisteredAnswer(
        id=file.id,
        household_id=file.case.household_id,
        status=file.case.status,
        registered_at=file.case.registered_at,
        members=[
            RegisteredMember(
                ref=ref,
                individual_id=individual_id,
                age_band=file.members[individual_id].band(call.act.today),
                protection_pending=file.members[individual_id].member.protection_pending,
                documents=[document.id for document in documents if document.individual_id == individual_id],
            )
            for ref, individual_id in actions.ids_by_ref(body, file)
        ],
        actions=_offered(call, file),
    )


@router.get("/cases", dependencies=[allow(*STAFF)], response_model=Page[ListedCase])
async def list_cases(
    call: Call,
    status: Annotated[CaseStatus | None, Query(description="Only cases that stand there")] = None,
    site_id: Annotated[UUID | None, Query(description="Only cases of this site")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Cases, newest first; names for those whose work is with the people."""
    files = await list_files(call.database, status=status, site_id=site_id, before=after(cursor), limit=limit)
    named = lists_names(call.act.roles)
    items = [listed_case(file, call.act.today, named=named) for file in files[:limit]]
    return ready({"items": items, "next": next_after(files, limit)})


@router.get("/cases/{case_id}", dependencies=[allow(*STAFF)], response_model=CaseAnswer)
async def read_case(case_id: UUID, call: Call) -> Response:
    """The case with its members. Names, documents and contact are shown by role; null means not for this role."""
    lines = await shown_lines(call.database, case_id)
    call.shows(lines[0])
    actions = call.offered(possible_shown(lines, call.act.today), case_id=case_id)
    return ready(shown_case(lines, call.act.today, sight(call.act.roles), actions))


def _offered(call: CallState, file: CaseFile) -> list[OfferedAction]:
    return call.offers(file.possible(call.act.today), case_id=file.id)
