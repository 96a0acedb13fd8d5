"""What counts as a return, over which days, and shares of it."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
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
    "entered later changes later answers, and never this one. To the public, of a month or a year that is over, "
    "without `year_to_date` and `share`, and without cells of fewer than five and those that would tell one."
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


class PublicReportNotWhole(Problem):
    slug = "public-report-not-whole"
    status = 422
    title = "To the public, this report is given whole: of a month or a year that is over, of everywhere, as known now"
    remedy = (
        "Give the first and the last day of a month or a year, and leave `from_airport`, `site`, `flight_kind` and "
        "`as_known_at` out: two reports that differ by little would, subtracted, tell of one person."
    )


def check_public(since: date, as_of: date, today: date, *, whole: bool) -> list[tuple[date, date]]:
    """The months of the year, none of a month. `whole`: nothing is left out of it. Raises `PublicReportNotWhole`."""
    year = [_month(since.year, number) for number in range(1, 13)]
    months = year if (since, as_of) == (year[0][0], year[-1][1]) else []
    if not whole or as_of >= today or not (months or (since, as_of) == _month(since.year, since.month)):
        raise PublicReportNotWhole()
    return months


def _month(year: int, number: int) -> tuple[date, date]:
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def check_days(since: date, as_of: date) -> None:
    """Raises `DaysTurned`."""
    if since > as_of:
        raise DaysTurned()


def share(part: int, whole: int) -> Decimal | None:
    """Per cent to one decimal, a half rounded up; None of nothing."""
    if not whole:
        return None
    return (A_HUNDRED * part / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


Counts = Mapping[str | None, int]


def shown_to_the_public(counts: Counts, months: Sequence[Counts] = ()) -> dict[str | None, int | None]:
    """Small cells are hidden, and with them the next smallest until five persons are: what is hidden could else be
    worked out from the total. `months`: of a year, whose cell is hidden, too, where it less those of the months that
    are shown would tell one of a month that is hidden."""
    hidden = {key for key, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    shown = [shown_to_the_public(each) for each in months]
    for key in counts:
        hidden_months = [
            each[key] for each, of_month in zip(months, shown, strict=True) if of_month.get(key, 0) is None
        ]
        if would_tell(hidden_months):
            hidden.add(key)
    rest = sorted((count, str(key), key) for key, count in counts.items() if key not in hidden and count)
    while hidden and rest and (len(hidden) == 1 or sum(counts[key] for key in hidden) < SMALLEST_SHOWN):
        hidden.add(rest.pop(0)[2])
    return {key: None if key in hidden else count for key, count in counts.items()}


def would_tell(hidden: Sequence[int]) -> bool:
    """Whether the sum of these would tell one of them: where there is but one, where they are few together, and where
    they can only be all ones or all fours."""
    together = sum(hidden)
    return len(hidden) == 1 or 0 < together < SMALLEST_SHOWN or together in {0, len(hidden), 4 * len(hidden)} - {0}


def total_shown_to_the_public(count: int, months: Sequence[int] = ()) -> int | None:
    """The number, hidden where it is small, and of a year where it would tell a month that is."""
    small = [each for each in months if 0 < each < SMALLEST_SHOWN]
    return None if 0 < count < SMALLEST_SHOWN or would_tell(small) else count


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
