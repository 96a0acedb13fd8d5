"""Bodies of documents."""

from datetime import date, datetime
from uuid import UUID

from services.registration.documents.rules import Invalidity
from shared.contracts.registration import DocumentKind
from shared.fields import Answer, Body, BusinessDate, CountryCode, Line


class DocumentBody(Body):
    """A document as it lies on the table. `for_country`: what a permit or visa is for."""

    kind: DocumentKind
    number: Line
    issuing_country: CountryCode
    valid_from: BusinessDate | None = None
    valid_until: BusinessDate | None = None
    for_country: CountryCode | None = None
    single_journey: bool = False


class RecordDocumentBody(DocumentBody):
    individual_id: UUID


class InvalidationBody(Body):
    reason: Invalidity


class DocumentAnswer(Answer):
    id: UUID
    individual_id: UUID
    kind: DocumentKind
    number: str
    issuing_country: str
    valid_from: date | None
    valid_until: date | None
    for_country: str | None
    single_journey: bool
    valid: bool
    invalid_reason: Invalidity | None
    recorded_at: datetime
