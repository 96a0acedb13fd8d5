"""The table of enquiries. `asked_on` is the day (UTC) of `occurred_at`, by which requests are counted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from services.registration.cases.rules import Channel
from services.registration.enquiries.rules import Topic, Urgency
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned

WAITS = text("call_back_wanted AND called_back_at IS NULL")


@versioned
class Enquiry(Base, table=True):
    """`contact`: how to call back, where they wished it: personal, and shown to those who call alone."""

    __tablename__ = "enquiry"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("topic", Topic),
        one_of("urgency", Urgency),
        Index("ix_enquiry_topic_asked_on", "topic", "asked_on"),
        Index("ix_enquiry_waits", "id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: UUID = Field(primary_key=True)
    channel: str
    language: str
    topic: str
    urgency: str
    people: int
    place: str | None = None
    referred_to: str | None = None
    case_id: UUID | None = None
    site_id: UUID | None = Field(default=None, foreign_key="site.id")
    contact: str | None = None
    call_back_wanted: bool = False
    called_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    called_back_by: str | None = None
    asked_on: date
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    version: int = 1
