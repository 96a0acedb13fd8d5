"""The table of consents to data use."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.consents.rules import ConsentForm, HowGiven, ProxyReason, Purpose
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned

_LIVE = text("withdrawn_at IS NULL")


@versioned
class Consent(Base, table=True):
    """`given_by`: the member who gave it. `proxy_name`: personal data. `child_agrees`: what the child said; null where
    it was not asked, being young, and of an adult."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("form", ConsentForm),
        one_of("how", HowGiven),
        one_of("proxy_reason", ProxyReason, optional=True),
        CheckConstraint(
            "(how IN ('own', 'by_responsible')) = (given_by IS NOT NULL) "
            "AND (how = 'by_proxy') = (proxy_name IS NOT NULL) AND (how = 'by_proxy') = (proxy_reason IS NOT NULL)",
            name="given_by_someone",
        ),
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
    how: str = Field(sa_column_kwargs={"server_default": "not_recorded"})
    given_by: UUID | None = Field(default=None, foreign_key="individual.id")
    proxy_reason: str | None = None
    proxy_name: str | None = None
    child_agrees: bool | None = None
    given_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = None
    version: int = 1
