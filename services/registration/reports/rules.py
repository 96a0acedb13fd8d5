"""What a report may show. Pure."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from shared.problems import Problem

LEAST = 5
"""Of fewer people no number is given: in a small group a number can say who."""
MONTHS = 12

DEFINITION = (
    "People who departed with our assistance in the month or the year, by the day (UTC) of departure, each "
    "counted once, by the categories of vulnerability recorded for them. Somebody may be in several categories. Not "
    "counted: who was not admitted on the way. As known here at the position `as_known_at`: what became known later "
    "changes later answers, and never this one. Provisional until the year is validated."
)


class PeriodNotWhole(Problem):
    slug = "period-not-whole"
    status = 422
    title = "This report is given of a whole month or a whole year alone"
    remedy = "Give the first and the last day of a calendar month, or of a calendar year, in `since` and `as_of`."


class PeriodNotOver(Problem):
    slug = "period-not-over"
    status = 422
    title = "That month or year is not over"
    remedy = "Ask on the day (UTC) after its last one, or for one before: day by day, the report would say who is who."


def check_period(since: date, as_of: date, today: date) -> list[tuple[date, date]]:
    """The months of a year, none of a month. Raises `PeriodNotWhole`, for of two reports whose days differ by one the
    difference can be one person, and `PeriodNotOver`."""
    year = [_month(since.year, number) for number in range(1, MONTHS + 1)]
    months = year if (since, as_of) == (year[0][0], year[-1][1]) else []
    if not months and (since, as_of) != _month(since.year, since.month):
        raise PeriodNotWhole()
    if as_of >= today:
        raise PeriodNotOver()
    return months


def _month(year: int, number: int) -> tuple[date, date]:
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def shown_count(count: int) -> int | None:
    """The number, or None where it is suppressed. None of them is told as 0, which says nothing of anybody."""
    return count if count == 0 or count >= LEAST else None


def shown_cell(count: int, months: Sequence[int]) -> int | None:
    """As `shown_count`; of a year also None where it less the months that are shown would tell a month that is not:
    where those that are not are too few together, or can only be all ones or all fours."""
    small = [each for each in months if shown_count(each) is None]
    if small and not max(LEAST - 1, len(small)) < sum(small) < len(small) * (LEAST - 1):
        return None
    return shown_count(count)
