"""Requests for papers. No number of a document is ever here, and no word about a person."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from services.travel.requests.rules import REQUEST, Wanted
from services.travel.tables import Base
from shared.database import UtcDateTime, new_id, versioned

WAITS = text("status IN ('requested', 'appointed')")


@versioned
class PaperRequest(Base, table=True):
    """One paper asked of one country's authority for one person. `for_country`: of a visa, where it is for.
    `remind_on`: the next day on which somebody is reminded, every `remind_every_days` from then while it is open."""

    __tablename__ = "paper_request"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{each}'" for each in REQUEST.states)), name="status"),
        CheckConstraint("document IN ({})".format(", ".join(f"'{each}'" for each in Wanted)), name="document"),
        CheckConstraint("due_on >= requested_on", name="dates"),
        CheckConstraint("remind_every_days > 0 AND reminders_sent >= 0", name="reminders"),
        Index(
            "uq_paper_request_open",
            "individual_id",
            "document",
            "asked_of",
            unique=True,
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
        Index("ix_paper_request_due_on_id", "due_on", "id"),
        Index("ix_paper_request_due", "due_on", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_paper_request_remind", "remind_on", "id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    status: str = Field(default=REQUEST.initial, max_length=10)
    case_id: UUID = Field(index=True)
    individual_id: UUID = Field(index=True)
    document: str = Field(max_length=30)
    asked_of: str = Field(max_length=3)
    for_country: str | None = Field(default=None, max_length=3)
    office: str = Field(max_length=120)
    requested_on: date
    due_on: date
    appointment_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remind_on: date
    remind_every_days: int
    reminders_sent: int = 0
    settled_on: date | None = None
    document_id: UUID | None = None
    by: str = Field(max_length=120)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class PaperReminder(Base, table=True):
    """Somebody was reminded, on a day, for the so-manyth time: once each."""

    __tablename__ = "paper_reminder"
    __table_args__ = (UniqueConstraint("request_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="paper_request.id")
    number: int
    on: date
    overdue: bool
    sent_at: datetime = Field(sa_type=UtcDateTime)
