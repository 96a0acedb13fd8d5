"""Tables of notices and of the attempts to tell them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.registration.notices.rules import About, ToldBy
from services.registration.tables import Base, one_of
from shared.database import UtcDateTime, versioned


@versioned
class Notice(Base, table=True):
    """Once for each fact and person to be told. `reason`: the code that travel gave. `booking_id`: of the booking, of
    the entry in the waiting list, of the offer, or of the arrangement. `departs_at`: when a changed flight leaves now,
    one on which seats are offered, or a vehicle to it; `answer_by`: until when seats are. `overtaken`: something newer
    about the same booking took its place before it was told."""

    __tablename__ = "notice"
    __table_args__ = (
        one_of("about", About),
        one_of("status", ("open", "told", "overtaken")),
        UniqueConstraint("event_id", "individual_id"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_notice_status_id", "status", "id"),
        Index("ix_notice_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individual_id: UUID = Field(foreign_key="individual.id")
    event_id: UUID
    booking_id: UUID
    flight_id: UUID | None = None
    about: str
    reason: str | None = None
    departs_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status: str = "open"
    attempts: int = 0
    made_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class Telling(Base, table=True):
    """An attempt to tell a notice; never changed."""

    __tablename__ = "notice_telling"
    __table_args__ = (one_of("channel", ToldBy), Index("ix_notice_telling_notice_id", "notice_id", "id"))

    id: UUID = Field(primary_key=True)
    notice_id: UUID = Field(foreign_key="notice.id")
    channel: str
    reached: bool
    told_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    told_by: str
