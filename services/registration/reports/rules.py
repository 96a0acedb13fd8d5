"""What a report may show. Pure."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from shared.problems import Problem

LEAST = 5
"""Of fewer people no number is given: in a small group a number can say who."""
MONTHS = 12

DEFINITION = (
    "People who departed with our assistance in the month, by the day (UTC) of departure, each counted once a month, "
    "by the categories of vulnerability recorded for them; of a year, the sum of its months. Somebody may be in "
    "several categories. Not counted: who was not admitted on the way. As known here at the position `as_known_at`, "
    "which is that of an edition: one is made each month. In a later edition the number of a month changes only where "
    "it has changed by five or more, and one that was suppressed at first stays so; what became known later changes "
    "later answers, and never this one. Provisional until the year is validated."
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


class EditionMissing(Problem):
    slug = "report-edition-missing"
    status = 409
    title = "There is no edition of that report yet"
    remedy = (
        "Ask again without `as_known_at`, or for an earlier month. An edition is made each month by the worker; in "
        "development by who sends POST /report-editions after the month or year is over."
    )


def month_of(day: date) -> date:
    """Its first day."""
    return day.replace(day=1)


def check_period(since: date, as_of: date, today: date) -> list[tuple[date, date]]:
    """The months of it, first and last day of each. Raises `PeriodNotWhole`, for of two reports whose days differ by
    one the difference can be one person, and `PeriodNotOver`."""
    year = [_month(since.year, number) for number in range(1, MONTHS + 1)]
    months = year if (since, as_of) == (year[0][0], year[-1][1]) else [_month(since.year, since.month)]
    if (since, as_of) != (months[0][0], months[-1][1]):
        raise PeriodNotWhole()
    if as_of >= today:
        raise PeriodNotOver()
    return months


def _month(year: int, number: int) -> tuple[date, date]:
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def check_editions(editions: Sequence[tuple[date, int]], as_of: date, asked: int | None) -> list[tuple[date, int]]:
    """The editions, as month and position in their order, up to the one that is given: the last one of them that is
    not past the position asked for. Raises `EditionMissing` where none of them was made after the period."""
    found = [(month, position) for month, position in editions if asked is None or position <= asked]
    if not any(month > as_of for month, _ in found):
        raise EditionMissing()
    return found


def shown_count(count: int) -> int | None:
    """The number, or None where it is suppressed. None of them is told as 0, which says nothing of anybody."""
    return count if count == 0 or count >= LEAST else None


def told_count(editions: Sequence[int]) -> int:
    """What is told of a month after these counts of its editions, the first one first: two editions that differ by
    less than five would tell one person when they are subtracted, and a small one that is told later would tell itself
    by what the year has grown."""
    told, *later = editions
    for count in later:
        if shown_count(told) is not None is not shown_count(count) and abs(count - told) >= LEAST:
            told = count
    return told


def shown_cell(months: Sequence[int]) -> int | None:
    """The sum as `shown_count`; of a year also None where it less the months that are shown would tell a month that is
    not: where those that are not are too few together, or can only be all ones or all fours."""
    small = [each for each in months if shown_count(each) is None]
    if small and not max(LEAST - 1, len(small)) < sum(small) < len(small) * (LEAST - 1):
        return None
    return shown_count(sum(months))
