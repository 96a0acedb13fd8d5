"""Routes of documents."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import open_file
from services.registration.documents import actions
from services.registration.documents.schemas import DocumentAnswer, InvalidationBody, RecordDocumentBody
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["documents"])
RECORDERS = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)


@router.post("/cases/{case_id}/documents", status_code=201, dependencies=[allow(*RECORDERS)])
async def record_document(case_id: UUID, body: RecordDocumentBody, call: Call) -> DocumentAnswer:
    """Records a document of a member. Its number stays here; what it is good for is told."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    document = await actions.record_document(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return DocumentAnswer.model_validate(document)


@router.post("/cases/{case_id}/documents/{document_id}/invalidation", dependencies=[allow(*RECORDERS)])
async def invalidate_document(case_id: UUID, document_id: UUID, body: InvalidationBody, call: Call) -> DocumentAnswer:
    """Says that a document is good no longer, or never was."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    document = await actions.invalidate_document(call.session, call.act, file, document_id, body)
    call.shows(file.case)
    return DocumentAnswer.model_validate(document)
