"""Bodies of documents."""

from datetime import date, datetime
from uuid import UUID

from services.registration.documents.rules import Invalidity
from shared.contracts.registration import DocumentKind
from shared.fields import Answer, Body, BusinessDate, CountryCode, Line, shown


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
    model_config = shown(
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8057",
            "kind": "laissez_passer",
            "number": "X0000000",
            "issuing_country": "IRQ",
            "valid_from": "2021-12-06",
            "valid_until": "2022-03-06",
            "single_journey": True,
        }
    )

    individual_id: UUID


class InvalidationBody(Body):
    model_config = shown({"reason": "lost"})

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
