"""Which days can be asked for."""

from datetime import date, timedelta
from typing import Final

from shared.problems import Problem

LONGEST: Final = timedelta(days=62)
"""Nobody is booked farther ahead."""


class DaysCannotBeAsked(Problem):
    slug = "days-cannot-be-asked"
    status = 422
    title = "Those days cannot be asked for at once"
    remedy = "Give `until` as the same day as `since` or a later one, at most 62 days later."


def check_days(since: date, until: date) -> None:
    """Raises `DaysCannotBeAsked`."""
    if not since <= until <= since + LONGEST:
        raise DaysCannotBeAsked()
