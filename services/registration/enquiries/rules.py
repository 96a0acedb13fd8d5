"""What people ask, and requests for return by week. Source of topic codes: domain.md, section 6 (hotline)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from shared.problems import Problem


class Topic(StrEnum):
    RETURN = "return"
    ASYLUM = "asylum"
    ENTRY_AND_TRANSIT = "entry_and_transit"
    RELIEF = "relief"
    HEALTH = "health"
    FAMILY = "family"
    DOCUMENTS = "documents"
    SAFETY = "safety"
    OTHER = "other"


class Urgency(StrEnum):
    ORDINARY = "ordinary"
    SOON = "soon"
    DISTRESS = "distress"


class DistressWithoutPlace(Problem):
    slug = "distress-without-place"
    status = 422
    title = "Somebody in distress cannot be found without a place"
    remedy = "Give in `place` what is known of where they are, and in `referred_to` who was told."


class AnsweredAlready(Problem):
    slug = "enquiry-answered-already"
    status = 409
    title = "That call-back was made before"
    remedy = "Record a new enquiry if they called again."


REQUESTS: Final = (
    "Requests for return by ISO week and channel: enquiries whose topic is return. A case that was registered is not "
    "counted again; an enquiry says in `case_id` which case it became. By the day (UTC) on which somebody asked. Every "
    "week of the period is there, and in it every channel that was used in the period; the first and the last week "
    "count only their days within it."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """How many asked on one day by one channel."""

    on: date
    channel: str
    count: int


@dataclass(frozen=True, slots=True)
class Week:
    """`week`: as 2021-W49; `first_day` is its Monday."""

    week: str
    first_day: date
    by_channel: dict[str, int]

    @property
    def count(self) -> int:
        return sum(self.by_channel.values())


def by_week(asked: Collection[Asked], since: date, until: date) -> list[Week]:
    """Every week that has a day in the period, with every channel that somebody used in it: a week in which nobody
    asked is told as 0, for a fall is seen by it."""
    channels = sorted({each.channel for each in asked})
    first = since - timedelta(days=since.weekday())
    weeks = {monday: dict.fromkeys(channels, 0) for monday in _mondays(first, until)}
    for each in asked:
        weeks[each.on - timedelta(days=each.on.weekday())][each.channel] += each.count
    return [Week(_name(monday), monday, counts) for monday, counts in weeks.items()]


def _mondays(first: date, until: date) -> list[date]:
    return [first + timedelta(days=days) for days in range(0, (until - first).days + 1, 7)]


def _name(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def check_distress(urgency: Urgency, place: str | None, referred_to: str | None) -> None:
    """Raises `DistressWithoutPlace`."""
    if urgency is Urgency.DISTRESS and not (place and referred_to):
        raise DistressWithoutPlace()
