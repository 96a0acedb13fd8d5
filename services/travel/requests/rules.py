"""Rules on papers that are asked for: their statuses, when one is overdue, and when somebody is reminded. Pure."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from shared.problems import Problem
from shared.states import StateTable, move

REQUEST: Final = StateTable(
    "paper request",
    ("requested", "appointed", "collected", "refused", "abandoned"),
    "requested",
    (
        move("appoint", "requested", "appointed", to="appointed"),
        move("set_due", "requested", "appointed"),
        move("collect_paper", "requested", "appointed", to="collected"),
        move("refuse_paper", "requested", "appointed", to="refused"),
        move("abandon_request", "requested", "appointed", to="abandoned"),
    ),
)
OPEN: Final = ("requested", "appointed")


class Wanted(StrEnum):
    """What is asked for; the kinds of registration's documents."""

    PASSPORT = "passport"
    EMERGENCY_TRAVEL_DOCUMENT = "emergency_travel_document"
    LAISSEZ_PASSER = "laissez_passer"
    EXIT_PERMIT = "exit_permit"
    VISA = "visa"
    TRANSIT_VISA = "transit_visa"


class RequestDates(Problem):
    slug = "request-dates"
    status = 422
    title = "The dates of that request do not fit"
    remedy = "Due and appointment lie on or after the day it was requested, which is not in the future."


class RequestedAlready(Problem):
    slug = "requested-already"
    status = 409
    title = "That paper is being waited for already"
    remedy = "The request is in `request`: go on with it, or abandon it before you ask anew."


def check_dates(requested_on: date, today: date, *later: date | None) -> None:
    """Raises `RequestDates`."""
    if requested_on > today or any(each is not None and each < requested_on for each in later):
        raise RequestDates()


def is_overdue(status: str, due_on: date, today: date) -> bool:
    """Due on a day is in time all that day."""
    return status in OPEN and today > due_on


def first_reminder(due_on: date, before_days: int, requested_on: date) -> date:
    """So many days before it is due, and not before it was requested."""
    return max(requested_on, due_on - timedelta(days=before_days))


def next_reminder(last: date, every_days: int, today: date) -> date:
    """The first day of the rhythm that lies after today: what was missed while nobody swept is reminded of once."""
    missed = max(0, (today - last).days // every_days)
    return last + timedelta(days=every_days * (missed + 1))
