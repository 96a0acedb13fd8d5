"""Help right after the arrival, and until when it is given. Source: domain.md, section 1: the short-term window of the
EU reintegration programme is at most 14 working days after arrival. Which days are no working days is provisional, and
knows weekends only, no holidays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from shared.problems import Problem

_SATURDAY_SUNDAY: Final = frozenset({5, 6})
_FRIDAY_SATURDAY: Final = frozenset({4, 5})


class Help(StrEnum):
    """What is given."""

    RECEPTION = "reception"
    ONWARD_TRANSPORT = "onward_transport"
    TEMPORARY_LODGING = "temporary_lodging"
    MEDICAL_SUPPORT = "medical_support"
    PSYCHOSOCIAL_SUPPORT = "psychosocial_support"
    FOOD_AND_ITEMS = "food_and_items"
    FAMILY_REUNION = "family_reunion"


@dataclass(frozen=True, slots=True)
class Window:
    """So many working days from the day after the arrival. `weekends`: by country, days as `date.weekday()` says."""

    working_days: int
    weekends: Mapping[str, frozenset[int]] = field(default_factory=dict)
    provisional: bool = True

    def weekend_in(self, country: str | None) -> frozenset[int]:
        return self.weekends.get(country or "", _SATURDAY_SUNDAY)


WINDOW: Final = Window(
    working_days=14,
    weekends=dict.fromkeys(("IRQ", "EGY", "SYR", "DZA", "JOR", "SDN", "LBY"), _FRIDAY_SATURDAY),
)


class PostArrivalWindowOver(Problem):
    slug = "post-arrival-window-over"
    status = 409
    title = "The window for help right after the arrival is over"
    remedy = "`until` was its last day. Plan what is still needed in the reintegration plan."


def last_day(arrived: date, country: str | None, window: Window = WINDOW) -> date:
    """The last day of the window."""
    weekend = window.weekend_in(country)
    day, left = arrived, window.working_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() not in weekend
    return day


def check_in_window(day: date, arrived: date, country: str | None, window: Window = WINDOW) -> None:
    """Raises `PostArrivalWindowOver`."""
    until = last_day(arrived, country, window)
    if day > until:
        raise PostArrivalWindowOver(until=until.isoformat())
