"""The table of declarations. At most one of an individual in a case is live."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from services.registration.declarations.rules import Paper
from services.registration.tables import Base, IdList, Listed, one_of
from shared.contracts.registration import SignedHow
from shared.database import UtcDateTime, versioned

_LIVE = text("ended_at IS NULL")


@versioned
class Declaration(Base, table=True):
    """`signatures`: [{signer, method, witness}]. `ended_how`: lapsed, withdrawn or not_admitted."""

    __tablename__ = "declaration"
    __table_args__ = (
        one_of("how", SignedHow),
        one_of("paper", Paper, optional=True),
        one_of("ended_how", ("lapsed", "withdrawn", "not_admitted"), optional=True),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_somehow"),
        Index(
            "uq_declaration_live",
            "case_id",
            "individual_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individual_id: UUID = Field(foreign_key="individual.id")
    attempt: int
    form_version: str
    language: str
    how: str
    signed_by: list[Any] = Field(sa_type=IdList)
    signatures: list[Any] = Field(sa_type=Listed)
    paper: str | None = None
    paper_reference: str | None = None
    paper_why: str | None = None
    signed_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    late_reason: str | None = None
    evidence: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_how: str | None = None
    version: int = 1
