"""Routes of declarations."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import CaseFile, lock_file, read_file
from services.registration.declarations import actions
from services.registration.declarations.models import Declaration
from services.registration.declarations.queries import declarations_of
from services.registration.declarations.schemas import DeclarationAnswer, DeclarationBody, DeclarationList
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["declarations"])
SIGN_WITH = (Role.COUNSELLOR, Role.REGISTRATION_OFFICER)


@router.post("/cases/{case_id}/declarations", status_code=201, dependencies=[allow(*SIGN_WITH)])
async def sign_declaration(case_id: UUID, body: DeclarationBody, call: Call) -> DeclarationAnswer:
    """Records the declaration of one member: each adult signs for themselves; for a child, every holder of parental
    responsibility signs, or a paper says why fewer do. On a closed case it opens the case again."""
    file = await lock_file(call.session, case_id)
    call.seen(file.case)
    declaration = await actions.sign_declaration(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return _shown(call, file, declaration)


@router.get(
    "/cases/{case_id}/declarations",
    dependencies=[allow(*SIGN_WITH, Role.PROTECTION, Role.TRAVEL_OFFICER, Role.AUDITOR)],
)
async def list_declarations(case_id: UUID, call: Call) -> DeclarationList:
    """The declarations of a case, newest first, also those that lapsed or were withdrawn."""
    file = await read_file(call.session, case_id)
    rows = await declarations_of(call.session, case_id)
    return DeclarationList(items=[_shown(call, file, row) for row in rows])


def _shown(call: CallState, file: CaseFile, declaration: Declaration) -> DeclarationAnswer:
    shown = DeclarationAnswer.model_validate(
        {
            **declaration.model_dump(),
            "status": declaration.ended_how or "live",
            "individual_status": file.members[declaration.individual_id].member.status,
        }
    )
    if not call.act.roles.isdisjoint({"counsellor", "registration_officer", "protection"}):
        return shown
    unsigned = [one.model_copy(update={"witness": None}) for one in shown.signatures]
    return shown.model_copy(update={"paper_reference": None, "paper_why": None, "signatures": unsigned})
