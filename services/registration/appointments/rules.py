"""Where an appointment stands. Pure."""

from enum import StrEnum

from shared.problems import Problem
from shared.states import StateTable, move


class AppointmentEnd(StrEnum):
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"


APPOINTMENT = StateTable(
    name="appointment",
    states=("booked", *AppointmentEnd),
    initial="booked",
    moves=(
        move("book_interpreter", "booked"),
        move("end_appointment_kept", "booked", to="kept"),
        move("end_appointment_missed", "booked", to="missed"),
        move("end_appointment_cancelled", "booked", to="cancelled"),
    ),
)


class InterpreterNotWanted(Problem):
    slug = "interpreter-not-wanted"
    status = 409
    title = "No interpreter was asked for at that appointment"
    remedy = "Cancel the appointment and make a new one that wants an interpreter."


class AppointmentInThePast(Problem):
    slug = "appointment-in-the-past"
    status = 422
    title = "An appointment is made for a time to come"
    remedy = "Give a later time; a talk that took place is recorded as a counselling session."


class AppointmentNotYet(Problem):
    slug = "appointment-not-yet"
    status = 409
    title = "The time of that appointment has not come"
    remedy = "Wait until it has, or record that it was cancelled."
