"""What a report may show. Pure."""

LEAST = 5
"""Of fewer people no number is given: in a small group a number can say who."""

DEFINITION = (
    "People who departed with our assistance between the two days, each counted once, by the categories of "
    "vulnerability recorded for them by the moment it is known at. Somebody may be in several categories. Provisional "
    "until the year is validated."
)


def shown_count(count: int) -> int | None:
    """The number, or None where it is suppressed. None of them is told as 0, which says nothing of anybody."""
    return count if count == 0 or count >= LEAST else None
