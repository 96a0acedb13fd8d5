"""What a check must say. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.contracts.registration import Fitness
from shared.problems import Problem

CLOCKS_DIFFER = timedelta(minutes=5)


class Support(StrEnum):
    """What must be arranged for the journey."""

    MEDICAL_ESCORT = "medical_escort"
    ESCORT = "escort"
    WHEELCHAIR = "wheelchair"
    OXYGEN = "oxygen"
    STRETCHER = "stretcher"
    EXTRA_SEAT = "extra_seat"


class CheckUnclear(Problem):
    slug = "check-unclear"
    status = 422
    title = "The check does not say what a check must say"
    remedy = "`why` says what must be so. Nothing was changed."


def check_fitness(
    outcome: Fitness, support: Sequence[Support], checked_at: datetime, fly_before: date | None, now: datetime
) -> None:
    """Raises `CheckUnclear`."""
    if checked_at > now + CLOCKS_DIFFER:
        raise CheckUnclear(why="a check is recorded when it has been made")
    if fly_before is not None and fly_before < checked_at.date():
        raise CheckUnclear(why="`fly_before` does not lie before the check")
    if (outcome is Fitness.FIT_WITH_SUPPORT) != bool(support):
        raise CheckUnclear(why="`support` is named for fit_with_support, and for nothing else")
