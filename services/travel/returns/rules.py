"""What counts as a return, over which days, and shares of it."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from shared.problems import Problem

DEFINITION: Final = (
    "Persons who departed on a flight of the programme, each departure once, from `since` to `as_of`, both days "
    "included, by the day (UTC) of departure. Not counted: who was not admitted on the way. `year_to_date`: all of "
    "them, of every airport, site and kind, from 1 January of the year of `as_of`; `share` is of that, in per cent, "
    "and null where `since` lies in an earlier year. As known when the fact at `as_known_at` was told: what was "
    "entered later changes later answers, and never this one."
)
SMALLEST_SHOWN: Final = 5
"""Cells with fewer persons are not shown to the public (domain.md, section 8)."""
A_HUNDRED: Final = Decimal(100)


class By(StrEnum):
    """What returns are told apart by."""

    NATIONALITY = "nationality"
    DESTINATION = "destination"
    SEX = "sex"
    AGE_GROUP = "age_group"
    SITE = "site"
    FLIGHT_KIND = "flight_kind"
    MONTH = "month"


class DaysTurned(Problem):
    slug = "days-turned"
    status = 422
    title = "The first day lies after the last"
    remedy = "Give `since` as the same day as `as_of` or an earlier one."


class PositionUnknown(Problem):
    slug = "position-unknown"
    status = 422
    title = "Nothing was told at that position yet"
    remedy = "Leave `as_known_at` out for what is known now, or give the position that an earlier report named."


def check_days(since: date, as_of: date) -> None:
    """Raises `DaysTurned`."""
    if since > as_of:
        raise DaysTurned()


def share(part: int, whole: int) -> Decimal | None:
    """Per cent to one decimal, a half rounded up; None of nothing."""
    if not whole:
        return None
    return (A_HUNDRED * part / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def shown_to_the_public(counts: Mapping[str | None, int]) -> dict[str | None, int | None]:
    """Small cells are hidden, and with them the next smallest until five persons are: what is hidden could else be
    worked out from the total."""
    hidden = {key for key, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    rest = sorted((count, str(key), key) for key, count in counts.items() if key not in hidden and count)
    while hidden and rest and (len(hidden) == 1 or sum(counts[key] for key in hidden) < SMALLEST_SHOWN):
        hidden.add(rest.pop(0)[2])
    return {key: None if key in hidden else count for key, count in counts.items()}
