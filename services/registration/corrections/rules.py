"""What a correction changes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from services.registration.cases.rules import DatesImpossible
from shared.problems import Problem


class Why(StrEnum):
    TYPING_ERROR = "typing_error"
    TOLD_OTHERWISE = "told_otherwise"
    DOCUMENT_SEEN = "document_seen"
    CIRCUMSTANCES_CHANGED = "circumstances_changed"


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[Change]:
    """Those of the wanted values that differ from what is there."""
    return [Change(name, before[name], value) for name, value in wanted.items() if before[name] != value]


class GoesNowhere(Problem):
    slug = "goes-nowhere"
    status = 422
    title = "The destination is the country the people are in"
    remedy = "Correct host country and destination together, so that they differ."


class Left(Protocol):
    departed_at: datetime


def check_left_after(day: date, departures: Iterable[Left], name: str) -> None:
    """Nobody leaves a country before coming into it, or before being born. `name`: of the field that holds the day.
    Days are local: one day of grace for the time zones between.

    Raises `DatesImpossible`.
    """
    first = min((each.departed_at.date() for each in departures), default=None)
    if first is not None and day > first + timedelta(days=1):
        raise DatesImpossible(why=f"{name} must not lie after the recorded departure")


def check_goes_elsewhere(case: Mapping[str, Any]) -> None:
    """Raises `GoesNowhere`."""
    if case["host_country"] == case["destination_country"]:
        raise GoesNowhere()
