"""Verbs of documents."""

from uuid import UUID

from services.registration.cases.queries import CaseFile
from services.registration.documents.models import Document
from services.registration.documents.queries import documents_of
from services.registration.documents.rules import DocumentInvalidAlready, check_document, check_not_recorded
from services.registration.documents.schemas import (
    DocumentAnswer,
    DocumentBody,
    InvalidationBody,
    RecordDocumentBody,
)
from shared.act import Act
from shared.contracts.registration import DocumentKind, DocumentRecorded
from shared.database import Session, new_id
from shared.joined import row_of
from shared.outbox import stage
from shared.problems import NotFound
from shared.text import compared

__all__ = ["DocumentAnswer", "DocumentBody", "document_row", "invalidate_document", "record_document", "tell_document"]


def document_row(act: Act, case_id: UUID, individual_id: UUID, body: DocumentBody) -> Document:
    """A new row, not yet added. Raises `DocumentUnclear`."""
    check_document(body.kind, body.valid_from, body.valid_until, body.for_country)
    return row_of(
        Document,
        id=new_id(),
        case_id=case_id,
        individual_id=individual_id,
        kind=body.kind,
        number=body.number,
        number_key=compared(body.number).replace(" ", ""),
        issuing_country=body.issuing_country,
        valid_from=body.valid_from,
        valid_until=body.valid_until,
        for_country=body.for_country,
        single_journey=body.single_journey,
        recorded_at=act.now,
        recorded_by=act.by,
    )


async def tell_document(session: Session, act: Act, document: Document) -> None:
    """What it is good for, without its number."""
    fact = DocumentRecorded(
        individual=document.individual_id,
        document=document.id,
        kind=DocumentKind(document.kind),
        issuing_country=document.issuing_country,
        valid_from=document.valid_from,
        valid_until=document.valid_until,
        for_country=document.for_country,
        single_journey=document.single_journey,
        valid=document.valid,
    )
    await stage(session, act, fact, key=document.case_id, subject=document.id)


async def record_document(session: Session, act: Act, file: CaseFile, body: RecordDocumentBody) -> Document:
    """Raises `NotAMember`, `DocumentUnclear`, `DocumentRecordedAlready`."""
    holder = file.one(body.individual_id)
    document = document_row(act, file.id, holder.id, body)
    check_not_recorded(document, (await documents_of(session, [holder.id])).get(holder.id, []))
    session.add(document)
    holder.individual.compared_at = None  # the new number is to be compared with those of others
    file.settle()
    await tell_document(session, act, document)
    return document


async def invalidate_document(
    session: Session, act: Act, file: CaseFile, document_id: UUID, body: InvalidationBody
) -> Document:
    """Lost, taken away, replaced, used, or recorded by mistake. Raises `NotFound`, `DocumentInvalidAlready`."""
    document = await session.get(Document, document_id)
    if document is None or document.case_id != file.id:
        raise NotFound("document of this case")
    if not document.valid:
        raise DocumentInvalidAlready()
    document.valid = False
    document.invalid_reason = body.reason
    document.version += 1
    file.settle()
    await tell_document(session, act, document)
    return document
