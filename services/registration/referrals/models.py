"""The table of referrals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.registration.referrals.rules import REFERRAL, Need
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned


@versioned
class Referral(Base, table=True):
    """`answered_at`: accepted or declined. `ended_at`: completed, or stopped with its consent."""

    __tablename__ = "referral"
    __table_args__ = (
        one_of("status", REFERRAL.states),
        one_of("need", Need),
        Index("ix_referral_status_id", "status", "id"),
        Index("ix_referral_case_id_id", "case_id", "id"),
        Index("ix_referral_consent_id", "consent_id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individual_id: UUID = Field(foreign_key="individual.id")
    consent_id: UUID = Field(foreign_key="consent.id")
    recipient: str
    need: str
    urgent: bool = False
    status: str = REFERRAL.initial
    sent_at: datetime = Field(sa_type=UtcDateTime)
    sent_by: str
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str | None = None
    version: int = 1
