"""Where a case stands, and what may be done with it then."""

from datetime import UTC, date, datetime
from typing import Final

from shared.occurrence import FARTHEST_WEST
from shared.problems import Problem
from shared.states import StateTable, move

_BEFORE_APPROVAL: Final = ("arrived", "planning", "submitted", "sent_back")
_THERE: Final = (*_BEFORE_APPROVAL, "approved", "in_delivery")

CASES: Final = StateTable(
    "case",
    ("expected", "arrived", "planning", "submitted", "sent_back", "approved", "in_delivery", "closed", "cancelled"),
    "expected",
    (
        # What facts do. An arrival of a try that a later one overtook counts no more, hence the ways back.
        move("confirm_arrival", "expected", "cancelled", to="arrived"),
        move("expect", "cancelled", *_BEFORE_APPROVAL, to="expected"),
        move("cancel", "expected", *_BEFORE_APPROVAL, to="cancelled"),
        # What people do.
        move("record_counselling_session", "expected", *_THERE),
        move("draft_plan", "arrived", to="planning"),
        move("draft_plan", "expected"),
        move("revise_plan", "expected", "planning", "sent_back"),
        move("submit_plan", "planning", "sent_back", to="submitted"),
        move("return_plan", "submitted", to="sent_back"),
        move("approve_plan", "submitted", to="approved"),
        move("confirm_delivery", "approved", "in_delivery", to="in_delivery"),
        move("pay_instalment", "approved", "in_delivery", to="in_delivery"),
        move("reverse_payment", "in_delivery"),
        move("release_line", "approved", "in_delivery"),
        move("record_contact_attempt", "expected", *_THERE),
        move("declare_contact_lost", *_THERE),
        move("record_assessment", "expected", *_THERE),
        move("check_feasibility", "expected", *_THERE),
        move("give_help", *_THERE),
        move("propose_amendment", "approved", "in_delivery"),
        move("approve_amendment", "approved", "in_delivery"),
        move("return_amendment", "approved", "in_delivery"),
        move("record_visit", *_THERE),
        move("record_survey", *_THERE),
        move("close_assistance", *_THERE, to="closed"),
        # The facts and the plan then say where it stands.
        move("reopen_assistance", "closed", to="arrived"),
    ),
)


class CaseClosedElsewhere(Problem):
    slug = "case-closed-elsewhere"
    status = 409
    title = "Registration has closed this case"
    remedy = "Close the assistance here, or ask registration to reopen the case if that was a mistake."


class NotArrivedYet(Problem):
    slug = "not-arrived-yet"
    status = 409
    title = "Nobody this is meant for has arrived yet"
    remedy = "Wait until travel has recorded the arrival; the case then shows who arrived and when."


class BeforeTheArrival(Problem):
    slug = "before-the-arrival"
    status = 422
    title = "That day lies before the arrival"
    remedy = "Give the day on which it happened; `arrived_on` is the day of the first arrival."


class NotOfThisCase(Problem):
    slug = "individual-not-of-this-case"
    status = 422
    title = "An individual that is named does not belong to this case"
    remedy = "Take the ids from the case's `individuals`."


def status_of(stage: str, plan: str | None, *, spent: bool, closed: bool) -> str:
    """The status that follows from the facts' stage (nobody, expected, arrived) and the plan's own status.

    Once a plan is approved the facts of the journey no longer move the case: what was promised is owed.
    """
    if closed:
        return "closed"
    if plan == "approved":
        return "in_delivery" if spent else "approved"
    if stage == "nobody":
        return "cancelled"
    if stage == "expected":
        return "expected"
    return "planning" if plan == "draft" else plan or "arrived"


def check_not_before(day: date, arrived: datetime) -> None:
    """Raises `BeforeTheArrival` for a day that had ended everywhere before the arrival."""
    if day < (arrived.astimezone(UTC) - FARTHEST_WEST).date():
        raise BeforeTheArrival(arrived_on=arrived.date().isoformat())
