"""What a report may show. Pure."""

from datetime import date

from shared.problems import Problem

LEAST = 5
"""Of fewer people no number is given: in a small group a number can say who."""

DEFINITION = (
    "People who departed with our assistance between the two days, both included, by the day (UTC) of departure, each "
    "counted once, by the categories of vulnerability recorded for them. Somebody may be in several categories. Not "
    "counted: who was not admitted on the way. As known here at the position `as_known_at`: what became known later "
    "changes later answers, and never this one. Provisional until the year is validated."
)


class DaysTurned(Problem):
    slug = "days-turned"
    status = 422
    title = "The first day lies after the last"
    remedy = "Give `since` as the same day as `as_of` or an earlier one."


def check_days(since: date, as_of: date) -> None:
    """Raises `DaysTurned`."""
    if since > as_of:
        raise DaysTurned()


def shown_count(count: int) -> int | None:
    """The number, or None where it is suppressed. None of them is told as 0, which says nothing of anybody."""
    return count if count == 0 or count >= LEAST else None
