"""Tables of the case as reintegration sees it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.reintegration.tables import Base, Json
from shared.database import UtcDateTime, versioned


class CaseTurn(Base, table=True):
    """One row for each case that any fact was told of: whoever looks at the case's facts locks it first.

    Two facts of different services can be folded at the same moment by two workers. Without this row each could look
    before the other's fact is there, and both would decide from half the picture.
    """

    __tablename__ = "case_turn"

    case_id: UUID = Field(primary_key=True)
    turns: int


@versioned
class AssistedCase(Base, table=True):
    """A case that somebody had a seat for. `id` is the case's id everywhere; `told_withdrawn` the tries (individual to
    attempt) for which the assistance was told closed before departure."""

    __tablename__ = "assisted_case"
    __table_args__ = (
        CheckConstraint(
            "status IN ('expected', 'arrived', 'planning', 'submitted', 'sent_back', 'approved', 'in_delivery',"
            " 'closed', 'cancelled')",
            name="status",
        ),
        Index("ix_assisted_case_status_id", "status", "id"),
    )

    id: UUID = Field(primary_key=True)
    status: str = Field(max_length=20)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    told_withdrawn: dict[str, int] | None = Field(default=None, sa_type=Json)
    version: int = 1
