"""The table of consents to data use."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from services.registration.consents.rules import ConsentForm, Purpose
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned

_LIVE = text("withdrawn_at IS NULL")


@versioned
class Consent(Base, table=True):
    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("form", ConsentForm),
        Index(
            "uq_consent_live",
            "individual_id",
            "purpose",
            "recipient",
            "form_version",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individual_id: UUID = Field(foreign_key="individual.id")
    purpose: str
    recipient: str
    form_version: str
    language: str
    form: str
    given_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = None
    version: int = 1
