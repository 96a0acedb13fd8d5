"""The table of withdrawals as they were stated."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.registration.tables import Base, one_of
from services.registration.withdrawals.rules import Outcome, WithdrawalChannel, lacks_explanation
from shared.database import UtcDateTime, versioned

_WAITING = text("outcome = 'too_late_to_undo' AND settled_at IS NULL")


@versioned
class Statement(Base, table=True):
    """That somebody withdrew; never why. `origin`: the request or event it came by, once for each individual.
    `settled_at`: when a late one became a withdrawal after all, by the release of the clearance. `said_for`: a child
    for whom a parent's statement is kept. `dated_ahead`: it came with a date to come, and was taken as of now."""

    __tablename__ = "withdrawal_statement"
    __table_args__ = (
        one_of("outcome", Outcome),
        one_of("channel", WithdrawalChannel),
        UniqueConstraint("individual_id", "origin"),
        CheckConstraint("attempt >= 1", name="attempt"),
        Index("ix_withdrawal_statement_waiting", "case_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id", index=True)
    individual_id: UUID = Field(foreign_key="individual.id")
    attempt: int
    channel: str
    outcome: str
    said_for: bool = False
    dated_ahead: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    stated_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    late_reason: str | None = None
    evidence: str | None = None
    origin: UUID
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1

    @property
    def unexplained(self) -> bool:
        reason, evidence = self.late_reason is not None, self.evidence is not None
        return lacks_explanation(self.stated_at, self.recorded_at, reason=reason, evidence=evidence)
