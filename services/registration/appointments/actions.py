"""Verbs of appointments."""

from services.registration.appointments.models import Appointment
from services.registration.appointments.rules import (
    APPOINTMENT,
    AppointmentEnd,
    AppointmentInThePast,
    AppointmentNotYet,
    InterpreterNotWanted,
)
from services.registration.appointments.schemas import AppointmentBody
from services.registration.cases.queries import CaseFile
from shared.act import Act
from shared.database import Session, new_id


async def make_appointment(session: Session, act: Act, file: CaseFile, body: AppointmentBody) -> Appointment:
    """Raises `NotAMember`, `AppointmentInThePast`."""
    who = file.chosen(body.individuals)
    if body.at < act.now:
        raise AppointmentInThePast()
    row = Appointment(
        id=new_id(),
        case_id=file.id,
        individuals=[each.id for each in who],
        at=body.at,
        language=body.language,
        interpreter_wanted=body.interpreter_wanted,
        made_at=act.now,
        made_by=act.by,
    )
    session.add(row)
    return row


def book_interpreter(row: Appointment, interpreter: str) -> None:
    """Raises `NotPossibleNow`, `InterpreterNotWanted`."""
    row.status = APPOINTMENT.after(row.status, "book_interpreter")
    if not row.interpreter_wanted:
        raise InterpreterNotWanted()
    row.interpreter = interpreter
    row.version += 1


def end_appointment(act: Act, row: Appointment, outcome: AppointmentEnd) -> None:
    """Raises `NotPossibleNow`, `AppointmentNotYet` for one that is said to be missed before its time."""
    row.status = APPOINTMENT.after(row.status, f"end_appointment_{outcome}")
    if outcome is AppointmentEnd.MISSED and act.now < row.at:
        raise AppointmentNotYet()
    row.ended_at = act.now
    row.version += 1
