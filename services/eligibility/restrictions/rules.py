"""Whether a destination is suspended on a date: true, false, or not to be told without the area."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, Protocol

import pycountry
from pydantic import AfterValidator, WithJsonSchema

from shared.fields import refused
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


class AreaElsewhere(Problem):
    slug = "area-elsewhere"
    status = 422
    title = "That area is not in that country"
    remedy = "Give a code of ISO 3166-2 that belongs to `country`, or leave `area` out for the whole country."


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
    """Whether returns to a country, and area of it, are suspended. None: an area of it is, and the area is unknown, or
    was named in words that cannot be compared with a code."""
    there = [r for r in restrictions if r.country == country and is_in_force(r, on)]
    if any(r.area is None or (area is not None and same_area(r.area, area)) for r in there):
        return True
    if any(area is None or (is_area_code(r.area or "") and not is_area_code(area)) for r in there):
        return None
    return False


_A_CODE: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_AREAS: Final = {area.code: str(area.country.alpha_3) for area in pycountry.subdivisions}


def is_area_code(area: str) -> bool:
    """Whether it looks like a code of ISO 3166-2."""
    return _A_CODE.fullmatch(area) is not None


def known_area(area: str) -> str:
    """A code of ISO 3166-2. Raises ValueError."""
    if area not in _AREAS:
        raise refused("unknown_code", "must be a code of ISO 3166-2, such as IQ-AR")
    return area


AreaCode = Annotated[
    str,
    AfterValidator(known_area),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}-[A-Z0-9]{1,3}$", "description": "ISO 3166-2"}),
]


def check_area(country: str, area: str | None) -> None:
    """Raises `AreaElsewhere`."""
    if area is not None and _AREAS.get(area) != country:
        raise AreaElsewhere()


def same_area(one: str, other: str) -> bool:
    """Areas are compared as they are named; upper and lower case do not matter."""
    return one.casefold() == other.casefold()


def check_lifting(valid_from: date, lifted_before: date | None, lifted_on: date) -> None:
    """Raises `RestrictionAlreadyLifted` or `RestrictionDatesImpossible`."""
    if lifted_before is not None:
        raise RestrictionAlreadyLifted(lifted_on=lifted_before.isoformat())
    check_dates(valid_from, lifted_on)


def check_dates(first: date, last: date | None) -> None:
    """Raises `RestrictionDatesImpossible`."""
    if last is not None and last < first:
        raise RestrictionDatesImpossible()
