"""The table of appointments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.registration.appointments.rules import APPOINTMENT
from services.registration.tables import Base, IdList, one_of
from shared.database import UtcDateTime, versioned


@versioned
class Appointment(Base, table=True):
    """`interpreter`: a code of the interpreters' list, set when one is booked; never a name."""

    __tablename__ = "appointment"
    __table_args__ = (
        one_of("status", APPOINTMENT.states),
        CheckConstraint("interpreter IS NULL OR interpreter_wanted", name="interpreter_wanted"),
        Index("ix_appointment_status_id", "status", "id"),
        Index("ix_appointment_case_id_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    individuals: list[Any] = Field(sa_type=IdList)
    at: datetime = Field(sa_type=UtcDateTime)
    language: str
    interpreter_wanted: bool
    interpreter: str | None = None
    status: str = APPOINTMENT.initial
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
