"""What a correction changes. Pure."""

from collections.abc import Collection, Iterable, Mapping
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


class FewerWouldSign(Problem):
    slug = "fewer-would-sign"
    status = 409
    title = "With this correction fewer would sign for the child than before"
    remedy = (
        "Leave in `responsible` everyone who is named there, or name nobody: then protection looks at the child, and"
        " records who is responsible, with the paper. A parent who died leaves the case."
    )


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


def check_nobody_dropped(before: Collection[object], after: Collection[object]) -> None:
    """Responsible for a child, before and after. No correction of the desk ends a parental responsibility and leaves
    the other parent to sign alone; with nobody left it is protection that looks. Raises `FewerWouldSign`."""
    if after and not set(before) <= set(after):
        raise FewerWouldSign()
