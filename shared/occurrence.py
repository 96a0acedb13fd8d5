"""When something happened, as against when it was recorded.

The person who records it says when it happened. In the past it needs a reason, and beyond a window evidence; in the
future it is refused.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from shared.act import Act
from shared.fields import AwareTime, Body, Line
from shared.problems import Problem

AT_ONCE = timedelta(hours=1)
"""Recorded within this time needs no reason: people finish the conversation first."""
WITHOUT_EVIDENCE = timedelta(days=7)
"""Recorded later than this needs a paper that shows it."""
CLOCKS_DIFFER = timedelta(minutes=5)


FARTHEST_EAST = timedelta(hours=14)
FARTHEST_WEST = timedelta(hours=12)
"""Days are said in local time: somewhere one begins this much before it does in UTC, somewhere it ends later."""


class LateReason(StrEnum):
    NETWORK_DOWN = "network_down"
    PAPER_FORM = "paper_form"
    TOLD_LATER = "told_later"
    CORRECTION = "correction"


class Occurrence(Body):
    """Mixed into the bodies that record a happening. Left out, it happened now."""

    occurred_at: AwareTime | None = None
    late_reason: LateReason | None = None
    evidence: Line | None = None


class OnADay(Body):
    """Mixed into the bodies that record a happening by its day: why it is told only now, and what shows it."""

    late_reason: LateReason | None = None
    evidence: Line | None = None


class InTheFuture(Problem):
    slug = "in-the-future"
    status = 422
    title = "That has not happened yet"
    remedy = "Record it when it has happened; `now` is the business time this service goes by."


class LateReasonMissing(Problem):
    slug = "late-reason-missing"
    status = 422
    title = "Something recorded afterwards needs a reason"
    remedy = "Say `late_reason`: network_down, paper_form, told_later or correction."


class EvidenceMissing(Problem):
    slug = "evidence-missing"
    status = 422
    title = "Something recorded this long afterwards needs evidence"
    remedy = "Give in `evidence` the reference of the paper that shows when it happened."


def when(act: Act, said: Occurrence) -> datetime:
    """The business moment of a happening. Raises `InTheFuture`, `LateReasonMissing`, `EvidenceMissing`."""
    if said.occurred_at is None:
        return act.now
    late = act.now - said.occurred_at
    if late < -CLOCKS_DIFFER:
        raise InTheFuture(now=act.now.isoformat())
    if late > AT_ONCE and said.late_reason is None:
        raise LateReasonMissing()
    if late > WITHOUT_EVIDENCE and said.evidence is None:
        raise EvidenceMissing()
    return min(said.occurred_at, act.now)


def on_day(act: Act, day: date, said: OnADay | None = None) -> datetime:
    """The business moment of a happening known by its day: now if it is that day somewhere, else noon of it in UTC.

    `said` None where the record is itself the paper that shows the day (a receipt, a certificate). Raises as `when`.
    """
    if day > (act.now + FARTHEST_EAST).date():
        raise InTheFuture(now=act.now.isoformat())
    if day >= (act.now - FARTHEST_WEST).date():
        return act.now
    noon = datetime.combine(day, time(12), UTC)
    if said is not None:
        when(act, Occurrence(occurred_at=noon, late_reason=said.late_reason, evidence=said.evidence))
    return noon
