"""What counts as a return, over which days, and shares of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.problems import Problem

DEFINITION: Final = (
    "Persons who departed on a flight of the programme, each departure once, from `since` to `as_of`, both days "
    "included, by the day (UTC) of departure. Not counted: who was not admitted on the way, and the departures of a "
    "second record of a person who departed under the record that stands. `year_to_date`: all of "
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


def year_shown_to_the_public(count: int, year: int, *, within: bool) -> int | None:
    """The sum of the year, hidden where it is small; and where it is little more than the count beside it that is of
    the same year (`within`), since the difference would be the small number."""
    rest = year - count if within and count >= SMALLEST_SHOWN else 0
    return None if 0 < year < SMALLEST_SHOWN or 0 < rest < SMALLEST_SHOWN else year


@dataclass(frozen=True, slots=True)
class Left:
    """A departure in the ledger that is a return by itself."""

    departure: UUID
    individual: UUID
    on: date


def counted_beside_another(links: Iterable[tuple[UUID, UUID]], left: Iterable[Left]) -> set[UUID]:
    """The departures that are not counted, since the same person is counted under another record.

    `links`: pairs of a record and the one that stands for it, whose chains are followed. Of one person's records the
    one that stands is counted if it departed, else the one that left first.
    """
    stands = dict(links)
    by_person: dict[UUID, list[Left]] = {}
    for each in left:
        by_person.setdefault(_who_stands(stands, each.individual), []).append(each)
    found = set()
    for person, every in by_person.items():
        first = min(every, key=lambda one: (one.individual != person, one.on, one.departure))
        found |= {each.departure for each in every if each.individual != first.individual}
    return found


def _who_stands(stands: Mapping[UUID, UUID], individual: UUID) -> UUID:
    seen = {individual}
    while individual in stands and stands[individual] not in seen:
        individual = stands[individual]
        seen.add(individual)
    return individual
