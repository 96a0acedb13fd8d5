"""The table of who joined a case and who left it: never changed, so without a version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.registration.memberships.rules import Change
from services.registration.tables import Base, IdList, one_of
from shared.contracts.registration import Joined, Left
from shared.database import UtcDateTime


class MembershipChange(Base, table=True):
    """One individual joined the case or left it. Whoever was registered with the case has none of joining.

    `parent_of`: of who left, the children whose parent they were by relation, also those who had left before, and the
    children who stayed and whose guardian they were; who rejoins is so again.
    """

    __tablename__ = "membership_change"
    __table_args__ = (
        one_of("change", Change),
        one_of("how", (*Joined, *Left)),
        Index("ix_membership_change_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individual_id: UUID = Field(foreign_key="individual.id")
    change: str
    how: str
    happened_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    late_reason: str | None = None
    evidence: str | None = None
    parent_of: list[Any] | None = Field(default=None, sa_type=IdList)
