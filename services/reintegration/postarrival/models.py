"""Table of help right after the arrival."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.reintegration.postarrival.rules import Help
from services.reintegration.tables import Base
from shared.checks import one_of
from shared.database import UtcDateTime


class PostArrivalHelp(Base, table=True):
    """One help given to one individual, never changed. `event_id`: the fact that told of it; of earlier ones nothing
    was told."""

    __tablename__ = "post_arrival_help"
    __table_args__ = (
        one_of("help", Help),
        Index("ix_post_arrival_help_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="assisted_case.id")
    event_id: UUID | None = None
    individual_id: UUID
    help: str = Field(max_length=30)
    provider: str | None = Field(default=None, max_length=40)
    given_on: date
    given_by: str = Field(max_length=120)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
