"""The table of documents. The number is personal data and leaves only in answers to permitted callers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.registration.documents.rules import Invalidity
from services.registration.tables import Base, one_of
from shared.contracts.registration import DocumentKind
from shared.database import UtcDateTime, versioned


@versioned
class Document(Base, table=True):
    __tablename__ = "document"
    __table_args__ = (
        one_of("kind", DocumentKind),
        one_of("invalid_reason", Invalidity, optional=True),
        Index("ix_document_number_key_id", "number_key", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individual_id: UUID = Field(foreign_key="individual.id", index=True)
    kind: str
    number: str
    number_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    issuing_country: str
    valid_from: date | None = None
    valid_until: date | None = None
    for_country: str | None = None
    single_journey: bool = False
    valid: bool = True
    invalid_reason: str | None = None
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    version: int = 1
