"""Reasons of holds, and who a hold can still stop. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.problems import Problem


class HoldReason(StrEnum):
    SAFETY = "safety"
    PROTECTION = "protection"
    MEDICAL = "medical"
    DOCUMENT = "document"
    CAPACITY = "capacity"
    OTHER = "other"


ENDS_BY_ITSELF = (HoldReason.DOCUMENT, HoldReason.OTHER)
"""Released once their day has passed. What is for safety, protection, health or capacity a person looks at first."""


class DepartureAlreadyCleared(Problem):
    slug = "departure-already-cleared"
    status = 409
    title = "The doors have closed on somebody named here"
    remedy = "A hold stops nobody who is cleared or gone. Ask the airport desk to take them off; then place the hold."


class HoldOverAlready(Problem):
    slug = "hold-over-already"
    status = 422
    title = "A hold cannot end before the day it is placed"
    remedy = "Give in `until` today (UTC) or a later day, or leave it out: then a person releases the hold."


class HoldReleasedAlready(Problem):
    slug = "hold-released-already"
    status = 409
    title = "That hold was released before"
    remedy = "Nothing needs to be done."


def check_until(until: date | None, today: date) -> None:
    """Raises `HoldOverAlready`: the next review would release it before it stopped anybody."""
    if until is not None and until < today:
        raise HoldOverAlready(until=until.isoformat(), today=today.isoformat())


def check_can_be_held(statuses: Sequence[tuple[UUID, str]]) -> None:
    """Raises `DepartureAlreadyCleared`, naming those who are cleared."""
    cleared = [individual for individual, status in statuses if status == "cleared"]
    if cleared:
        raise DepartureAlreadyCleared(cleared=cleared)
