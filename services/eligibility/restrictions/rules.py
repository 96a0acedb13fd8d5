"""Whether a destination is suspended on a date: true, false, or not to be told without the area."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from shared.problems import Problem


class RestrictionAlreadyLifted(Problem):
    slug = "restriction-already-lifted"
    status = 409
    title = "That restriction was lifted before"
    remedy = "`lifted_on` says since when. Set a new restriction where returns are suspended again."


class RestrictionDatesImpossible(Problem):
    slug = "restriction-dates-impossible"
    status = 422
    title = "A restriction cannot end before it begins"
    remedy = "Give dates in order: valid_from first, then valid_until or lifted_on."


class Suspension(Protocol):
    """A restriction, as a row or as data. `lifted_on`: the first day returns are open again."""

    @property
    def country(self) -> str: ...
    @property
    def area(self) -> str | None: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...
    @property
    def lifted_on(self) -> date | None: ...


def is_in_force(restriction: Suspension, on: date) -> bool:
    """Both `valid_from` and `valid_until` are days of the suspension; `lifted_on` is none."""
    begun = restriction.valid_from <= on
    ended = restriction.valid_until is not None and restriction.valid_until < on
    lifted = restriction.lifted_on is not None and restriction.lifted_on <= on
    return begun and not ended and not lifted


def is_suspended(restrictions: Sequence[Suspension], country: str, area: str | None, on: date) -> bool | None:
    """Whether returns to a country, and area of it, are suspended. None: an area of it is, and the area is unknown."""
    there = [r for r in restrictions if r.country == country and is_in_force(r, on)]
    if any(r.area is None or (area is not None and same_area(r.area, area)) for r in there):
        return True
    return None if there and area is None else False


def same_area(one: str, other: str) -> bool:
    """Areas are compared as they are named; upper and lower case do not matter."""
    return one.casefold() == other.casefold()


def check_dates(first: date, last: date | None) -> None:
    """Raises `RestrictionDatesImpossible`."""
    if last is not None and last < first:
        raise RestrictionDatesImpossible()
